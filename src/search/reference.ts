// The ends of a space: the network its costs are measured against, and the one that must meet a target if any can.

import {
  type BlockName,
  type Choices,
  extremeBits,
  layersOf,
  mbconvOf,
  type SearchSpace,
} from '../supernet/space.ts';
import type { CostModel } from './hardware.ts';
import type { CostTerm } from './objective.ts';
import type { Preset } from './preset.ts';

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

/** Cost as a preset weighs it: relative to the space's largest network on its accelerator. */
export function relativeCost({ space, search }: Preset, costModel: CostModel<unknown>): CostTerm {
  const { epochCycles } = costModel.solve(largestChoices(space));
  return { weight: search.costWeight, form: search.costForm, targetCycles: epochCycles };
}
