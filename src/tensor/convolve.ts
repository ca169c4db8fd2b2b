// Convolutions on [batch, rows, columns, channels] with TensorFlow's SAME padding.

import type { Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-node';
import { type Tensor, tf } from './engine.ts';

/** Dense convolution; kernel [rows, columns, inputs, outputs]. */
export function convolve(x: Tensor, kernel: Tensor, stride: number): Tensor {
  return tf.conv2d(x as Tensor4D, kernel as Tensor4D, stride, 'same');
}

/** One kernel per channel; kernel [rows, columns, channels, 1]. */
export function convolveDepthwise(x: Tensor, kernel: Tensor, stride: number): Tensor {
  return tf.depthwiseConv2d(x as Tensor4D, kernel as Tensor4D, stride, 'same');
}

/** Matrix product of [batch, inputs] and [inputs, outputs]. */
export function multiply(x: Tensor, kernel: Tensor): Tensor {
  return tf.matMul(x as Tensor2D, kernel as Tensor2D);
}

/** Mean over rows and columns: [batch, channels]. */
export function averageOverMap(x: Tensor): Tensor {
  return tf.mean(x as Tensor3D, [1, 2]);
}

/** The first `inputs` x `outputs` channels and the central `size` x `size` taps of a larger kernel. */
export function sliceKernel(kernel: Tensor, size: number, inputs: number, outputs: number): Tensor {
  const [rows = 0, columns = 0] = kernel.shape;
  return tf.slice(
    kernel,
    [(rows - size) / 2, (columns - size) / 2, 0, 0],
    [size, size, inputs, outputs],
  );
}

/** The first elements of a vector. */
export function sliceVector(vector: Tensor, length: number): Tensor {
  return vector.size === length ? vector : tf.slice(vector, [0], [length]);
}

/** Sum of two tensors of one shape. */
export function sum(a: Tensor, b: Tensor): Tensor {
  return tf.add(a, b);
}

/** Element-wise product; `b` may be a number or have fewer axes. */
export function product(a: Tensor, b: Tensor | number): Tensor {
  return tf.mul(a, b);
}

/** Of the last axis: output channel i * groups + g is input channel g * (channels / groups) + i. */
export function shuffleChannels(x: Tensor, groups: number): Tensor {
  const channels = x.shape.at(-1) ?? 0;
  const split = x.reshape([x.size / channels, groups, channels / groups]);
  return tf.transpose(split, [0, 2, 1]).reshape(x.shape);
}
