import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bestStep } from '../../src/supernet/best-step.ts';
import { groupMask } from '../../src/supernet/group-mask.ts';
import { integerAdd, integerFactor } from '../../src/supernet/requantize.ts';
import { levelsOf } from '../../src/tensor/index.ts';

/** 2^exponent over the factors that a network can have. */
const factor = fc.double({ min: -30, max: 10, noNaN: true }).map((exponent) => 2 ** exponent);

test('a factor becomes 16 bits and a shift, within half a unit of the last bit', () => {
  fc.assert(
    fc.property(factor, (value) => {
      const { multiplier, shift } = integerFactor(value);
      expect(Number.isInteger(multiplier) && multiplier <= 65_535).toBe(true);
      expect(shift >= 1 && shift <= 47).toBe(true);
      expect(Math.abs(multiplier * 2 ** -shift - value)).toBeLessThanOrEqual(value * 2 ** -15);
    }),
  );
  expect(integerFactor(0)).toEqual({ multiplier: 0, shift: 1 });
});

test('an addition shares one shift', () => {
  fc.assert(
    fc.property(factor, factor, (a, b) => {
      const { multiplierA, multiplierB, shift } = integerAdd(a, b);
      const unit = 2 ** -shift;
      const largest = Math.max(a, b);
      expect(Math.abs(multiplierA * unit - a)).toBeLessThanOrEqual(largest * 2 ** -15);
      expect(Math.abs(multiplierB * unit - b)).toBeLessThanOrEqual(largest * 2 ** -15);
    }),
  );
});

test('the best step clips an outlier at few bits and not at many', () => {
  const sample = [...Array.from({ length: 2000 }, (_, i) => Math.sin(i) * 0.999), 8];
  const clip = (bits: number): number => {
    const levels = levelsOf(bits, 'narrow');
    return bestStep(sample, levels) * levels.high;
  };
  expect(clip(3)).toBeLessThan(3);
  expect(clip(12)).toBeCloseTo(8);
  expect(bestStep([0, 0], levelsOf(4, 'unsigned'))).toBeGreaterThan(0);
});

test('masks keep a group to itself, before and after the shuffle', () => {
  expect(Array.from(groupMask(2, 4, 2, 'plain'))).toEqual([1, 1, 0, 0, 0, 0, 1, 1]);
  expect(Array.from(groupMask(2, 4, 2, 'shuffled'))).toEqual([1, 0, 1, 0, 0, 1, 0, 1]);
});
