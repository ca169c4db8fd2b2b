import fc from 'fast-check';
import { expect, test } from 'vitest';
import { halfUpFactor, tfliteFactor } from '../../src/network/factors.ts';

const factor = fc.double({ min: 2 ** -20, max: 100, noNaN: true });

test('half-up factors keep 15 bits or more', () => {
  fc.assert(
    fc.property(factor, (real) => {
      const { multiplier, shift } = halfUpFactor(real);
      expect(multiplier).toBeLessThanOrEqual(65_535);
      expect(Math.abs((multiplier * 2 ** -shift) / real - 1)).toBeLessThan(2 ** -15);
    }),
  );
});

test('tflite factors keep 31 bits', () => {
  fc.assert(
    fc.property(factor, (real) => {
      const { multiplier, exponent } = tfliteFactor(real);
      expect(multiplier).toBeGreaterThanOrEqual(2 ** 30);
      expect(multiplier).toBeLessThan(2 ** 31);
      expect(Math.abs((multiplier * 2 ** (exponent - 31)) / real - 1)).toBeLessThan(2 ** -31);
    }),
  );
});

test('the ends of both ranges', () => {
  expect(halfUpFactor(0)).toEqual({ multiplier: 0, shift: 47 });
  expect(halfUpFactor(1)).toEqual({ multiplier: 32_768, shift: 15 });
  expect(halfUpFactor(1e9)).toEqual({ multiplier: 65_535, shift: 1 });
  expect(halfUpFactor(2 ** -47)).toEqual({ multiplier: 1, shift: 47 });
  expect(tfliteFactor(0)).toEqual({ multiplier: 0, exponent: 0 });
  expect(tfliteFactor(1)).toEqual({ multiplier: 2 ** 30, exponent: 1 });
  expect(tfliteFactor(0.5)).toEqual({ multiplier: 2 ** 30, exponent: 0 });
  expect(tfliteFactor(1 - 2 ** -40)).toEqual({ multiplier: 2 ** 30, exponent: 1 });
  expect(tfliteFactor(2 ** -40)).toEqual({ multiplier: 0, exponent: 0 });
});
