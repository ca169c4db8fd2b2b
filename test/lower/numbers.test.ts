import fc from 'fast-check';
import { expect, test } from 'vitest';
import { averageScale } from '../../src/accelerator/averages.ts';
import { formLayers, type Layer } from '../../src/accelerator/layers.ts';
import { layerNumbers } from '../../src/lower/numbers.ts';
import { AutoNbaError, defined } from '../../src/util/errors.ts';
import { tiny, tinyConv, tinyParameters, withConv, withTensor } from '../network/tiny.ts';

/** Nearest whole number, ties away from zero, in big integers. */
function exactQuotient(sum: number, count: number): number {
  const [s, c] = [BigInt(Math.abs(sum)), BigInt(count)];
  return Number((2n * s + c) / (2n * c)) * (sum < 0 ? -1 : 1);
}

test('an average scale divides every reachable sum exactly, ties away from zero', () => {
  const widths = fc.integer({ min: 2, max: 8 });
  const counts = fc.oneof(fc.integer({ min: 1, max: 400 }), fc.constantFrom(64, 128, 256));
  fc.assert(
    fc.property(counts, widths, fc.boolean(), (count, bits, signed) => {
      const low = signed ? -(2 ** (bits - 1)) : 0;
      const high = low + 2 ** bits - 1;
      const scale = averageScale(count, low, high);
      // 16 bits of multiplier are enough up to 92 values of 8 bits, and for powers of two; beyond only for some.
      const isPower = Number.isInteger(Math.log2(count));
      if (scale === undefined) {
        expect(count > 92 && (signed || !isPower)).toBe(true);
        return;
      }
      const { multiplier, shift } = scale;
      expect(multiplier).toBeLessThanOrEqual(65_535);
      expect(shift).toBeGreaterThanOrEqual(1);
      expect(shift).toBeLessThanOrEqual(47);
      for (let sum = low * count; sum <= high * count; sum++) {
        const got = Math.floor((sum * multiplier + 2 ** (shift - 1)) / 2 ** shift);
        if (got !== exactQuotient(sum, count))
          throw new Error(`${sum} / ${count} gives ${got}, not ${exactQuotient(sum, count)}`);
      }
    }),
    { numRuns: 60 },
  );
});

test('with 20 bits of multiplier every average of up to 400 values of 8 bits is exact', () => {
  const limits = { multiplierBits: 20, maxShift: 52 };
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), fc.boolean(), (count, signed) => {
      const low = signed ? -128 : 0;
      const { multiplier, shift } = defined(averageScale(count, low, low + 255, limits), 'a scale');
      expect(multiplier).toBeLessThan(2 ** 20);
      for (let sum = low * count; sum <= (low + 255) * count; sum++) {
        const got = Math.floor((sum * multiplier + 2 ** (shift - 1)) / 2 ** shift);
        if (got !== exactQuotient(sum, count)) throw new Error(`${sum} / ${count} gives ${got}`);
      }
    }),
    { numRuns: 40 },
  );
});

test('where no 16-bit multiplier divides exactly there is no scale', () => {
  expect(averageScale(3, 0, 65_535)).toBe(undefined);
});

const layerOf = (network: typeof tiny, index = 0): Layer => {
  const formed = formLayers(network);
  if (!formed.ok) throw new Error(formed.reason);
  return defined(formed.layers[index], 'a layer');
};
const refusal = (layer: Layer): string => {
  try {
    layerNumbers(layer);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof AutoNbaError)) throw error;
    expect(error.exitCode).toBe(1);
    return error.message;
  }
};

test('the zero point of the input goes into the bias', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -7, max: 7 }), { minLength: 9, maxLength: 9 }),
      fc.integer({ min: -128, max: 127 }),
      fc.integer({ min: -1000, max: 1000 }),
      fc.array(fc.integer({ min: -128, max: 127 }), { minLength: 9, maxLength: 9 }),
      (weights, zeroPoint, bias, activations) => {
        const network = withConv({
          parameters: {
            ...tinyParameters,
            weights: Int16Array.from(weights),
            bias: Int32Array.of(bias),
          },
        });
        const layer = layerOf(network);
        const numbers = layerNumbers({ ...layer, input: { ...layer.input, zeroPoint } });
        const dot = (offset: number) =>
          weights.reduce((sum, weight, k) => sum + weight * ((activations[k] ?? 0) - offset), 0);
        expect(defined(numbers.bias[0], 'the bias') + dot(0)).toBe(bias + dot(zeroPoint));
      },
    ),
  );
});

test('a sum that could overflow is refused, the largest that cannot is taken', () => {
  // The centre tap is 2, the input reaches -128: the sum leaves 256 of room.
  const withBias = (bias: number) =>
    layerOf(withConv({ parameters: { ...tinyParameters, bias: Int32Array.of(bias) } }));
  expect(refusal(withBias(2 ** 31 - 257))).toBe('accepted');
  expect(refusal(withBias(2 ** 31 - 256))).toBe(
    'layer "conv" cannot be lowered: the sum of channel 0 could overflow 32 bits; the nearest legal is an input of 7 bits',
  );
  expect(refusal(withBias(-(2 ** 31 - 256)))).toBe(
    'layer "conv" cannot be lowered: the sum of channel 0 could overflow 32 bits; the nearest legal is an input of 7 bits',
  );
});

test('what the requantizer cannot do is refused', () => {
  const { parameters: _, ...bare } = layerOf(tiny);
  expect(refusal(bare)).toMatchInlineSnapshot(
    `"layer "conv" cannot be lowered: the network comes without weights"`,
  );
  const tflite = {
    form: 'tflite' as const,
    rounding: 'double' as const,
    multipliers: [2 ** 30],
    exponents: [0],
  };
  expect(
    refusal(
      layerOf(withConv({ ...tinyConv, parameters: { ...tinyParameters, requantization: tflite } })),
    ),
  ).toMatchInlineSnapshot(
    `"layer "conv" cannot be lowered: its requantization is tflite, the chunk's half-up"`,
  );
  const wide = layerOf(withTensor('sum', { bits: 16 }), 1);
  expect(refusal(wide)).toMatchInlineSnapshot(
    `"layer "pool" cannot be lowered: an average over 9 values has no exact multiplier"`,
  );
});
