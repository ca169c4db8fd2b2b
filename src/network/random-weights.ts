// Random weights, and the bias and gain that let each channel's sums fill the output's range.

import type { Rng } from '../util/rng.ts';
import { recordLimits } from './check-parameters.ts';
import { halfUpFactor, tfliteFactor } from './factors.ts';
import { rangeOf } from './geometry.ts';
import type { ConvParameters, Requantization, Tensor } from './network.ts';
import type { RandomLimits } from './random-limits.ts';

/** Sizes of the operator that gets the parameters. */
export interface WeightSizes {
  readonly channels: number;
  /** Products of one sum. */
  readonly taps: number;
  readonly weightBits: number;
}

/** Sums stay this far below the 32-bit accumulator, whatever the widths. */
const largestSum = 2 ** 29;
/** The largest factor a tflite exponent of 7 can hold. */
const largestGain = 100;

/** Parameters for random inputs, taken as uniform over the input's range. */
export function randomParameters(
  rng: Rng,
  limits: RandomLimits,
  sizes: WeightSizes,
  input: Tensor,
  output: Tensor,
  rounding: 'double' | 'single',
): ConvParameters {
  const { channels, taps, weightBits } = sizes;
  const activations = 2 ** input.bits;
  const narrow = 2 ** (weightBits - 1) - 1;
  const bound = Math.min(narrow, Math.max(1, Math.floor(largestSum / (taps * activations))));
  const weights = new Int16Array(channels * taps).map(() => rng.integer(-bound, bound));
  const from = rangeOf(input);
  const mean = (from.low + from.high) / 2 - input.zeroPoint;
  const deviation = (activations - 1) / Math.sqrt(12);
  const to = rangeOf(output);
  const middle = (to.low + to.high) / 2 - output.zeroPoint;
  const gains: number[] = [];
  const bias = new Int32Array(channels).map((_, channel) => {
    const row = weights.subarray(channel * taps, (channel + 1) * taps);
    const sumDeviation = deviation * Math.sqrt(row.reduce((sum, w) => sum + w * w, 0) || 1);
    const sumMean = mean * row.reduce((sum, w) => sum + w, 0);
    // Two to six deviations across the output's range: some values clamp, most do not.
    const gain = Math.min(largestGain, 2 ** output.bits / (sumDeviation * (2 + 4 * rng.next())));
    gains.push(gain);
    const noise = (rng.next() - 0.5) * sumDeviation;
    return Math.round(middle / gain - sumMean + noise);
  });
  const form = rng.pick(limits.forms);
  const requantization =
    form === 'half-up' ? halfUp(rng, gains) : { ...tflite(rng, gains), rounding };
  return { weights, bias, requantization };
}

/** One channel in ten gets any record at all, so that shifts and saturation see their extremes. */
const wild = (rng: Rng): boolean => rng.next() < 0.1;

function halfUp(rng: Rng, gains: readonly number[]): Requantization & { form: 'half-up' } {
  const factors = gains.map((gain) =>
    wild(rng)
      ? {
          multiplier: rng.integer(...recordLimits.halfUpMultiplier),
          shift: rng.integer(...recordLimits.halfUpShift),
        }
      : halfUpFactor(gain),
  );
  return {
    form: 'half-up',
    multipliers: factors.map(({ multiplier }) => multiplier),
    shifts: factors.map(({ shift }) => shift),
  };
}

function tflite(rng: Rng, gains: readonly number[]) {
  const factors = gains.map((gain) =>
    wild(rng)
      ? {
          multiplier: rng.integer(...recordLimits.tfliteMultiplier),
          // No left shift here: the sums of a random channel need not leave room for it.
          exponent: rng.integer(recordLimits.tfliteExponent[0], 0),
        }
      : tfliteFactor(gain),
  );
  return {
    form: 'tflite' as const,
    multipliers: factors.map(({ multiplier }) => multiplier),
    exponents: factors.map(({ exponent }) => exponent),
  };
}
