// Which sums can an operator reach? Lowering, the fast arithmetic and the 32-bit accumulators all rest on these bounds.

import { convGeometry, isWeighted, rangeOf, type WeightedOperator } from '../network/geometry.ts';
import { type ConvParameters, type Network, tensorOf } from '../network/network.ts';
import { refuse } from '../network/refuse.ts';

/** Inclusive bounds. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

const int32: Range = { low: -(2 ** 31), high: 2 ** 31 - 1 };

/** The numbers of a weighted operator; a network without them can be explored but not run. */
export function parametersOf(operator: WeightedOperator): ConvParameters {
  if (operator.parameters !== undefined) return operator.parameters;
  return refuse(
    `operator "${operator.name}"`,
    'it has no weights',
    'train or import the network; without weights it can only be explored and estimated',
  );
}

/**
 * Bias with the input's zero point folded in, `bias - za * sum(w)`, one per output channel: the sums then run over
 * stored integers, with za at padding taps.
 */
export function loweredBias(network: Network, operator: WeightedOperator): Float64Array {
  const { weights, bias } = parametersOf(operator);
  const { zeroPoint } = tensorOf(network, operator.input);
  const { taps } = convGeometry(network, operator);
  return Float64Array.from(bias, (value, channel) => {
    const row = weights.subarray(channel * taps, (channel + 1) * taps);
    return value - zeroPoint * row.reduce((sum, weight) => sum + weight, 0);
  });
}

/** Bounds of `bias + sum w (a - za)` over every input of the tensor's width, one per output channel. */
export function accumulatorRanges(network: Network, operator: WeightedOperator): readonly Range[] {
  const { weights, bias } = parametersOf(operator);
  const input = tensorOf(network, operator.input);
  const { taps } = convGeometry(network, operator);
  const { low, high } = rangeOf(input);
  return Array.from(bias, (value, channel) => {
    let positive = 0;
    let negative = 0;
    for (const weight of weights.subarray(channel * taps, (channel + 1) * taps)) {
      if (weight > 0) positive += weight;
      else negative += weight;
    }
    const up = high - input.zeroPoint;
    const down = low - input.zeroPoint;
    return {
      low: value + positive * down + negative * up,
      high: value + positive * up + negative * down,
    };
  });
}

/**
 * Stops when a sum, a lowered bias or a left-shifted sum could leave 32 bits. What passes is the domain in which the
 * fast arithmetic equals the exact one.
 */
export function checkAccumulators(network: Network): void {
  for (const operator of network.operators) {
    if (!isWeighted(operator)) continue;
    const { requantization } = parametersOf(operator);
    const biases = loweredBias(network, operator);
    accumulatorRanges(network, operator).forEach(({ low, high }, channel) => {
      const exponent =
        requantization.form === 'tflite' ? (requantization.exponents[channel] ?? 0) : 0;
      const gain = 2 ** Math.max(exponent, 0);
      const bias = biases[channel] ?? 0;
      const least = Math.min(low * gain, bias);
      const most = Math.max(high * gain, bias);
      if (least >= int32.low && most <= int32.high) return;
      refuse(
        `operator "${operator.name}"`,
        `channel ${channel} can sum to [${least}, ${most}], beyond 32 bits`,
        'use fewer bits for its weights or activations, or fewer input channels',
      );
    });
  }
}
