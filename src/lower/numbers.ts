// The integers a layer's array and requantizer are given: weights, corrected bias, multiplier and shift per channel.

import type { Layer } from '../accelerator/layers.ts';
import type { Operator } from '../network/network.ts';
import { AutoNbaError } from '../util/errors.ts';

/** Weights in output-position order, [position][kernelRow][kernelColumn][input within the group], and records. */
export interface LayerNumbers {
  readonly weights: Int16Array;
  /** Zero-point term included: what the accumulator starts from. */
  readonly bias: Int32Array;
  readonly multipliers: readonly number[];
  readonly shifts: readonly number[];
}

/** Whether a layer works on stored integers themselves, without zero points. */
export function isPool(source: Operator): boolean {
  return (
    source.kind === 'averagePool' ||
    source.kind === 'globalAveragePool' ||
    source.kind === 'maxPool'
  );
}

/** Multiplier and shift whose half-up rounding equals sum / count, ties away from zero, for every reachable sum. */
export function averageScale(
  count: number,
  low: number,
  high: number,
): { readonly multiplier: number; readonly shift: number } | undefined {
  let shift = 1;
  while (shift < 47 && Math.floor(2 ** (shift + 1) / count) < 0xffff) shift++;
  // Not below 1 / count, so that ties round up; strictly above where sums are negative, whose ties round down.
  const quotient = 2 ** shift / count;
  const multiplier = low < 0 ? Math.floor(quotient) + 1 : Math.ceil(quotient);
  for (let sum = low * count; sum <= high * count; sum++) {
    const exact = Math.sign(sum) * Math.floor((2 * Math.abs(sum) + count) / (2 * count));
    if (Math.floor((sum * multiplier + 2 ** (shift - 1)) / 2 ** shift) !== exact) return undefined;
  }
  return { multiplier, shift };
}

const refuse = (layer: Layer, reason: string): never => {
  throw new AutoNbaError(
    `layer "${layer.name}" cannot be lowered: ${reason}`,
    'give the network other numbers there, or leave the operator to the host',
    1,
  );
};

function unitNumbers(layer: Layer): LayerNumbers {
  const channels = layer.outputShape[2];
  const taps = layer.kernel[0] * layer.kernel[1];
  const weights = new Int16Array(channels * taps).fill(1);
  const { kind } = layer.source;
  if (kind === 'add' || kind === 'maxPool') {
    // (acc * 2 + 1) >> 1 = acc: an operand or a maximum leaves the requantizer as it came.
    const bias = new Int32Array(channels).fill(kind === 'add' ? -layer.input.zeroPoint : 0);
    return { weights, bias, multipliers: Array(channels).fill(2), shifts: Array(channels).fill(1) };
  }
  const low = layer.input.signed ? -(2 ** (layer.input.bits - 1)) : 0;
  const high = low + 2 ** layer.input.bits - 1;
  const scale =
    averageScale(taps, low, high) ??
    refuse(layer, `an average over ${taps} values has no exact 16-bit multiplier`);
  return {
    weights,
    bias: new Int32Array(channels),
    multipliers: Array(channels).fill(scale.multiplier),
    shifts: Array(channels).fill(scale.shift),
  };
}

/**
 * Numbers of a layer, its channel permutation applied and the input's zero point moved into the bias.
 * @throws AutoNbaError where the network has no weights there, another requantization form, or could overflow 32 bits.
 */
export function layerNumbers(layer: Layer): LayerNumbers {
  const { source, parameters } = layer;
  if (source.kind === 'add' || isPool(source)) return unitNumbers(layer);
  if (parameters === undefined) return refuse(layer, 'the network comes without weights');
  const { requantization } = parameters;
  if (requantization.form !== 'half-up') return refuse(layer, 'its requantization is not half-up');
  const channels = layer.outputShape[2];
  const perChannel = parameters.weights.length / channels;
  const weights = new Int16Array(parameters.weights.length);
  const bias = new Int32Array(channels);
  const multipliers: number[] = [];
  const shifts: number[] = [];
  const { bits, signed, zeroPoint } = layer.input;
  const low = signed ? -(2 ** (bits - 1)) : 0;
  const largest = Math.max(Math.abs(low), Math.abs(low + 2 ** bits - 1));
  for (let position = 0; position < channels; position++) {
    const channel = layer.permutation?.[position] ?? position;
    let sum = 0;
    let magnitude = 0;
    for (let k = 0; k < perChannel; k++) {
      const weight = parameters.weights[channel * perChannel + k] ?? 0;
      weights[position * perChannel + k] = weight;
      sum += weight;
      magnitude += Math.abs(weight);
    }
    const corrected = (parameters.bias[channel] ?? 0) - zeroPoint * sum;
    if (Math.abs(corrected) + magnitude * largest >= 2 ** 31)
      refuse(layer, `the sum of channel ${channel} could overflow 32 bits`);
    bias[position] = corrected;
    multipliers.push(requantization.multipliers[channel] ?? 0);
    shifts.push(requantization.shifts[channel] ?? 1);
  }
  return { weights, bias, multipliers, shifts };
}
