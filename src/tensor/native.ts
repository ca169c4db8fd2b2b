// Runs an operation of the native library by name, for those tfjs has no kernel or only a composite gradient for.

import { type Tensor, tf } from './engine.ts';

/** A value by TensorFlow's own attribute types; numbers are `int` or `float` by declaration, never by guess. */
export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly bool: boolean }
  | { readonly text: string }
  | { readonly type: 'float32' | 'int32' };

interface Binding {
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
}

interface BoundAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

interface NativeBackend {
  readonly binding: Binding;
  executeMultipleOutputs(
    name: string,
    attributes: readonly BoundAttribute[],
    inputs: readonly Tensor[],
    outputs: number,
  ): Tensor[];
}

function bind(binding: Binding, name: string, attribute: Attribute): BoundAttribute {
  if ('int' in attribute) return { name, type: binding.TF_ATTR_INT, value: attribute.int };
  if ('float' in attribute) return { name, type: binding.TF_ATTR_FLOAT, value: attribute.float };
  if ('bool' in attribute) return { name, type: binding.TF_ATTR_BOOL, value: attribute.bool };
  if ('text' in attribute) return { name, type: binding.TF_ATTR_STRING, value: attribute.text };
  const value = attribute.type === 'float32' ? binding.TF_FLOAT : binding.TF_INT32;
  return { name, type: binding.TF_ATTR_TYPE, value };
}

/** Outputs of one native operation. Call it inside a custom gradient: the tape does not see it. */
export function runNative(
  name: string,
  attributes: Readonly<Record<string, Attribute>>,
  inputs: readonly Tensor[],
  outputs: number,
): Tensor[] {
  const backend = tf.backend() as unknown as NativeBackend;
  const bound = Object.entries(attributes).map(([key, value]) => bind(backend.binding, key, value));
  return backend.executeMultipleOutputs(name, bound, inputs, outputs);
}

/** The outputs of a native operation at one position; its absence is a bug of ours. */
export function outputAt(outputs: readonly Tensor[], index: number): Tensor {
  const output = outputs[index];
  if (output === undefined) throw new Error(`native operation has no output ${index}`);
  return output;
}
