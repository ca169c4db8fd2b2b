// Learned steps and composite quantization against their formulas, one number at a time.

import { expect, test } from 'vitest';
import { type BitMixture, mixActivations, mixWeights } from '../../src/tensor/composite.ts';
import { type Tensor, tf, valuesOf } from '../../src/tensor/engine.ts';
import { gradientsOf } from '../../src/tensor/gradient.ts';
import { learnedStep, learnedStepPerChannel } from '../../src/tensor/learned-step.ts';
import { type Levels, levelsOf } from '../../src/tensor/levels.ts';

const normal = (shape: number[], seed: number, deviation = 1): Tensor =>
  tf.randomNormal(shape, 0, deviation, 'float32', seed);

function gradients(loss: () => Tensor, parameters: Tensor[]): number[][] {
  return gradientsOf(loss, parameters).gradients.map((gradient) =>
    gradient === null ? [] : Array.from(valuesOf(gradient)),
  );
}

const quantize = (x: number, step: number, { low, high }: Levels): number =>
  step * Math.min(high, Math.max(low, Math.floor(x / step + 0.5)));

/** LSQ: by x and by log step, times the incoming gradient. */
function lsq(x: number, step: number, levels: Levels, g: number): readonly [number, number] {
  const inside = x >= levels.low * step && x <= levels.high * step;
  const rounded = quantize(x, step, levels);
  return [inside ? g : 0, g * (inside ? rounded - x : rounded)];
}

test.each(['unsigned', 'signed', 'narrow'] as const)('a learned step, %s levels', (form) => {
  const levels = levelsOf(4, form);
  const step = 0.2;
  const [x, g] = [normal([3, 4, 2], 1), normal([3, 4, 2], 2)];
  const logStep = tf.scalar(Math.log(step));
  const [byX, byStep] = gradients(() => learnedStep(x, logStep, levels).mul(g).sum(), [x, logStep]);
  const [xs, gs] = [Array.from(valuesOf(x)), Array.from(valuesOf(g))];
  const expected = xs.map((value, i) => lsq(value, step, levels, gs[i] ?? 0));
  expected.forEach(([gradient], i) => {
    expect(byX?.[i]).toBeCloseTo(gradient, 5);
  });
  expect(byStep?.[0]).toBeCloseTo(
    expected.reduce((sum, [, own]) => sum + own, 0),
    4,
  );
});

test('a step sampled on the first images estimates the whole batch without bias', () => {
  const levels = levelsOf(4, 'unsigned');
  const image = normal([1, 40], 3);
  const x = tf.tile(image, [32, 1]);
  const logStep = tf.scalar(Math.log(0.15));
  const loss = (input: Tensor) => () => learnedStep(input, logStep, levels).square().sum();
  const [[whole = 0] = []] = gradients(loss(x), [logStep]);
  const [[single = 0] = []] = gradients(loss(image), [logStep]);
  // Two large sums are subtracted, which leaves about four digits of float32.
  expect(whole / (32 * single)).toBeCloseTo(1, 2);
});

test.each([
  ['dense', [1, 1, 3, 4]],
  ['depthwise', [3, 3, 4, 1]],
])('a learned step per channel of a %s kernel', (_name, shape) => {
  const levels = levelsOf(4, 'narrow');
  const steps = [0.05, 0.1, 0.2, 0.4];
  const [kernel, g] = [normal(shape, 4), normal(shape, 5)];
  const logStep = tf.tensor1d(steps.map(Math.log));
  const loss = () => learnedStepPerChannel(kernel, logStep, levels).mul(g).sum();
  const [byKernel, byStep] = gradients(loss, [kernel, logStep]);
  const totals = [0, 0, 0, 0];
  const [ks, gs] = [Array.from(valuesOf(kernel)), Array.from(valuesOf(g))];
  ks.forEach((value, i) => {
    const [gradient, own] = lsq(value, steps[i % 4] ?? 0, levels, gs[i] ?? 0);
    totals[i % 4] = (totals[i % 4] ?? 0) + own;
    expect(byKernel?.[i]).toBeCloseTo(gradient, 5);
  });
  totals.forEach((total, channel) => {
    expect(byStep?.[channel]).toBeCloseTo(total, 4);
  });
});

const widths = [3, 4, 8];

function mixture(shares: readonly number[], gate?: Tensor): BitMixture {
  return gate === undefined ? { widths, shares } : { widths, shares, gate };
}

test('activations on a mixture are the mixed roundings, and the gate sees each of them', () => {
  const clip = 1.5;
  const logClip = tf.scalar(Math.log(clip));
  const [x, g] = [normal([5, 6], 6), normal([5, 6], 7)];
  const [xs, gs] = [Array.from(valuesOf(x)), Array.from(valuesOf(g))];
  const rounded = (width: number): number[] => {
    const levels = levelsOf(width, 'unsigned');
    return xs.map((value) => quantize(value, clip / levels.high, levels));
  };
  const shares = [0.2, 0.3, 0.5];
  const soft = valuesOf(mixActivations(x, logClip, mixture(shares), 'unsigned'));
  xs.forEach((_, i) => {
    const expected = widths.reduce((sum, w, j) => sum + (shares[j] ?? 0) * (rounded(w)[i] ?? 0), 0);
    expect(soft[i]).toBeCloseTo(expected, 5);
  });

  const gate = tf.tensor1d([0, 1, 0]);
  const hard = mixture([0, 1, 0], gate);
  const loss = () => mixActivations(x, logClip, hard, 'unsigned').mul(g).sum();
  const [byX, byGate] = gradients(loss, [x, gate]);
  widths.forEach((width, j) => {
    const expected = rounded(width).reduce((sum, value, i) => sum + value * (gs[i] ?? 0), 0);
    expect(byGate?.[j]).toBeCloseTo(expected, 4);
  });
  xs.forEach((value, i) => {
    expect(byX?.[i]).toBeCloseTo(value >= 0 && value <= clip ? (gs[i] ?? 0) : 0, 5);
  });
});

test('weights on a mixture pass their gradient on, and reach each channel from end to end', () => {
  const kernel = normal([1, 1, 5, 2], 8);
  const g = normal([1, 1, 5, 2], 9);
  const gate = tf.tensor1d([0, 0, 1]);
  const hard = mixture([0, 0, 1], gate);
  const loss = () => mixWeights(kernel, 2, hard).mul(g).sum();
  const [byKernel, byGate] = gradients(loss, [kernel, gate]);
  expect(byKernel).toEqual(Array.from(valuesOf(g)));
  const [ks, gs] = [Array.from(valuesOf(kernel)), Array.from(valuesOf(g))];
  const clip = [0, 1].map((channel) =>
    Math.max(...ks.filter((_, i) => i % 2 === channel).map(Math.abs)),
  );
  widths.forEach((width, j) => {
    const levels = levelsOf(width, 'narrow');
    const expected = ks.reduce(
      (sum, value, i) =>
        sum + quantize(value, (clip[i % 2] ?? 1) / levels.high, levels) * (gs[i] ?? 0),
      0,
    );
    expect(byGate?.[j]).toBeCloseTo(expected, 4);
  });
});
