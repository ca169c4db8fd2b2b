// Where a learned quantization step starts: the step with the least squared error on a sample.

import type { Levels } from '../tensor/index.ts';

/** How much of the largest magnitude the levels may end at; clipping the tail buys resolution at few bits. */
const fractions = [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.42, 0.35, 0.28, 0.22, 0.17, 0.13];

function squaredError(sample: ArrayLike<number>, step: number, levels: Levels): number {
  let total = 0;
  for (let i = 0; i < sample.length; i += 1) {
    const value = sample[i] ?? 0;
    const level = Math.min(levels.high, Math.max(levels.low, Math.floor(value / step + 0.5)));
    total += (level * step - value) ** 2;
  }
  return total;
}

/** The step, among those that end at a fraction of the largest magnitude, with the least squared error. */
export function bestStep(sample: ArrayLike<number>, levels: Levels): number {
  let largest = 0;
  for (let i = 0; i < sample.length; i += 1) {
    const value = sample[i] ?? 0;
    largest = Math.max(largest, levels.low < 0 ? Math.abs(value) : value);
  }
  // A channel that is always zero can take any step.
  if (largest <= 0) return 1 / levels.high;
  let best = { step: largest / levels.high, error: Number.POSITIVE_INFINITY };
  for (const fraction of fractions) {
    const step = (largest * fraction) / levels.high;
    const error = squaredError(sample, step, levels);
    if (error < best.error) best = { step, error };
  }
  return best.step;
}

/** At most `count` values, evenly spaced, so that a large map is judged in a moment. */
export function thin(values: Float32Array, count: number): Float32Array {
  const stride = Math.max(1, Math.floor(values.length / count));
  return Float32Array.from(
    { length: Math.floor(values.length / stride) },
    (_, i) => values[i * stride] ?? 0,
  );
}
