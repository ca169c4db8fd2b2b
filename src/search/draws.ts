// The ways strategies draw paths and bits.

import { largestIndex, largestIndices, oneHot, perturb, softmax } from '../supernet/sampling.ts';
import type { BitSample, Draw, PathSample } from './strategy.ts';

/** The `paths` largest of the perturbed logits; shares by their softmax among themselves (Gumbel-softmax). */
export function gumbelPaths(paths: number): Draw<PathSample> {
  return (logits, temperature, rng) => {
    const perturbed = perturb(logits, rng);
    const active = largestIndices(perturbed, paths);
    return {
      active,
      shares: softmax(
        active.map((index) => perturbed[index] ?? 0),
        temperature,
      ),
    };
  };
}

/** One path, every candidate equally likely whatever its logit. */
export const uniformPath: Draw<PathSample> = (logits, _temperature, rng) => ({
  active: [rng.integer(0, logits.length - 1)],
  shares: [1],
});

/** Gumbel-softmax shares of all widths, mixed as they are. */
export const softBits: Draw<BitSample> = (logits, temperature, rng) => {
  const soft = softmax(perturb(logits, rng), temperature);
  return { forward: soft, soft };
};

/** The largest share rounded to 1, gradients through the soft shares (straight-through). */
export const hardBits: Draw<BitSample> = (logits, temperature, rng) => {
  const { soft } = softBits(logits, temperature, rng);
  return { forward: oneHot(soft.length, largestIndex(soft)), soft };
};
