// The logits alpha (blocks) and beta (bits) of all layers, stepped by Adam in plain numbers: they are a few dozen.

import { keepMass, largestIndex } from '../supernet/sampling.ts';
import { type Choices, layersOf, type SearchSpace } from '../supernet/space.ts';
import { defined } from '../util/errors.ts';
import { largestChoices } from './reference.ts';
import type { Axes } from './strategy.ts';

/** Adam's numbers for the logits. */
export interface AdamOptions {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
}

/** One group of logits with Adam's moments and how often each was stepped. */
export interface LogitGroup {
  readonly logits: number[];
  readonly means: number[];
  readonly squares: number[];
  readonly steps: number[];
}

/** Everything the search has decided so far; plain numbers, written into checkpoints as they are. */
export interface Architecture {
  /** alpha: a group per layer, a logit per candidate. */
  readonly blocks: readonly LogitGroup[];
  /** beta: a group per layer, a logit per bitwidth. */
  readonly bits: readonly LogitGroup[];
  /** Numbers of the strategy's own: relaxed parallel factors, a baseline, scores of points tried. */
  readonly own: LogitGroup;
  /** Axes that learn or have learned; the others stand at their largest choice. */
  settled: Axes;
  /** Networks the search would have ended with, or has tried, in order. */
  readonly proposals: Choices[];
}

/** Zeros, to be stepped. */
export function createGroup(length: number): LogitGroup {
  const zeros = (): number[] => new Array<number>(length).fill(0);
  return { logits: zeros(), means: zeros(), squares: zeros(), steps: zeros() };
}

/** Every choice equally likely, nothing learned. @param own the strategy's own numbers at their start */
export function createArchitecture(space: SearchSpace, own: readonly number[] = []): Architecture {
  const layers = layersOf(space);
  return {
    blocks: layers.map(({ candidates }) => createGroup(candidates.length)),
    bits: layers.map(() => createGroup(space.bits.length)),
    own: { ...createGroup(own.length), logits: [...own] },
    settled: { blocks: false, bits: false },
    proposals: [],
  };
}

/**
 * Steps the active logits of a group by Adam, then shifts them so that the inactive ones keep their probability.
 * Moments of inactive logits rest: a choice that was not looked at has learned nothing.
 */
export function stepGroup(
  group: LogitGroup,
  active: readonly number[],
  gradients: readonly number[],
  { learningRate, beta1, beta2 }: AdamOptions,
  keepsMass = true,
): void {
  const before = active.map((index) => group.logits[index] ?? 0);
  const after = active.map((index, k) => {
    const gradient = gradients[k] ?? 0;
    const steps = (group.steps[index] ?? 0) + 1;
    const mean = beta1 * (group.means[index] ?? 0) + (1 - beta1) * gradient;
    const square = beta2 * (group.squares[index] ?? 0) + (1 - beta2) * gradient ** 2;
    group.steps[index] = steps;
    group.means[index] = mean;
    group.squares[index] = square;
    const deviation = Math.sqrt(square / (1 - beta2 ** steps)) + 1e-8;
    return (before[k] ?? 0) - (learningRate * mean) / (1 - beta1 ** steps) / deviation;
  });
  (keepsMass ? keepMass(before, after) : after).forEach((logit, k) => {
    group.logits[active[k] ?? 0] = logit;
  });
}

/** Candidate and width of every layer that stand now, as indices: the most likely, or the largest of what has not learned. */
export function standingIndices(
  space: SearchSpace,
  { blocks, bits, settled }: Architecture,
): { readonly block: number; readonly bits: number }[] {
  const largest = largestChoices(space);
  return layersOf(space).map(({ index, candidates }) => {
    const choice = defined(largest[index], 'choice');
    return {
      block: settled.blocks
        ? largestIndex(defined(blocks[index], 'alpha').logits)
        : candidates.indexOf(choice.block),
      bits: settled.bits
        ? largestIndex(defined(bits[index], 'beta').logits)
        : space.bits.indexOf(choice.bits),
    };
  });
}

/** The network that stands now: the derived one at the end. */
export function deriveChoices(space: SearchSpace, architecture: Architecture): Choices {
  const standing = standingIndices(space, architecture);
  return layersOf(space).map(({ index, candidates }) => {
    const { block, bits } = defined(standing[index], 'layer');
    return {
      block: defined(candidates[block], 'block'),
      bits: defined(space.bits[bits], 'bits'),
    };
  });
}
