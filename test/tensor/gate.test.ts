// The hard choice and the convolutions around it, by finite differences.

import { expect, test } from 'vitest';
import {
  convolve,
  convolveDepthwise,
  shuffleChannels,
  sliceKernel,
} from '../../src/tensor/convolve.ts';
import { type Tensor, tensorCount, tf, valuesOf } from '../../src/tensor/engine.ts';
import { selectFirst } from '../../src/tensor/gate.ts';
import { detached, gradientsOf } from '../../src/tensor/gradient.ts';

const normal = (shape: number[], seed: number): Tensor =>
  tf.randomNormal(shape, 0, 1, 'float32', seed);

function scalarOf(loss: () => Tensor): number {
  return valuesOf(loss())[0] ?? Number.NaN;
}

test('the sampled path alone is computed, and every path has its gradient', () => {
  const x = normal([2, 3], 1);
  const [a, b] = [normal([3, 3], 2), normal([3, 3], 3)];
  const gate = tf.tensor1d([1, 0]);
  const target = normal([2, 3], 4);
  const output = (kernel: Tensor) => (input: Tensor) => tf.matMul(input as never, kernel as never);
  const loss = () =>
    selectFirst([output(a)(x), detached(x, output(b))], gate)
      .mul(target)
      .sum();
  expect(scalarOf(loss)).toBeCloseTo(
    scalarOf(() => output(a)(x).mul(target).sum()),
    5,
  );

  const [byX, byA, byB, byGate] = gradientsOf(loss, [x, a, b, gate]).gradients;
  // Earlier layers and weights see the sampled path only.
  const expected = gradientsOf(() => output(a)(x).mul(target).sum(), [x, a]).gradients;
  expect(Array.from(valuesOf(byX as Tensor))).toEqual(Array.from(valuesOf(expected[0] as Tensor)));
  expect(Array.from(valuesOf(byA as Tensor))).toEqual(Array.from(valuesOf(expected[1] as Tensor)));
  expect(byB).toBeNull();
  // The gate's gradient is that of the soft sum gate_0 a + gate_1 b, by central differences.
  const soft = (w0: number, w1: number): number =>
    scalarOf(() => output(a)(x).mul(w0).add(output(b)(x).mul(w1)).mul(target).sum());
  const step = 0.5;
  const slopes = [
    (soft(1 + step, 0) - soft(1 - step, 0)) / (2 * step),
    (soft(1, step) - soft(1, -step)) / (2 * step),
  ];
  slopes.forEach((slope, k) => {
    expect(valuesOf(byGate as Tensor)[k]).toBeCloseTo(slope, 3);
  });
});

test.each([
  ['dense', convolve, [3, 3, 2, 4]],
  ['depthwise', convolveDepthwise, [3, 3, 2, 1]],
] as const)('a %s convolution by finite differences', (_name, run, shape) => {
  const x = normal([1, 4, 4, 2], 5);
  const kernel = normal([...shape], 6);
  const weights = normal([1, 2, 2, _name === 'dense' ? 4 : 2], 7);
  const loss = (k: Tensor) => () => run(x, k, 2).mul(weights).sum();
  const [gradient] = gradientsOf(loss(kernel), [kernel]).gradients;
  const values = valuesOf(kernel);
  for (const index of [0, 7, values.length - 1]) {
    const shifted = (by: number): number => {
      const copy = values.slice();
      copy[index] = (copy[index] ?? 0) + by;
      return scalarOf(loss(tf.tensor(copy, [...shape])));
    };
    const slope = (shifted(0.5) - shifted(-0.5)) / 1;
    expect(valuesOf(gradient as Tensor)[index]).toBeCloseTo(slope, 3);
  }
});

test('a slice is the centre of the kernel and the first channels', () => {
  const kernel = tf.range(0, 5 * 5 * 2 * 2).reshape([5, 5, 2, 2]);
  const slice = sliceKernel(kernel, 3, 1, 2);
  expect(slice.shape).toEqual([3, 3, 1, 2]);
  // Row 1, column 1, input 0: ((1 * 5 + 1) * 2 + 0) * 2.
  expect(Array.from(valuesOf(slice)).slice(0, 2)).toEqual([24, 25]);
});

test('a shuffle sends channel g * n + i to i * groups + g', () => {
  const x = tf.range(0, 6).reshape([1, 1, 1, 6]);
  expect(Array.from(valuesOf(shuffleChannels(x, 2)))).toEqual([0, 3, 1, 4, 2, 5]);
});

test('a detached computation leaves nothing behind', () => {
  const x = normal([4], 8);
  const before = tensorCount();
  tf.tidy(() => {
    detached(x, (input) => input.mul(2).add(1).square());
  });
  expect(tensorCount()).toBe(before);
});
