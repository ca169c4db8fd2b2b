// ReLU6 with its native gradient; tfjs' own is a chain of comparisons and casts ten times as slow.

import { isNative, type Tensor, tf } from './engine.ts';
import { differentiate } from './gradient.ts';
import { runNative } from './native.ts';

/** min(max(x, 0), 6) in tfjs' own operations. */
export function relu6Plain(x: Tensor): Tensor {
  return tf.relu6(x);
}

/** min(max(x, 0), 6). */
export function relu6(x: Tensor): Tensor {
  if (!isNative) return relu6Plain(x);
  return differentiate([x], (inputs) => {
    const value = tf.relu6(inputs[0] ?? x);
    return {
      value,
      // The output tells as much as the input: its gradient passes where 0 < y < 6.
      saved: [value],
      backward: (gradient, saved) =>
        runNative('Relu6Grad', { T: { type: 'float32' } }, [gradient, ...saved], 1),
    };
  });
}
