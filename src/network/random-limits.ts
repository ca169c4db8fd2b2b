// What random networks may look like, and how far one has grown.

import type { Operator, Tensor } from './network.ts';

/** What a random operator may be; a residual add brings the convolution before it. */
export type RandomKind = Exclude<Operator['kind'], 'hostOnly'>;

/** Limits of a random network; what is left out takes the default beside it. */
export interface RandomNetworkOptions {
  readonly name?: string;
  /** Operators after each other, residual adds not counted: 1. */
  readonly operators?: number;
  /** Kinds to draw from: all. */
  readonly kinds?: readonly RandomKind[];
  /** Largest map, rows and columns: 12. */
  readonly maxSize?: number;
  /** Largest channel count: 24. */
  readonly maxChannels?: number;
  /** Largest kernel, rows and columns: 11. */
  readonly maxKernel?: number;
  /** Largest stride: 4. */
  readonly maxStride?: number;
  /** Multiply-accumulates of one operator: 200,000. */
  readonly maxMacs?: number;
  /** Widths of activations: 2..8. */
  readonly activationBits?: readonly number[];
  /** Widths of weights: 2..8. */
  readonly weightBits?: readonly number[];
  /** Sign of activations: drawn for each tensor. */
  readonly signed?: boolean;
  /** Forms of requantization: both. */
  readonly forms?: readonly ('half-up' | 'tflite')[];
}

/** Options with every default filled in. */
export type RandomLimits = Required<Omit<RandomNetworkOptions, 'signed' | 'name'>> &
  Pick<RandomNetworkOptions, 'signed'>;

/** Every kind and both forms, small enough that hundreds run in seconds. */
export const randomDefaults = {
  operators: 1,
  kinds: [
    'conv',
    'depthwiseConv',
    'fullyConnected',
    'add',
    'averagePool',
    'maxPool',
    'globalAveragePool',
    'channelShuffle',
  ],
  maxSize: 12,
  maxChannels: 24,
  maxKernel: 11,
  maxStride: 4,
  maxMacs: 200_000,
  activationBits: [2, 3, 4, 5, 6, 7, 8],
  weightBits: [2, 3, 4, 5, 6, 7, 8],
  forms: ['half-up', 'tflite'],
} as const satisfies RandomLimits;

/** Tensors and operators so far; operators are drawn onto its end. */
export interface Growth {
  readonly tensors: Tensor[];
  readonly operators: Operator[];
}
