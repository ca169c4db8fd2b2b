// Integers that multiply, shift and add so that a sum crosses every quantization threshold where the model does.

import { rescaleHalfUp } from '../../integer/rescale.ts';
import { halfUpFactor } from '../../network/factors.ts';

/** One channel's way from a sum to a stored integer. */
export interface ChannelFit {
  readonly bias: number;
  readonly multiplier: number;
  readonly shift: number;
}

/** What the model does with one channel's sums, all of it known. */
export interface ChannelGoal {
  /** Stored integer of a sum; rises with it. */
  readonly stored: (sum: number) => number;
  /** Stored integers per step of the sum, and the stored integer of sum 0, both before rounding. */
  readonly gain: number;
  readonly offset: number;
  /** Sums there can be. */
  readonly least: number;
  readonly most: number;
  /** What weights and sums are multiplied by, so that the bias has finer steps. */
  readonly factor: number;
  /** Stored integers there can be. */
  readonly low: number;
  readonly high: number;
}

/** The least sum whose stored integer is at least `level`, between least and most + 1. */
function threshold({ stored, least, most }: ChannelGoal, level: number): number {
  let below = least - 1;
  let reached = most + 1;
  while (reached - below > 1) {
    const middle = Math.floor((below + reached) / 2);
    if (stored(middle) >= level) reached = middle;
    else below = middle;
  }
  return reached;
}

/** Threshold of each level above the lowest. */
export function thresholdsOf(goal: ChannelGoal): readonly number[] {
  return Array.from({ length: goal.high - goal.low }, (_, index) =>
    threshold(goal, goal.low + 1 + index),
  );
}

/** Whether the integers cross every threshold at the same sum. */
export function isExact(
  fit: ChannelFit,
  goal: ChannelGoal,
  thresholds: readonly number[],
  zeroPoint: number,
): boolean {
  const { bias, multiplier, shift } = fit;
  const reaches = (sum: number, level: number): boolean =>
    rescaleHalfUp(goal.factor * sum + bias, multiplier, shift) + zeroPoint >= level;
  return thresholds.every((sum, index) => {
    const level = goal.low + 1 + index;
    const before = sum - 1 < goal.least || !reaches(sum - 1, level);
    return before && (sum > goal.most || reaches(sum, level));
  });
}

/** The nearest integers, where no exact ones are asked for or found. */
export function nearestFit({ gain, offset, factor }: ChannelGoal, zeroPoint: number): ChannelFit {
  const bias = Math.round(((offset - zeroPoint) * factor) / gain);
  return { bias, ...halfUpFactor(gain / factor) };
}

/** Gains for which the sum with this bias crosses every threshold where it should; undefined for none. */
function gainRange(
  bias: number,
  goal: ChannelGoal,
  thresholds: readonly number[],
  zeroPoint: number,
): readonly [number, number] | undefined {
  let least = 0;
  let most = Number.MAX_VALUE;
  /** Requires sum * gain >= bound, or with `below` sum * gain < bound. */
  const demand = (sum: number, bound: number, below: boolean): void => {
    if (sum === 0) {
      if (below ? bound <= 0 : bound > 0) most = -1;
      return;
    }
    const limit = bound / sum;
    if (sum > 0 !== below) least = Math.max(least, limit);
    else most = Math.min(most, limit);
  };
  thresholds.forEach((sum, index) => {
    const bound = goal.low + 1 + index - zeroPoint - 0.5;
    if (sum <= goal.most) demand(goal.factor * sum + bias, bound, false);
    if (sum - 1 >= goal.least) demand(goal.factor * (sum - 1) + bias, bound, true);
  });
  return least <= most && most > 0 ? [least, most] : undefined;
}

/** Biases worth trying: around the model's own, around what the thresholds themselves suggest. */
function biasesToTry(
  goal: ChannelGoal,
  thresholds: readonly number[],
  zeroPoint: number,
): readonly number[] {
  const { gain, offset, factor, least, most, low } = goal;
  const around = (bias: number): number[] =>
    Math.abs(bias) <= 2 ** 30
      ? [0, 1, -1, 2, -2, 3, -3].map((step) => Math.round(bias) + step)
      : [];
  const own = around(((offset - zeroPoint) * factor) / gain);
  const places = thresholds.flatMap((sum, index) =>
    sum > least && sum <= most ? [{ sum: factor * sum, bound: low + 0.5 + index - zeroPoint }] : [],
  );
  const [first] = places;
  const last = places.at(-1);
  if (first === undefined || last === undefined) return own;
  if (last.sum > first.sum) {
    const slope = (last.bound - first.bound) / (last.sum - first.sum);
    return [...own, ...around(first.bound / slope - first.sum + 0.5)];
  }
  // A single place: any gain will do, so the bound may lie at any distance from zero.
  const distances = Array.from({ length: 24 }, (_, exponent) => 2 ** exponent);
  const side = (distance: number): number => (first.bound > 0 ? distance : 1 - distance);
  return [...own, ...distances.map((distance) => side(distance) - first.sum)];
}

/** Integers that give the model's stored integer for every sum there can be, where there are such. */
export function exactFit(
  goal: ChannelGoal,
  thresholds: readonly number[],
  zeroPoint: number,
): ChannelFit | undefined {
  const nominal = goal.gain / goal.factor;
  for (const bias of biasesToTry(goal, thresholds, zeroPoint)) {
    const range = gainRange(bias, goal, thresholds, zeroPoint);
    if (range === undefined) continue;
    const [least, most] = range;
    const middle = (least + Math.min(most, 2 * least + nominal)) / 2;
    for (const gain of [nominal, middle, least, most]) {
      if (!(gain >= least && gain <= most && gain > 0 && gain <= 32_767)) continue;
      const fit = { bias, ...halfUpFactor(gain) };
      if (isExact(fit, goal, thresholds, zeroPoint)) return fit;
    }
  }
  return undefined;
}
