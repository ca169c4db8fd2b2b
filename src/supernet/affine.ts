// What an operator does to its sums once training is over: one factor and one constant per channel, in plain numbers.
// Batch norm becomes this for evaluation and export; the exported integers become it again to be compared.

import type { Network } from '../network/network.ts';
import { tensorOf } from '../network/network.ts';
import { valuesOf, varianceEpsilon } from '../tensor/index.ts';
import { defined } from '../util/errors.ts';
import type { TrainableNetwork } from './trainable-network.ts';

/** Output of channel c = factor[c] * sum + constant[c]; of an addition, factor[i] belongs to operand i. */
export interface Affine {
  readonly factor: Float64Array;
  readonly constant: Float64Array;
}

/** Affine map of every operator, by name. */
export type Affines = ReadonlyMap<string, Affine>;

/** Mean and (biased) variance of an operator's sums, per channel. */
export interface ChannelMoments {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** Batch norm with measured moments, and the classifier with its bias alone. */
export function affinesOf(
  trainable: TrainableNetwork,
  moments: ReadonlyMap<string, ChannelMoments>,
): Affines {
  const affines = new Map<string, Affine>();
  for (const [name, { gain, offset }] of trainable.operators) {
    const offsets = Float64Array.from(valuesOf(offset));
    if (gain === undefined) {
      affines.set(name, { factor: offsets.map(() => 1), constant: offsets });
      continue;
    }
    const { mean, variance } = defined(moments.get(name), `moments of ${name}`);
    const factor = Float64Array.from(
      valuesOf(gain),
      (value, c) => value / Math.sqrt((variance[c] ?? 0) + varianceEpsilon),
    );
    const constant = offsets.map((value, c) => value - (mean[c] ?? 0) * (factor[c] ?? 0));
    affines.set(name, { factor, constant });
  }
  return affines;
}

/**
 * The maps that an exported network's multipliers, shifts and biases stand for. A network that computes with these in
 * floating point differs from the integers by float rounding alone; with `affinesOf` it differs by 16-bit multipliers
 * too, which a few of whose level flips grow to many on the way through 4-bit layers.
 */
export function affinesOfExport(
  trainable: TrainableNetwork,
  network: Network,
  trained: Affines,
): Affines {
  const scale = (name: string): number => tensorOf(network, name).scale;
  const affines = new Map<string, Affine>();
  for (const operator of network.operators) {
    if (operator.kind === 'add' && operator.requantization.form === 'half-up') {
      const { multiplierA, multiplierB, shift } = operator.requantization;
      const [a, b] = operator.inputs.map(
        (name) => scale(operator.output) / scale(name) / 2 ** shift,
      );
      const factor = Float64Array.of(multiplierA * (a ?? 0), multiplierB * (b ?? 0));
      affines.set(operator.name, { factor, constant: new Float64Array(2) });
    }
    const parameters = 'weightBits' in operator ? operator.parameters : undefined;
    if (!('weightBits' in operator) || parameters?.requantization.form !== 'half-up') continue;
    const { multipliers, shifts } = parameters.requantization;
    const taps = parameters.weights.length / multipliers.length;
    const steps = Float64Array.from(valuesOf(trainable.trained(operator.name).logStep), Math.exp);
    const before = defined(trained.get(operator.name), operator.name).factor;
    // Real value of one unit of the accumulator, and of one unit of the sums it stands for.
    const units = multipliers.map((m, c) => (m * scale(operator.output)) / 2 ** (shifts[c] ?? 0));
    const factor = Float64Array.from(units, (unit, c) => {
      const weights = parameters.weights.subarray(c * taps, (c + 1) * taps);
      // A channel exported as its constant has no weights left to see its sums with.
      if (weights.every((weight) => weight === 0)) return 0;
      return (Math.sign(before[c] ?? 0) * unit) / (scale(operator.input) * (steps[c] ?? 1));
    });
    const constant = Float64Array.from(units, (unit, c) => unit * (parameters.bias[c] ?? 0));
    affines.set(operator.name, { factor, constant });
  }
  return affines;
}
