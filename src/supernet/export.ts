// A trained network as integers: the graph it was trained on, filled with scales, weights, biases and multipliers.

import type { ConvParameters, Network, Operator, Tensor } from '../network/network.ts';
import { inputsOf, tensorOf } from '../network/network.ts';
import { at, valuesOf } from '../tensor/index.ts';
import { defined } from '../util/errors.ts';
import type { Affine, Affines } from './affine.ts';
import { integerAdd, integerFactor } from './requantize.ts';
import type { TrainableNetwork, TrainedOperator } from './trainable-network.ts';

/** Half the accumulator's range, so that the sum has the other half. */
const biasLimit = 2 ** 30;

function scaleOf(trainable: TrainableNetwork, name: string): number {
  const trained = trainable.tensors.get(name);
  if (trained !== undefined) return Math.exp(valuesOf(trained.logStep)[0] ?? 0);
  return tensorOf(trainable.network, name).scale;
}

/** Level of each weight, [output][row][column][input within the group], and the input channels one output sees. */
function levelsByOutput(trained: TrainedOperator, steps: Float64Array): Int16Array {
  const { operator, kernel, levels } = trained;
  const values = valuesOf(kernel);
  const outputs = steps.length;
  const taps = operator.kind === 'fullyConnected' ? 1 : operator.kernel[0] * operator.kernel[1];
  const depthwise = operator.kind === 'depthwiseConv';
  const inputs = depthwise ? 1 : values.length / (taps * outputs);
  const groups = operator.kind === 'conv' ? operator.groups : 1;
  const own = inputs / groups;
  const weights = new Int16Array(outputs * taps * own);
  for (let output = 0; output < outputs; output += 1) {
    const first = Math.floor((output * groups) / outputs) * own;
    for (let tap = 0; tap < taps; tap += 1) {
      for (let i = 0; i < own; i += 1) {
        const value = values[(tap * inputs + first + i) * outputs + output] ?? 0;
        const level = Math.floor(value / (steps[output] ?? 1) + 0.5);
        weights[(output * taps + tap) * own + i] = Math.min(
          levels.high,
          Math.max(levels.low, level),
        );
      }
    }
  }
  return weights;
}

function parametersOf(
  trained: TrainedOperator,
  { factor, constant }: Affine,
  inputScale: number,
  outputScale: number,
): ConvParameters {
  const steps = Float64Array.from(valuesOf(trained.logStep), Math.exp);
  const weights = levelsByOutput(trained, steps);
  const taps = weights.length / steps.length;
  const bias = new Int32Array(steps.length);
  const [multipliers, shifts]: [number[], number[]] = [[], []];
  steps.forEach((step, channel) => {
    const gain = factor[channel] ?? 0;
    const shift = constant[channel] ?? 0;
    // Real value of one unit of the accumulator; the sign of the gain moves into the weights.
    let unit = Math.abs(gain) * inputScale * step;
    if (gain < 0)
      for (let i = 0; i < taps; i += 1)
        weights[channel * taps + i] = -(weights[channel * taps + i] ?? 0);
    if (unit === 0 || Math.abs(shift) > biasLimit * unit) {
      // A channel whose gain has died is its constant alone; give that constant 16 bits below the output's step.
      weights.fill(0, channel * taps, (channel + 1) * taps);
      unit = outputScale / 2 ** 16;
    }
    bias[channel] = Math.max(-biasLimit, Math.min(biasLimit, Math.round(shift / unit)));
    const integer = integerFactor(unit / outputScale);
    multipliers.push(integer.multiplier);
    shifts.push(integer.shift);
  });
  return { weights, bias, requantization: { form: 'half-up', multipliers, shifts } };
}

/**
 * The integer network of a trained one. Batch norm is never folded into weights that are already quantized: its gain
 * is in the multipliers, its offset and means in the biases.
 */
export function exportNetwork(trainable: TrainableNetwork, affines: Affines): Network {
  const { network } = trainable;
  const scale = (name: string): number => scaleOf(trainable, name);
  const operators = network.operators.map((operator): Operator => {
    if ('weightBits' in operator) {
      const trained = trainable.trained(operator.name);
      const parameters = parametersOf(
        trained,
        defined(affines.get(operator.name), operator.name),
        scale(operator.input),
        scale(operator.output),
      );
      return { ...operator, parameters };
    }
    if (operator.kind !== 'add') return operator;
    const [a, b] = inputsOf(operator).map((name) => scale(name) / scale(operator.output));
    return { ...operator, requantization: integerAdd(at([a], 0), at([b], 0)) };
  });
  const tensors = network.tensors.map(
    (tensor): Tensor => ({ ...tensor, scale: scale(tensor.name) }),
  );
  return { ...network, tensors, operators };
}
