import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packTensor, putBits, unpackTensor } from '../../src/lower/pack.ts';
import type { Tensor } from '../../src/network/network.ts';

const packed = fc
  .record({
    rows: fc.integer({ min: 1, max: 4 }),
    columns: fc.integer({ min: 1, max: 4 }),
    channels: fc.integer({ min: 1, max: 40 }),
    slotBits: fc.constantFrom(2, 4, 8, 16),
    narrower: fc.nat(14),
    signed: fc.boolean(),
    busBits: fc.constantFrom(32, 64),
    zero: fc.nat(),
    seed: fc.infiniteStream(fc.nat(65_535)),
  })
  .map(({ rows, columns, channels, slotBits, narrower, signed, busBits, zero, seed }) => {
    const bits = Math.max(2, slotBits - narrower);
    const low = signed ? -(2 ** (bits - 1)) : 0;
    const draw = (raw: number) => low + (raw % 2 ** bits);
    const tensor: Tensor = {
      name: 't',
      shape: [rows, columns, channels],
      bits,
      signed,
      scale: 1,
      zeroPoint: draw(zero),
    };
    const values = Int32Array.from({ length: rows * columns * channels }, () =>
      draw(seed.next().value),
    );
    return { tensor, values, slotBits, busBits };
  });

test('unpacking gives back what was packed, for all slots, widths and signs', () => {
  fc.assert(
    fc.property(packed, ({ tensor, values, slotBits, busBits }) => {
      const bytes = packTensor(tensor, values, slotBits, busBits);
      expect(unpackTensor(tensor, bytes, slotBits, busBits)).toEqual(values);
    }),
    { numRuns: 500 },
  );
});

test('every lane is where the layout says, spare lanes hold the zero point', () => {
  fc.assert(
    fc.property(packed, ({ tensor, values, slotBits, busBits }) => {
      const bytes = packTensor(tensor, values, slotBits, busBits);
      const [rows, columns, channels] = tensor.shape;
      const lanes = busBits / slotBits;
      const blocks = Math.ceil(channels / lanes);
      expect(bytes.length).toBe((blocks * rows * columns * busBits) / 8);
      // As one long little-endian number: lane k of beat b is at bit b * bus + k * slot.
      const all = BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
      for (let block = 0; block < blocks; block++)
        for (let pixel = 0; pixel < rows * columns; pixel++)
          for (let lane = 0; lane < lanes; lane++) {
            const channel = block * lanes + lane;
            const want = channel < channels ? values[pixel * channels + channel] : tensor.zeroPoint;
            const bit = BigInt((block * rows * columns + pixel) * busBits + lane * slotBits);
            const got = BigInt.asUintN(slotBits, all >> bit);
            expect(got).toBe(BigInt.asUintN(slotBits, BigInt(want ?? 0)));
          }
    }),
    { numRuns: 100 },
  );
});

test('putBits changes its field and nothing beside it', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      fc.nat(90),
      fc.integer({ min: 1, max: 32 }),
      fc.integer(),
      (bytes, offset, width, value) => {
        const whole = (array: Uint8Array) =>
          BigInt(`0x${Buffer.from(array).reverse().toString('hex')}`);
        const before = whole(bytes);
        const after = Uint8Array.from(bytes);
        putBits(after, offset, width, value);
        const mask = ((1n << BigInt(width)) - 1n) << BigInt(offset);
        const field = BigInt.asUintN(width, BigInt(value)) << BigInt(offset);
        expect(whole(after)).toBe((before & ~mask) | field);
      },
    ),
    { numRuns: 1000 },
  );
});
