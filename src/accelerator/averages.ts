// Averages without a divider: the multiplier and shift whose rounding is that of the exact quotient, where there is one.

import type { RequantizationForm } from './accelerator.ts';
import type { Layer } from './layers.ts';

/** A requantizer's factor: multiplier / 2^shift. */
export interface AverageScale {
  readonly multiplier: number;
  readonly shift: number;
}

/** Widths of the factor in each form. */
const limitsOf = {
  'half-up': { multiplierBits: 16, maxShift: 47 },
  tflite: { multiplierBits: 20, maxShift: 52 },
} as const;

/** Multiplier and shift whose half-up rounding equals sum / count, ties away from zero, for every reachable sum. */
export function averageScale(
  count: number,
  low: number,
  high: number,
  limits: { readonly multiplierBits: number; readonly maxShift: number } = limitsOf['half-up'],
): AverageScale | undefined {
  const largest = 2 ** limits.multiplierBits - 1;
  let shift = 1;
  while (shift < limits.maxShift && Math.floor(2 ** (shift + 1) / count) < largest) shift++;
  // Not below 1 / count, so that ties round up; strictly above where sums are negative, whose ties round down.
  const quotient = 2 ** shift / count;
  const multiplier = low < 0 ? Math.floor(quotient) + 1 : Math.ceil(quotient);
  for (let sum = low * count; sum <= high * count; sum++) {
    const exact = Math.sign(sum) * Math.floor((2 * Math.abs(sum) + count) / (2 * count));
    if (Math.floor((sum * multiplier + 2 ** (shift - 1)) / 2 ** shift) !== exact) return undefined;
  }
  return { multiplier, shift };
}

/** The factor of an average's layer, or undefined where none is exact over all values of its input. */
export function layerAverage(
  { input, kernel }: Pick<Layer, 'input' | 'kernel'>,
  form: RequantizationForm,
): AverageScale | undefined {
  const low = input.signed ? -(2 ** (input.bits - 1)) : 0;
  return averageScale(kernel[0] * kernel[1], low, low + 2 ** input.bits - 1, limitsOf[form]);
}
