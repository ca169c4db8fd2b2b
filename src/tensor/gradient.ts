// Custom gradients with their inputs and saved tensors as plain arrays.

import { isNative, type Tensor, tf } from './engine.ts';
import { outputAt, runNative } from './native.ts';

/** A forward value and, from what was saved, one gradient per input. */
export interface Differentiable {
  readonly value: Tensor;
  /** Everything `backward` reads beside the incoming gradient; anything else is freed by then. */
  readonly saved: readonly Tensor[];
  readonly backward: (gradient: Tensor, saved: readonly Tensor[]) => Tensor[];
}

/** Runs `forward` on `inputs` as one node of the tape, whatever operations it is made of. */
export function differentiate(
  inputs: readonly Tensor[],
  forward: (inputs: readonly Tensor[]) => Differentiable,
): Tensor {
  const node = tf.customGrad((...argumentsAndSave: unknown[]) => {
    const save = argumentsAndSave[argumentsAndSave.length - 1] as (tensors: Tensor[]) => void;
    const { value, saved, backward } = forward(argumentsAndSave.slice(0, -1) as Tensor[]);
    save([...saved]);
    const gradFunc = (gradient: Tensor, kept: Tensor[]): Tensor[] => backward(gradient, kept);
    return { value, gradFunc };
  });
  return node(...inputs);
}

/** Runs `forward` off the tape: its result is a constant to every gradient, its inner tensors are freed at once. */
export function detached(input: Tensor, forward: (input: Tensor) => Tensor): Tensor {
  return differentiate([input], ([x]) => ({
    value: tf.tidy(() => forward(at([x], 0))),
    saved: [],
    backward: (gradient) => [tf.zerosLike(gradient)],
  }));
}

/** Element of a list that is known to be there. */
export function at<T>(list: readonly (T | undefined)[], index: number): T {
  const element = list[index];
  if (element === undefined) throw new Error(`no element ${index} in a list of ${list.length}`);
  return element;
}

/** Sum of the products of two tensors of one shape: one operation, and no tensor of that shape is made. */
export function dot(a: Tensor, b: Tensor): Tensor {
  if (!isNative) return a.mul(b).sum();
  const axes = 'abcdef'.slice(0, a.rank);
  const attributes = {
    N: { int: 2 },
    T: { type: 'float32' },
    equation: { text: `${axes},${axes}->` },
  } as const;
  return outputAt(runNative('Einsum', attributes, [a, b], 1), 0);
}

/** A loss and its gradients; null for a tensor the loss does not depend on. */
export interface LossGradients {
  readonly loss: Tensor;
  readonly gradients: readonly (Tensor | null)[];
}

/** Gradients of a scalar with respect to variables and other tensors. The caller frees all of it, or is in a tidy. */
export function gradientsOf(loss: () => Tensor, parameters: readonly Tensor[]): LossGradients {
  const { value, grads } = tf
    .engine()
    .gradients(
      () => loss() as ReturnType<typeof tf.scalar>,
      [...parameters],
      undefined as never,
      true,
    );
  return { loss: value, gradients: grads.map((gradient) => gradient ?? null) };
}
