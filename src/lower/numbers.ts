// The integers a layer's array and requantizer are given: weights, corrected bias, multiplier and shift per channel.

import type { RequantizationForm } from '../accelerator/accelerator.ts';
import { layerAverage } from '../accelerator/averages.ts';
import type { Layer } from '../accelerator/layers.ts';
import type { Operator } from '../network/network.ts';
import { AutoNbaError } from '../util/errors.ts';

/** Weights in output-position order, [position][kernelRow][kernelColumn][input within the group], and records. */
export interface LayerNumbers {
  readonly weights: Int16Array;
  /** Zero-point term included: what the accumulator starts from. */
  readonly bias: Int32Array;
  readonly multipliers: readonly number[];
  /** Right shifts: the whole of a half-up factor, what Q31 leaves of a tflite one (negative = to the left). */
  readonly shifts: readonly number[];
  /** One rounding instead of two (tflite). */
  readonly isSingle: boolean;
}

/** Whether a layer works on stored integers themselves, without zero points. */
export function isPool(source: Operator): boolean {
  return (
    source.kind === 'averagePool' ||
    source.kind === 'globalAveragePool' ||
    source.kind === 'maxPool'
  );
}

const refuse = (layer: Layer, reason: string): never => {
  throw new AutoNbaError(
    `layer "${layer.name}" cannot be lowered: ${reason}`,
    'give the network other numbers there, or leave the operator to the host',
    1,
  );
};

/** A multiplier of half a Q31 unit shifted one to the left: exactly one. */
const TFLITE_ONE = { multiplier: 2 ** 30, shift: -1 } as const;
/** Bits before the point of a Q31 product. */
const Q31 = 31;

function unitNumbers(layer: Layer, form: RequantizationForm): LayerNumbers {
  const channels = layer.outputShape[2];
  const taps = layer.kernel[0] * layer.kernel[1];
  const weights = new Int16Array(channels * taps).fill(1);
  const { kind } = layer.source;
  if (kind === 'add' || kind === 'maxPool') {
    // (acc * 2 + 1) >> 1 = acc: an operand or a maximum leaves the requantizer as it came.
    const bias = new Int32Array(channels).fill(kind === 'add' ? -layer.input.zeroPoint : 0);
    const one = form === 'tflite' ? TFLITE_ONE : { multiplier: 2, shift: 1 };
    return {
      weights,
      bias,
      multipliers: Array(channels).fill(one.multiplier),
      shifts: Array(channels).fill(one.shift),
      isSingle: false,
    };
  }
  const scale =
    layerAverage(layer, form) ??
    refuse(layer, `an average over ${taps} values has no exact multiplier`);
  return {
    weights,
    bias: new Int32Array(channels),
    // The same quotient with Q31: both sides of the division times a power of two.
    multipliers: Array(channels).fill(
      form === 'tflite' ? scale.multiplier * 2 ** Math.max(0, Q31 - scale.shift) : scale.multiplier,
    ),
    shifts: Array(channels).fill(form === 'tflite' ? Math.max(0, scale.shift - Q31) : scale.shift),
    isSingle: form === 'tflite',
  };
}

/**
 * Numbers of a layer, its channel permutation applied and the input's zero point moved into the bias.
 * @throws AutoNbaError where the network has no weights there, another requantization form, or could overflow 32 bits.
 */
export function layerNumbers(layer: Layer, form: RequantizationForm = 'half-up'): LayerNumbers {
  const { source, parameters } = layer;
  if (source.kind === 'add' || isPool(source)) return unitNumbers(layer, form);
  if (parameters === undefined) return refuse(layer, 'the network comes without weights');
  const { requantization } = parameters;
  if (requantization.form !== form)
    return refuse(layer, `its requantization is ${requantization.form}, the chunk's ${form}`);
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
    if (Math.abs(corrected) + magnitude * largest >= 2 ** 31) {
      const room = (2 ** 31 - 1 - Math.abs(corrected)) / magnitude;
      const inputBits = Math.floor(Math.log2(room + (signed ? 0 : 1))) + (signed ? 1 : 0);
      const nearest = inputBits >= 2 ? `an input of ${inputBits} bits` : 'a smaller bias';
      refuse(
        layer,
        `the sum of channel ${channel} could overflow 32 bits; the nearest legal is ${nearest}`,
      );
    }
    bias[position] = corrected;
    multipliers.push(requantization.multipliers[channel] ?? 0);
    shifts.push(
      requantization.form === 'tflite'
        ? -(requantization.exponents[channel] ?? 0)
        : (requantization.shifts[channel] ?? 1),
    );
  }
  const isSingle = requantization.form === 'tflite' && requantization.rounding === 'single';
  return { weights, bias, multipliers, shifts, isSingle };
}
