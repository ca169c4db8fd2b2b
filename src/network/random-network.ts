// Small random networks whose outputs use their range: what selfcheck and the property tests run through the hardware.

import type { Rng } from '../util/rng.ts';
import { elementsOf, rangeOf } from './geometry.ts';
import { type Network, type Tensor, tensorOf } from './network.ts';
import {
  type Growth,
  type RandomKind,
  type RandomLimits,
  type RandomNetworkOptions,
  randomDefaults,
} from './random-limits.ts';
import {
  randomAdd,
  randomConv,
  randomFullyConnected,
  randomPool,
  randomShuffle,
} from './random-operator.ts';
import { randomTensor } from './random-tensor.ts';
import { validateNetwork } from './validate.ts';

/** A valid random network: a chain of operators, with an add across the convolution before it. */
export function randomNetwork(rng: Rng, options: RandomNetworkOptions = {}): Network {
  const { name = 'random', ...given } = options;
  const limits: RandomLimits = { ...randomDefaults, ...given };
  const input = randomTensor(rng, limits, 'input', [
    rng.integer(1, limits.maxSize),
    rng.integer(1, limits.maxSize),
    rng.integer(1, rng.pick([3, limits.maxChannels])),
  ]);
  const growth: Growth = { tensors: [input], operators: [] };
  let last = input;
  for (let index = 0; index < limits.operators; index++) {
    last = grow(rng, limits, growth, last, rng.pick(limits.kinds));
  }
  const network = { name, input: input.name, output: last.name, ...growth };
  validateNetwork(network);
  return network;
}

function grow(
  rng: Rng,
  limits: RandomLimits,
  growth: Growth,
  input: Tensor,
  kind: RandomKind,
): Tensor {
  switch (kind) {
    case 'conv':
    case 'depthwiseConv':
      return randomConv(rng, limits, growth, input, kind);
    case 'fullyConnected':
      return randomFullyConnected(rng, limits, growth, input);
    case 'add':
      return randomAdd(rng, limits, growth, input);
    case 'averagePool':
    case 'maxPool':
    case 'globalAveragePool':
      return randomPool(rng, limits, growth, input, kind);
    case 'channelShuffle':
      return randomShuffle(rng, growth, input);
  }
}

/** Random images for a network, [image][row][column][channel] of stored integers over the input's whole range. */
export function randomImages(rng: Rng, network: Network, count: number): Int32Array {
  const input = tensorOf(network, network.input);
  const { low, high } = rangeOf(input);
  return new Int32Array(count * elementsOf(input.shape)).map(() => rng.integer(low, high));
}
