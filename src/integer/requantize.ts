// From sums to stored integers, channel by channel.

import type { Clamp, Requantization } from '../network/network.ts';
import { rescaleTfliteDouble, rescaleTfliteSingle } from './rescale.ts';
import type { Step } from './step.ts';

/** What one operator's requantization reads and writes. */
export interface ChannelRequantizer {
  readonly requantization: Requantization;
  readonly clamp: Clamp;
  readonly zeroPoint: number;
  /** Added to each channel's sums. */
  readonly bias: Float64Array;
  /** [pixel][pitch] */
  readonly sums: Float64Array;
  readonly pitch: number;
  /** Position of each channel in a pixel's row of sums. */
  readonly columns: Int32Array;
  /** [pixel][channel] */
  readonly output: Float64Array;
}

/** Prepares the pass over all sums of an operator; its form is chosen once, not for each integer. */
export function channelRequantizer(work: ChannelRequantizer): Step {
  const { requantization } = work;
  if (requantization.form === 'half-up') return halfUp(work, requantization);
  const { multipliers, exponents, rounding } = requantization;
  const rescale = rounding === 'double' ? rescaleTfliteDouble : rescaleTfliteSingle;
  const { sums, pitch, columns, output, bias, zeroPoint, clamp } = work;
  return () => {
    for (let channel = 0; channel < columns.length; channel++) {
      const multiplier = multipliers[channel] ?? 0;
      const exponent = exponents[channel] ?? 0;
      const offset = bias[channel] ?? 0;
      let to = channel;
      for (let from = columns[channel] ?? 0; from < sums.length; from += pitch) {
        const value = rescale((sums[from] ?? 0) + offset, multiplier, exponent) + zeroPoint;
        output[to] = value < clamp.low ? clamp.low : value > clamp.high ? clamp.high : value;
        to += columns.length;
      }
    }
  };
}

function halfUp(
  work: ChannelRequantizer,
  { multipliers, shifts }: Extract<Requantization, { form: 'half-up' }>,
): Step {
  const { sums, pitch, columns, output, bias, zeroPoint } = work;
  const { low, high } = work.clamp;
  return () => {
    for (let channel = 0; channel < columns.length; channel++) {
      // As rescaleHalfUp, with the powers of two taken out of the loop and bias and zero point folded in.
      const shift = shifts[channel] ?? 1;
      const multiplier = multipliers[channel] ?? 0;
      const scale = 2 ** -shift;
      const constant = (bias[channel] ?? 0) * multiplier + 2 ** (shift - 1);
      let to = channel;
      for (let from = columns[channel] ?? 0; from < sums.length; from += pitch) {
        const rounded = Math.floor(((sums[from] ?? 0) * multiplier + constant) * scale);
        const value = rounded + zeroPoint;
        output[to] = value < low ? low : value > high ? high : value;
        to += columns.length;
      }
    }
  };
}
