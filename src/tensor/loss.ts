// Cross-entropy of logits against class numbers, and how many of them are right.

import { isNative, type Tensor, tf } from './engine.ts';
import { at, differentiate } from './gradient.ts';
import { outputAt, runNative } from './native.ts';

/** Mean cross-entropy in tfjs' own operations. */
export function crossEntropyPlain(logits: Tensor, labels: Tensor): Tensor {
  const [, classes = 0] = logits.shape;
  const target = tf.oneHot(labels.cast('int32'), classes).cast('float32');
  return tf.neg(tf.logSoftmax(logits).mul(target).sum(-1)).mean();
}

/** Mean cross-entropy; logits [batch, classes], labels int32 [batch]. */
export function crossEntropy(logits: Tensor, labels: Tensor): Tensor {
  if (!isNative) return crossEntropyPlain(logits, labels);
  const attributes = { T: { type: 'float32' }, Tlabels: { type: 'int32' } } as const;
  return differentiate([logits], ([x]) => {
    const name = 'SparseSoftmaxCrossEntropyWithLogits';
    const outputs = runNative(name, attributes, [at([x], 0), labels], 2);
    return {
      value: outputAt(outputs, 0).mean(),
      saved: [outputAt(outputs, 1)],
      backward: (gradient, [slope]) => {
        const perImage = at([slope], 0);
        return [perImage.mul(gradient.div(perImage.shape[0] ?? 1))];
      },
    };
  });
}

/** Class with the largest logit, the first of equals. */
export function predictions(logits: Tensor): Int32Array {
  return tf.tidy(() => tf.argMax(logits, -1).dataSync<'int32'>());
}

/** How many predictions equal the labels. */
export function countCorrect(predicted: ArrayLike<number>, labels: ArrayLike<number>): number {
  let correct = 0;
  for (let i = 0; i < labels.length; i += 1) correct += Number(predicted[i] === labels[i]);
  return correct;
}
