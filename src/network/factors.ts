// Real factors as the integers that multiply and shift.

import { recordLimits } from './check-parameters.ts';

/** `multiplier * 2^-shift`: multiplier 0..65535, shift 1..47. */
export interface HalfUpFactor {
  readonly multiplier: number;
  readonly shift: number;
}

/** `multiplier * 2^(exponent - 31)`: multiplier 0 or 2^30..2^31-1. */
export interface TfliteFactor {
  readonly multiplier: number;
  readonly exponent: number;
}

/** The nearest half-up factor with the most multiplier bits; 65535/2 is the largest there is. */
export function halfUpFactor(real: number): HalfUpFactor {
  const [, widest] = recordLimits.halfUpMultiplier;
  const [least, most] = recordLimits.halfUpShift;
  const shift = Math.min(most, Math.max(least, Math.floor(Math.log2(widest / real))));
  return { multiplier: Math.min(widest, Math.round(real * 2 ** shift)), shift };
}

/** TensorFlow Lite's QuantizeMultiplier: exact to 31 bits; factors below 2^-32 become 0. */
export function tfliteFactor(real: number): TfliteFactor {
  if (real === 0) return { multiplier: 0, exponent: 0 };
  let exponent = Math.floor(Math.log2(real)) + 1;
  let fraction = real * 2 ** -exponent;
  // The logarithm may be rounded across a power of two.
  if (fraction >= 1) [fraction, exponent] = [fraction / 2, exponent + 1];
  if (fraction < 0.5) [fraction, exponent] = [fraction * 2, exponent - 1];
  let multiplier = Math.round(fraction * 2 ** 31);
  if (multiplier === 2 ** 31) [multiplier, exponent] = [2 ** 30, exponent + 1];
  return exponent < -31 ? { multiplier: 0, exponent: 0 } : { multiplier, exponent };
}
