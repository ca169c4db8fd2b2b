// Each native operation against its plain form in tfjs' own operations, values and gradients.

import { expect, test } from 'vitest';
import { batchNorm, batchNormPlain } from '../../src/tensor/batch-norm.ts';
import { engineRecord, isNative, type Tensor, tf } from '../../src/tensor/engine.ts';
import { gradientsOf } from '../../src/tensor/gradient.ts';
import { levelsOf } from '../../src/tensor/levels.ts';
import { crossEntropy, crossEntropyPlain } from '../../src/tensor/loss.ts';
import { relu6, relu6Plain } from '../../src/tensor/relu6.ts';
import {
  passWithin,
  passWithinPlain,
  rangeOfStep,
  roundToLevels,
  roundToLevelsPlain,
} from '../../src/tensor/rounding.ts';

const normal = (shape: number[], seed: number, deviation = 1): Tensor =>
  tf.randomNormal(shape, 0, deviation, 'float32', seed);

/** Largest difference over largest magnitude. */
function relativeDifference(a: Tensor, b: Tensor): number {
  const difference = a.sub(b).abs().max().dataSync()[0] ?? Number.NaN;
  return difference / (b.abs().max().dataSync()[0] ?? 1);
}

/** Value and gradients of sum(weights * f(inputs)). */
function probe(f: (...inputs: Tensor[]) => Tensor, inputs: Tensor[], seed = 9): Tensor[] {
  const value = f(...inputs);
  const weights = normal(value.shape, seed);
  const { gradients } = gradientsOf(
    () =>
      f(...inputs)
        .mul(weights)
        .sum(),
    inputs,
  );
  return [value, ...gradients.map((gradient) => gradient ?? tf.scalar(Number.NaN))];
}

function expectSame(actual: Tensor[], oracle: Tensor[], tolerance: number): void {
  expect(actual.length).toBe(oracle.length);
  actual.forEach((tensor, i) => {
    expect(tensor.shape).toEqual(oracle[i]?.shape);
    expect(relativeDifference(tensor, oracle[i] ?? tensor)).toBeLessThan(tolerance);
  });
}

test('the addon is loaded with its threads pinned', () => {
  expect(isNative).toBe(true);
  expect(engineRecord()).toMatchObject({ backend: 'tensorflow', intraThreads: '2', oneDnn: '0' });
});

test('batch norm', () => {
  const inputs = [normal([4, 5, 6, 3], 1, 2), normal([3], 2), normal([3], 3)];
  expectSame(
    probe((x, gain, offset) => batchNorm(x as Tensor, gain as Tensor, offset as Tensor), inputs),
    probe(
      (x, gain, offset) => batchNormPlain(x as Tensor, gain as Tensor, offset as Tensor),
      inputs,
    ),
    1e-4,
  );
});

test('ReLU6', () => {
  const inputs = [normal([200], 4, 5)];
  expectSame(
    probe((x) => relu6(x as Tensor), inputs),
    probe((x) => relu6Plain(x as Tensor), inputs),
    1e-6,
  );
});

test('cross-entropy', () => {
  const labels = tf.tensor1d([0, 2, 4, 1], 'int32');
  const inputs = [normal([4, 5], 5, 3)];
  expectSame(
    probe((x) => crossEntropy(x as Tensor, labels), inputs),
    probe((x) => crossEntropyPlain(x as Tensor, labels), inputs),
    1e-5,
  );
});

test.each([
  [4, 'unsigned'],
  [6, 'signed'],
  [8, 'narrow'],
  [2, 'narrow'],
  [8, 'unsigned'],
] as const)('rounding to %i bits, %s', (bits, form) => {
  const levels = levelsOf(bits, form);
  const x = normal([50, 7], 6, 3);
  const steps = [tf.scalar(0.11), tf.tensor1d([0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1])];
  for (const step of steps) {
    const range = rangeOfStep(step, levels);
    expectSame(
      [roundToLevels(x, range, levels), passWithin(x, x, range, levels)],
      [roundToLevelsPlain(x, range, levels), passWithinPlain(x, x, range)],
      1e-5,
    );
  }
});

test('rounding gives whole multiples of the step, ties up', () => {
  const levels = levelsOf(4, 'signed');
  const x = tf.tensor1d([-9, -1.26, -1.25, -0.75, 0.25, 0.74, 0.75, 9]);
  const rounded = roundToLevels(x, rangeOfStep(tf.scalar(0.5), levels), levels).dataSync();
  expect(Array.from(rounded)).toEqual([-4, -1.5, -1, -0.5, 0.5, 0.5, 1, 3.5]);
});
