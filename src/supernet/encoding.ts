// How the candidates of a layer own their weights: what an encoding must answer.

import type { Tensor, Variable } from '../tensor/index.ts';
import type { Rng } from '../util/rng.ts';
import type { BlockRole, Mbconv } from './block.ts';
import type { Layer } from './space.ts';

/** Gain and offset of one batch norm. */
export interface Norm {
  readonly gain: Tensor;
  readonly offset: Tensor;
}

/** Unquantized weights of all candidates of a layer; tensors are made anew inside the caller's tidy. */
export interface LayerWeights {
  readonly kernels: readonly Variable[];
  readonly norms: readonly Variable[];
  /** Kernel of a candidate, without the mask of its groups. */
  kernel(block: Mbconv, role: BlockRole): Tensor;
  norm(block: Mbconv, role: BlockRole): Norm;
}

/** A way to own weights. */
export interface Encoding {
  readonly name: string;
  readonly summary: string;
  createLayer(layer: Layer, blocks: readonly Mbconv[], rng: Rng): LayerWeights;
}

/** Kernel shape, inputs summed per output, and channels of one convolution of a block. */
export function roleGeometry(
  layer: Layer,
  role: BlockRole,
  kernel: number,
  expansion: number,
): { readonly shape: readonly number[]; readonly fanIn: number; readonly channels: number } {
  const wide = layer.inputs * expansion;
  switch (role) {
    case 'expand':
      return { shape: [1, 1, layer.inputs, wide], fanIn: layer.inputs, channels: wide };
    case 'depthwise':
      return { shape: [kernel, kernel, wide, 1], fanIn: kernel * kernel, channels: wide };
    case 'project':
      return { shape: [1, 1, wide, layer.outputs], fanIn: wide, channels: layer.outputs };
  }
}
