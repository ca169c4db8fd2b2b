// From sums to stored integers, channel by channel.

import type {
  Clamp,
  HalfUpRequantization,
  Requantization,
  TfliteRequantization,
} from '../network/network.ts';
import { powerOfTwo, rescaleTfliteDouble, rescaleTfliteSingle } from './rescale.ts';
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
  return requantization.form === 'half-up'
    ? halfUpPass(work, requantization)
    : tflitePass(work, requantization);
}

function halfUpPass(work: ChannelRequantizer, form: HalfUpRequantization): Step {
  const { sums, pitch, columns, output, zeroPoint } = work;
  const { low, high } = work.clamp;
  const channels = columns.length;
  // As rescaleHalfUp, with bias and powers of two folded into one constant and one factor for each channel.
  const multipliers = Float64Array.from(form.multipliers);
  const scales = Float64Array.from(form.shifts, (shift) => powerOfTwo(-shift));
  const constants = Float64Array.from(
    form.shifts,
    (shift, channel) =>
      (work.bias[channel] ?? 0) * (multipliers[channel] ?? 0) + powerOfTwo(shift - 1),
  );
  return () => {
    let to = 0;
    for (let row = 0; row < sums.length; row += pitch) {
      for (let channel = 0; channel < channels; channel++, to++) {
        const sum = sums[row + (columns[channel] ?? 0)] ?? 0;
        const product = sum * (multipliers[channel] ?? 0) + (constants[channel] ?? 0);
        const value = Math.floor(product * (scales[channel] ?? 0)) + zeroPoint;
        output[to] = value < low ? low : value > high ? high : value;
      }
    }
  };
}

function tflitePass(work: ChannelRequantizer, form: TfliteRequantization): Step {
  const { sums, pitch, columns, output, bias, zeroPoint } = work;
  const { low, high } = work.clamp;
  const channels = columns.length;
  const multipliers = Int32Array.from(form.multipliers);
  const exponents = Int32Array.from(form.exponents);
  const rescale = form.rounding === 'double' ? rescaleTfliteDouble : rescaleTfliteSingle;
  return () => {
    let to = 0;
    for (let row = 0; row < sums.length; row += pitch) {
      for (let channel = 0; channel < channels; channel++, to++) {
        const sum = (sums[row + (columns[channel] ?? 0)] ?? 0) + (bias[channel] ?? 0);
        const rescaled = rescale(sum, multipliers[channel] ?? 0, exponents[channel] ?? 0);
        const value = rescaled + zeroPoint;
        output[to] = value < low ? low : value > high ? high : value;
      }
    }
  };
}
