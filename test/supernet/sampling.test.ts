import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  keepMass,
  largestIndex,
  largestIndices,
  perturb,
  softmax,
  softmaxGradient,
} from '../../src/supernet/sampling.ts';
import { createRng } from '../../src/util/rng.ts';

const logit = fc.double({ min: -5, max: 5, noNaN: true });
const logitList = fc.array(logit, { minLength: 2, maxLength: 9 });

test('the largest perturbed logit is a sample of the softmax (chi-square)', () => {
  const logits = [0.5, -1, 0, 1.5, -0.3];
  const expected = softmax(logits);
  const counts = [0, 0, 0, 0, 0];
  const rng = createRng(7);
  const draws = 20_000;
  for (let i = 0; i < draws; i += 1) {
    const index = largestIndex(perturb(logits, rng));
    counts[index] = (counts[index] ?? 0) + 1;
  }
  const chiSquare = counts.reduce((sum, count, i) => {
    const mean = draws * (expected[i] ?? 0);
    return sum + (count - mean) ** 2 / mean;
  }, 0);
  // 99.9 % quantile at 4 degrees of freedom.
  expect(chiSquare).toBeLessThan(18.47);
});

test('Gumbel noise has its mean and variance', () => {
  const rng = createRng(1);
  const noise = Array.from({ length: 20_000 }, () => perturb([0], rng)[0] ?? 0);
  const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
  const variance = noise.reduce((sum, value) => sum + (value - mean) ** 2, 0) / noise.length;
  expect(mean).toBeCloseTo(0.5772, 1);
  expect(variance).toBeCloseTo(Math.PI ** 2 / 6, 1);
});

describe('properties', () => {
  test('after a step inactive choices keep their probability', () => {
    const step = fc.tuple(
      logitList,
      fc.integer({ min: 1, max: 8 }),
      fc.array(logit, { minLength: 9 }),
    );
    fc.assert(
      fc.property(step, ([logits, count, changes]) => {
        const active = largestIndices(logits, Math.min(count, logits.length));
        const before = active.map((index) => logits[index] ?? 0);
        const after = keepMass(
          before,
          before.map((value, k) => value + (changes[k] ?? 0)),
        );
        const stepped = [...logits];
        active.forEach((index, k) => {
          stepped[index] = after[k] ?? 0;
        });
        const [old, now] = [softmax(logits), softmax(stepped)];
        logits.forEach((_, index) => {
          if (!active.includes(index)) expect(now[index]).toBeCloseTo(old[index] ?? 0, 10);
        });
      }),
    );
  });

  test('the gradient through softmax is that of finite differences', () => {
    fc.assert(
      fc.property(
        logitList,
        fc.double({ min: 0.3, max: 5, noNaN: true }),
        (logits, temperature) => {
          const slopes = logits.map((_, i) => Math.sin(i + 1));
          const value = (at: readonly number[]): number =>
            softmax(at, temperature).reduce((sum, share, i) => sum + share * (slopes[i] ?? 0), 0);
          const gradient = softmaxGradient(softmax(logits, temperature), slopes, temperature);
          const delta = 1e-5;
          logits.forEach((_, i) => {
            const moved = (by: number): number[] => logits.map((l, j) => (j === i ? l + by : l));
            const slope = (value(moved(delta)) - value(moved(-delta))) / (2 * delta);
            expect(gradient[i]).toBeCloseTo(slope, 5);
          });
        },
      ),
    );
  });
});
