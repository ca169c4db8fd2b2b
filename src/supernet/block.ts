// What a candidate block is (alpha in the paper), and its forward pass whoever owns the weights.

import { convolve, convolveDepthwise, type Tensor } from '../tensor/index.ts';

/**
 * 1x1 expand by `expansion`, depthwise `kernel` x `kernel`, 1x1 project (MobileNetV2's inverted residual). As in FBNet,
 * expansion 1 keeps its 1x1 expand. With two groups both 1x1 convolutions are grouped and the expanded channels shuffled.
 */
export interface Mbconv {
  readonly kind: 'mbconv';
  readonly summary: string;
  readonly kernel: number;
  readonly expansion: number;
  readonly groups: 1 | 2;
}

/** No block at all; a candidate only where the layer keeps its shape. */
export interface Skip {
  readonly kind: 'skip';
  readonly summary: string;
}

export type Block = Mbconv | Skip;

/** The three convolutions of a block, in order. */
export const blockRoles = ['expand', 'depthwise', 'project'] as const;

export type BlockRole = (typeof blockRoles)[number];

/** Where a block's forward pass gets its numbers from: shared weights in the search, others in a test. */
export interface BlockParts {
  /** Kernel ready to convolve with: sliced, masked, quantized. */
  kernel(role: BlockRole): Tensor;
  normalize(role: BlockRole, x: Tensor): Tensor;
  /** ReLU and quantization of what the next convolution reads. */
  activate(role: 'expand' | 'depthwise', x: Tensor): Tensor;
}

/** Project's normalized output for a quantized input; the residual is the caller's. */
export function forwardBlock(x: Tensor, stride: number, parts: BlockParts): Tensor {
  const wide = parts.normalize('expand', convolve(x, parts.kernel('expand'), 1));
  const expanded = parts.activate('expand', wide);
  const filtered = convolveDepthwise(expanded, parts.kernel('depthwise'), stride);
  const deep = parts.activate('depthwise', parts.normalize('depthwise', filtered));
  return parts.normalize('project', convolve(deep, parts.kernel('project'), 1));
}
