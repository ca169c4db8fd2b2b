import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  exactAverage,
  exactHalfUp,
  exactTfliteDouble,
  exactTfliteSingle,
} from '../../src/integer/exact.ts';
import {
  rescaleHalfUp,
  rescaleTfliteDouble,
  rescaleTfliteSingle,
  roundedAverage,
  roundingDivide,
} from '../../src/integer/rescale.ts';

/** 32-bit sums, thick with extremes and with neighbours of powers of two, where halves and carries lie. */
const sum = fc.oneof(
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  fc.constantFrom(-(2 ** 31), 1 - 2 ** 31, -1, 0, 1, 2 ** 31 - 1),
  fc
    .tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: -2, max: 2 }), fc.boolean())
    .map(([power, off, negative]) => (negative ? -1 : 1) * (2 ** power + off)),
);
const u16 = fc.oneof(fc.integer({ min: 0, max: 65_535 }), fc.constantFrom(0, 1, 32_768, 65_535));
const q31 = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  fc.constantFrom(0, 1, 2 ** 16, 2 ** 30, 2 ** 31 - 65_536, 2 ** 31 - 1),
);
const runs = { numRuns: 20_000 };

test('half-up rescaling equals its big-integer form', () => {
  fc.assert(
    fc.property(sum, u16, fc.integer({ min: 1, max: 47 }), (acc, multiplier, shift) => {
      expect(rescaleHalfUp(acc, multiplier, shift)).toBe(
        Number(exactHalfUp(BigInt(acc), multiplier, shift)),
      );
    }),
    runs,
  );
});

test('half-up rescaling equals ((t >> (s-1)) + 1) >> 1, the form of the hardware', () => {
  fc.assert(
    fc.property(sum, u16, fc.integer({ min: 1, max: 47 }), (acc, multiplier, shift) => {
      const product = BigInt(acc) * BigInt(multiplier);
      const narrow = ((product >> BigInt(shift - 1)) + 1n) >> 1n;
      expect(BigInt(rescaleHalfUp(acc, multiplier, shift))).toBe(narrow);
    }),
    runs,
  );
});

test('tflite double rounding equals its big-integer form', () => {
  fc.assert(
    fc.property(sum, q31, fc.integer({ min: -31, max: 7 }), (wide, multiplier, exponent) => {
      // The shifted sum must stay within 32 bits, as checkAccumulators demands of networks.
      const acc = exponent > 0 ? Math.trunc(wide / 2 ** exponent) : wide;
      expect(rescaleTfliteDouble(acc, multiplier, exponent)).toBe(
        Number(exactTfliteDouble(BigInt(acc), multiplier, exponent)),
      );
    }),
    runs,
  );
});

test('tflite single rounding equals its big-integer form', () => {
  fc.assert(
    fc.property(sum, q31, fc.integer({ min: -31, max: 7 }), (acc, multiplier, exponent) => {
      expect(rescaleTfliteSingle(acc, multiplier, exponent)).toBe(
        Number(exactTfliteSingle(BigInt(acc), multiplier, exponent)),
      );
    }),
    runs,
  );
});

test('averages equal their big-integer form', () => {
  fc.assert(
    fc.property(sum, fc.integer({ min: 1, max: 65_535 }), (total, count) => {
      expect(roundedAverage(total, count) + 0).toBe(
        Number(exactAverage(BigInt(total), BigInt(count))),
      );
    }),
    runs,
  );
});

test('halves: up, or away from zero, as each form says', () => {
  expect([-3, -1, 1, 3].map((acc) => rescaleHalfUp(acc, 1, 1))).toEqual([-1, 0, 1, 2]);
  expect([-3, -1, 1, 3].map((value) => roundingDivide(value, 1))).toEqual([-2, -1, 1, 2]);
  expect([-3, -1, 1, 3].map((total) => roundedAverage(total, 2))).toEqual([-2, -1, 1, 2]);
  // A factor of 1/2 by the multiplier rounds halves up; by the exponent, away from zero.
  expect([-3, 3].map((acc) => rescaleTfliteDouble(acc, 2 ** 30, 0))).toEqual([-1, 2]);
  expect([-6, 6].map((acc) => rescaleTfliteDouble(acc, 2 ** 30, -1))).toEqual([-2, 2]);
  expect([-6, 6].map((acc) => rescaleTfliteSingle(acc, 2 ** 30, -1))).toEqual([-1, 2]);
});
