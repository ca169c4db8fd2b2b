// The ends of a space: the network its costs are measured against, and the one that must meet a target if any can.

import {
  type BlockName,
  type Choices,
  extremeBits,
  layersOf,
  mbconvOf,
  type SearchSpace,
} from '../supernet/space.ts';

function size(name: BlockName): number {
  const block = mbconvOf(name);
  return block === undefined ? 0 : (block.expansion * block.kernel ** 2) / block.groups;
}

/** Every layer at its widest, deepest kernel and most bits. */
export function largestChoices(space: SearchSpace): Choices {
  return layersOf(space).map(({ candidates }) => ({
    block: candidates.reduce((best, name) => (size(name) > size(best) ? name : best)),
    bits: extremeBits(space.bits, 'most'),
  }));
}

/** Every layer at what computes least, nothing where it may vanish, and fewest bits. */
export function smallestChoices(space: SearchSpace): Choices {
  return layersOf(space).map(({ candidates }) => ({
    block: candidates.reduce((best, name) => (size(name) < size(best) ? name : best)),
    bits: extremeBits(space.bits, 'fewest'),
  }));
}
