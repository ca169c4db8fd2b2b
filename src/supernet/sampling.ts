// Chance and softmax over few logits, in plain numbers: sampled choices, their gradients, and the offset that keeps
// unsampled choices where they were.

import type { Rng } from '../util/rng.ts';

/** Softmax of logits over a temperature. */
export function softmax(logits: readonly number[], temperature = 1): number[] {
  const largest = Math.max(...logits);
  const masses = logits.map((logit) => Math.exp((logit - largest) / temperature));
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  return masses.map((mass) => mass / total);
}

/** Logits plus standard Gumbel noise: their largest is a sample of the softmax of the logits (Gumbel-max). */
export function perturb(logits: readonly number[], rng: Rng): number[] {
  // 1 - u lies in (0, 1]; the smallest positive number keeps the logarithm finite at 1.
  return logits.map((logit) => logit - Math.log(-Math.log(1 - rng.next()) + Number.MIN_VALUE));
}

/** Indices of the `count` largest values, largest first; equal values in their order. */
export function largestIndices(values: readonly number[], count: number): number[] {
  return values
    .map((value, index) => ({ value, index }))
    .sort((a, b) => b.value - a.value || a.index - b.index)
    .slice(0, count)
    .map(({ index }) => index);
}

/** Index of the largest value, the first of equals. */
export function largestIndex(values: readonly number[]): number {
  return largestIndices(values, 1)[0] ?? 0;
}

/** One 1 and zeros. */
export function oneHot(length: number, index: number): number[] {
  return Array.from({ length }, (_, i) => Number(i === index));
}

/**
 * Gradient by logits through shares = softmax(logits / temperature):
 * d/d logit_i = shares_i * (g_i - sum_j shares_j g_j) / temperature.
 */
export function softmaxGradient(
  shares: readonly number[],
  gradients: readonly number[],
  temperature: number,
): number[] {
  const mean = shares.reduce((sum, share, i) => sum + share * (gradients[i] ?? 0), 0);
  return shares.map((share, i) => (share * ((gradients[i] ?? 0) - mean)) / temperature);
}

/**
 * Stepped logits of the active choices, shifted by log(sum exp(old) / sum exp(new)): their mass together is what it
 * was, so every inactive choice keeps its probability.
 */
export function keepMass(before: readonly number[], after: readonly number[]): number[] {
  const offset = logSumExp(before) - logSumExp(after);
  return after.map((logit) => logit + offset);
}

function logSumExp(logits: readonly number[]): number {
  const largest = Math.max(...logits);
  return largest + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0));
}
