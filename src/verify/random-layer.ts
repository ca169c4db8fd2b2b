// A small random network around one layer of a wanted kind, with layers before or after it where maps stay on chip.

import type { RequantizationForm } from '../accelerator/accelerator.ts';
import type { Network, Tensor } from '../network/network.ts';
import { type Growth, type RandomLimits, randomDefaults } from '../network/random-limits.ts';
import {
  randomAdd,
  randomConv,
  randomFullyConnected,
  randomPool,
  randomShuffle,
  randomSum,
} from '../network/random-operator.ts';
import { randomTensor } from '../network/random-tensor.ts';
import { validateNetwork } from '../network/validate.ts';
import { defined } from '../util/errors.ts';
import type { Rng } from '../util/rng.ts';
import type { LayerValue } from './factors.ts';

/** What is wanted of the network. */
export interface LayerRequest {
  readonly layer: LayerValue;
  readonly kind: 'standard' | 'depthwise';
  readonly form: RequantizationForm;
  /** Widths of the layer's activations and weights. */
  readonly activationBits: readonly number[];
  readonly weightBits: readonly number[];
  /** Widths that the chunk can read, and that it can write. */
  readonly readableBits: readonly number[];
  readonly writableBits: readonly number[];
  /** Whether a layer must run before it, and how many after it. */
  readonly before: boolean;
  readonly after: number;
  readonly maxSize: number;
  readonly maxChannels: number;
  readonly maxKernel: number;
  readonly maxMacs: number;
}

/** The network and the name of the layer's first operator. */
export interface LayerNetwork {
  readonly network: Network;
  readonly layer: string;
}

/** A network whose layer `layer` is of the wanted kind; its width may still turn out otherwise (pools, lone sums). */
export function randomLayerNetwork(rng: Rng, request: LayerRequest): LayerNetwork {
  const { layer, kind, before, after } = request;
  const limits: RandomLimits = {
    ...randomDefaults,
    maxSize: request.maxSize,
    maxChannels: request.maxChannels,
    maxKernel: request.maxKernel,
    maxMacs: request.maxMacs,
    activationBits: request.activationBits,
    weightBits: request.weightBits,
    forms: [request.form],
  };
  const growth: Growth = { tensors: [], operators: [] };
  const weighted = kind === 'standard' ? 'conv' : 'depthwiseConv';
  const size = layer === 'fullyConnected' ? Math.min(5, limits.maxSize) : limits.maxSize;
  const input = randomTensor(rng, limits, 'input', [
    rng.integer(1, size),
    rng.integer(1, size),
    rng.integer(1, rng.pick([3, limits.maxChannels, limits.maxChannels])),
  ]);
  growth.tensors.push(input);
  let last: Tensor = input;
  if (before) last = randomConv(rng, limits, growth, last, weighted, { groups: 'one' });
  let at = growth.operators.length;
  // Where a layer comes after it, its result must be readable; the last result may have any slot that is packable.
  const writing = {
    ...limits,
    activationBits: after > 0 ? request.readableBits : request.writableBits,
  };
  switch (layer) {
    case 'conv':
      last = randomConv(rng, writing, growth, last, 'conv', { groups: 'one' });
      break;
    case 'groupedConv':
      last = randomConv(rng, writing, growth, last, 'conv', { groups: 'several' });
      break;
    case 'channelShuffle': {
      const groups = rng.pick(['one', 'several'] as const);
      const product = randomConv(rng, writing, growth, last, 'conv', { groups });
      last = randomShuffle(rng, growth, product);
      break;
    }
    case 'depthwiseConv':
      last = randomConv(rng, writing, growth, last, 'depthwiseConv');
      break;
    case 'fullyConnected':
      last = randomFullyConnected(rng, writing, growth, last);
      break;
    case 'averagePool':
    case 'maxPool':
    case 'globalAveragePool':
      last = randomPool(rng, limits, growth, last, layer);
      break;
    case 'add':
      if (kind === 'depthwise' && rng.next() < 0.5) {
        // Read twice, so that neither sum is fused into the convolution's store.
        const branch = randomConv(rng, limits, growth, last, weighted, { shape: 'kept' });
        at = growth.operators.length;
        const inner = randomSum(rng, limits, growth, [branch, last]);
        last = randomSum(
          rng,
          writing,
          growth,
          rng.pick([
            [inner, branch],
            [branch, inner],
          ] as const),
        );
        break;
      }
      last = randomAdd(rng, writing, growth, last, weighted);
  }
  for (let left = after; left > 0; left--) {
    const activationBits = left > 1 ? request.readableBits : request.writableBits;
    last = randomConv(rng, { ...limits, activationBits }, growth, last, weighted, {
      groups: 'one',
    });
  }
  const network = { name: 'random', input: input.name, output: last.name, ...growth };
  validateNetwork(network);
  return { network, layer: defined(growth.operators[at], 'the layer').name };
}
