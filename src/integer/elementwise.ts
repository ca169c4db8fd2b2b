// Add and channel shuffle of one image.

import {
  type AddOperator,
  type ChannelShuffleOperator,
  type HalfUpAdd,
  type Network,
  type TfliteAdd,
  tensorOf,
} from '../network/network.ts';
import { rescaleTfliteDouble } from './rescale.ts';
import type { Step } from './step.ts';

/** Operands arrive with their zero points taken off. */
type AddRescale = (a: number, b: number) => number;

function halfUpAdd({ multiplierA, multiplierB, shift }: HalfUpAdd): AddRescale {
  const half = 2 ** (shift - 1);
  const scale = 2 ** -shift;
  return (a, b) => Math.floor((a * multiplierA + b * multiplierB + half) * scale);
}

function tfliteAdd(given: TfliteAdd): AddRescale {
  const headroom = 2 ** 20;
  return (a, b) => {
    const sum =
      rescaleTfliteDouble(a * headroom, given.multiplierA, given.exponentA) +
      rescaleTfliteDouble(b * headroom, given.multiplierB, given.exponentB);
    return rescaleTfliteDouble(sum, given.multiplierOutput, given.exponentOutput);
  };
}

/** One image's sum of `a` and `b` into `output`. */
export function addStep(
  network: Network,
  operator: AddOperator,
  [a, b]: readonly [Float64Array, Float64Array],
  output: Float64Array,
): Step {
  const zeroA = tensorOf(network, operator.inputs[0]).zeroPoint;
  const zeroB = tensorOf(network, operator.inputs[1]).zeroPoint;
  const { zeroPoint } = tensorOf(network, operator.output);
  const { low, high } = operator.clamp;
  const { requantization } = operator;
  const rescale =
    requantization.form === 'half-up' ? halfUpAdd(requantization) : tfliteAdd(requantization);
  return () => {
    for (let index = 0; index < output.length; index++) {
      const value = rescale((a[index] ?? 0) - zeroA, (b[index] ?? 0) - zeroB) + zeroPoint;
      output[index] = value < low ? low : value > high ? high : value;
    }
  };
}

/** One image's shuffle: output channel i*groups + g = input channel g*(channels/groups) + i. */
export function shuffleStep(
  network: Network,
  operator: ChannelShuffleOperator,
  input: Float64Array,
  output: Float64Array,
): Step {
  const channels = tensorOf(network, operator.input).shape[2];
  const perGroup = channels / operator.groups;
  const source = new Int32Array(channels).map(
    (_, channel) => (channel % operator.groups) * perGroup + Math.floor(channel / operator.groups),
  );
  return () => {
    for (let base = 0; base < output.length; base += channels) {
      for (let channel = 0; channel < channels; channel++) {
        output[base + channel] = input[base + (source[channel] ?? 0)] ?? 0;
      }
    }
  };
}
