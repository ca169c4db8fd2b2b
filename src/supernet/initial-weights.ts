// Starting values of trained tensors.

import { type Variable, variableFrom } from '../tensor/index.ts';
import type { Rng } from '../util/rng.ts';

/** Normal with variance 2 / fanIn (He et al., 2015), for kernels followed by batch norm and ReLU. */
export function randomKernel(shape: readonly number[], fanIn: number, rng: Rng): Variable {
  const size = shape.reduce((product, length) => product * length, 1);
  const deviation = Math.sqrt(2 / fanIn);
  return variableFrom(
    Float32Array.from({ length: size }, () => deviation * rng.normal()),
    shape,
  );
}

/** A vector of one value. */
export function constantVector(length: number, value: number): Variable {
  return variableFrom(new Float32Array(length).fill(value), [length]);
}

/** A scalar. */
export function scalarVariable(value: number): Variable {
  return variableFrom(Float32Array.of(value), []);
}
