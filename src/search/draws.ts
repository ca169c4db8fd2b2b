// The ways strategies draw paths and bits.

import { largestIndex, largestIndices, oneHot, perturb, softmax } from '../supernet/sampling.ts';
import type { BitSample, Draw, PathSample } from './strategy.ts';

const everyIndex = (logits: readonly number[]): number[] => logits.map((_, index) => index);

/** Index drawn with the given probabilities. */
function drawIndex(probabilities: readonly number[], uniform: number): number {
  let passed = 0;
  const found = probabilities.findIndex((probability) => {
    passed += probability;
    return uniform < passed;
  });
  return found < 0 ? probabilities.length - 1 : found;
}

/** The `paths` largest of the perturbed logits; shares by their softmax among themselves (Gumbel-softmax). */
export function gumbelPaths(paths: number): Draw<PathSample> {
  return (logits, temperature, rng) => {
    const perturbed = perturb(logits, rng);
    const active = largestIndices(perturbed, paths);
    return {
      active,
      support: active,
      shares: softmax(
        active.map((index) => perturbed[index] ?? 0),
        temperature,
      ),
      temperature,
    };
  };
}

/** The largest of the perturbed logits is computed alone; shares, and hence gradients, span all (straight-through). */
export const hardPath: Draw<PathSample> = (logits, temperature, rng) => {
  const perturbed = perturb(logits, rng);
  return {
    active: [largestIndex(perturbed)],
    support: everyIndex(logits),
    shares: softmax(perturbed, temperature),
    temperature,
  };
};

/** All paths, shares by softmax. */
export const allPaths: Draw<PathSample> = (logits) => {
  const every = everyIndex(logits);
  return { active: every, support: every, shares: softmax(logits), temperature: 1 };
};

/** All paths, shares by Gumbel-softmax. */
export const allPathsPerturbed: Draw<PathSample> = (logits, temperature, rng) => {
  const every = everyIndex(logits);
  const shares = softmax(perturb(logits, rng), temperature);
  return { active: every, support: every, shares, temperature };
};

/** One path drawn by its probability; no gradient but a score function's, over all logits. */
export const drawnPath: Draw<PathSample> = (logits, _temperature, rng) => {
  const shares = softmax(logits);
  return {
    active: [drawIndex(shares, rng.next())],
    support: everyIndex(logits),
    shares,
    temperature: 1,
  };
};

/** Two paths drawn by probability without replacement; which of them is open is drawn by their shares of each other. */
export const twoGates: Draw<PathSample> = (logits, _temperature, rng) => {
  const probabilities = softmax(logits);
  const first = drawIndex(probabilities, rng.next());
  if (logits.length === 1) return { active: [0], support: [0], shares: [1], temperature: 1 };
  const rest = probabilities.map((probability, index) => (index === first ? 0 : probability));
  const total = rest.reduce((sum, probability) => sum + probability, 0);
  const second = drawIndex(
    rest.map((probability) => probability / total),
    rng.next(),
  );
  const pair = [first, second];
  const shares = softmax(pair.map((index) => logits[index] ?? 0));
  const active = rng.next() < (shares[0] ?? 1) ? pair : [second, first];
  return {
    active,
    support: active,
    shares: active[0] === first ? shares : [...shares].reverse(),
    temperature: 1,
  };
};

/** One path, every candidate equally likely whatever its logit. */
export const uniformPath: Draw<PathSample> = (logits, _temperature, rng) => {
  const active = [rng.integer(0, logits.length - 1)];
  return { active, support: active, shares: [1], temperature: 1 };
};

/** The path that is settled. */
export function onlyPath(index: number): PathSample {
  return { active: [index], support: [index], shares: [1], temperature: 1 };
}

/** Gumbel-softmax shares of all widths, mixed as they are. */
export const softBits: Draw<BitSample> = (logits, temperature, rng) => {
  const soft = softmax(perturb(logits, rng), temperature);
  return { forward: soft, soft, temperature };
};

/** The largest share rounded to 1, gradients through the soft shares (straight-through). */
export const hardBits: Draw<BitSample> = (logits, temperature, rng) => {
  const { soft } = softBits(logits, temperature, rng);
  return { forward: oneHot(soft.length, largestIndex(soft)), soft, temperature };
};

/** Shares by softmax, without chance or temperature. */
export const plainBits: Draw<BitSample> = (logits) => {
  const soft = softmax(logits);
  return { forward: soft, soft, temperature: 1 };
};

/** One width drawn by its probability. */
export const drawnBits: Draw<BitSample> = (logits, _temperature, rng) => {
  const soft = softmax(logits);
  return { forward: oneHot(soft.length, drawIndex(soft, rng.next())), soft, temperature: 1 };
};

/** One width, each equally likely. */
export const uniformBits: Draw<BitSample> = (logits, _temperature, rng) => {
  const forward = oneHot(logits.length, rng.integer(0, logits.length - 1));
  return { forward, soft: forward, temperature: 1 };
};

/** The width that is settled. */
export function onlyBits(count: number, index: number): BitSample {
  const forward = oneHot(count, index);
  return { forward, soft: forward, temperature: 1 };
}
