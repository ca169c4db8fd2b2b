// Batch normalization with the batch's own statistics, as one native operation each way.

import { isNative, type Tensor, tf } from './engine.ts';
import { at, differentiate } from './gradient.ts';
import { type Attribute, outputAt, runNative } from './native.ts';

/** Added to every variance, here and in the export. */
export const varianceEpsilon = 1e-3;

/** Mean and (biased) variance of each channel. */
export interface Moments {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

const attributes: Readonly<Record<string, Attribute>> = {
  T: { type: 'float32' },
  U: { type: 'float32' },
  epsilon: { float: varianceEpsilon },
  data_format: { text: 'NHWC' },
  is_training: { bool: true },
};

/** Moments over batch, rows and columns. */
export function momentsOf(x: Tensor): Moments {
  return tf.moments(x, [0, 1, 2]);
}

/** The same function in tfjs' own operations: the oracle of the native form, and its stand-in without the addon. */
export function batchNormPlain(x: Tensor, gain: Tensor, offset: Tensor): Tensor {
  const { mean, variance } = momentsOf(x);
  return x.sub(mean).mul(variance.add(varianceEpsilon).rsqrt()).mul(gain).add(offset);
}

/** Normalizes [batch, rows, columns, channels] by its own moments, then gain and offset per channel. */
export function batchNorm(x: Tensor, gain: Tensor, offset: Tensor): Tensor {
  if (!isNative) return batchNormPlain(x, gain, offset);
  return differentiate([x, gain, offset], (inputs) => {
    const empty = tf.tensor1d([], 'float32');
    const outputs = runNative('FusedBatchNormV3', attributes, [...inputs, empty, empty], 6);
    return {
      value: outputAt(outputs, 0),
      saved: [at(inputs, 0), at(inputs, 1), ...outputs.slice(3)],
      backward: (gradient, saved) =>
        runNative('FusedBatchNormGradV3', attributes, [gradient, ...saved], 5).slice(0, 3),
    };
  });
}
