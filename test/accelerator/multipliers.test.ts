import { expect, test } from 'vitest';
import type { Chunk, ChunkKind, MultiplierStyle } from '../../src/accelerator/accelerator.ts';
import {
  dsp48Ports,
  dspOfArray,
  factorBits,
  multiplierProblem,
  multiplierStyles,
  packingOf,
  stylePacks,
} from '../../src/accelerator/multipliers.ts';
import { defined } from '../../src/util/errors.ts';
import { packed, slots } from './packed.ts';

test('packings are the ones that fit a DSP48E1', () => {
  const widest = (kind: ChunkKind, style: MultiplierStyle) =>
    slots.map((slotBits) =>
      Math.max(
        0,
        ...packed
          .filter(
            (entry) => entry.kind === kind && entry.style === style && entry.slotBits === slotBits,
          )
          .map((entry) => entry.weightBits),
      ),
    );
  expect(widest('standard', 'dsp2')).toEqual([11, 10, 8, 4]);
  expect(widest('standard', 'dsp4')).toEqual([7, 6, 0, 0]);
  expect(widest('depthwise', 'dsp2')).toEqual([16, 16, 8, 0]);
  expect(widest('depthwise', 'dsp4')).toEqual([0, 0, 0, 0]);
});

test('a wider DSP block packs wider weights', () => {
  const { rows, outputs } = defined(packingOf('dsp2', 'standard'), 'packing');
  expect(factorBits({ rows, outputs }, 8, 9)).toEqual({ activation: 9, weight: 27 });
  expect(stylePacks('dsp2', 'standard', 8, 9)).toBe(false);
  expect(stylePacks('dsp2', 'standard', 8, 9, { wideBits: 27, narrowBits: 18 })).toBe(true);
});

test('narrow products may be made of LUTs, packed ones of DSP blocks that are wide enough', () => {
  expect(multiplierStyles('standard', 8, 8)).toEqual(['dsp1', 'dsp2']);
  expect(multiplierStyles('depthwise', 8, 8)).toEqual(['dsp1', 'dsp2']);
  expect(multiplierStyles('standard', 4, 4)).toEqual(['dsp1', 'lut', 'dsp2', 'dsp4']);
  expect(multiplierStyles('depthwise', 4, 4)).toEqual(['dsp1', 'lut', 'dsp2']);
  expect(multiplierStyles('standard', 16, 16)).toEqual(['dsp1']);
  expect(multiplierStyles('standard', 2, 2)).toEqual(['lut', 'dsp4']);
  expect(multiplierStyles('standard', 8, 8, { wideBits: 18, narrowBits: 18 })).toEqual(['dsp1']);
  expect(dsp48Ports).toEqual({ wideBits: 25, narrowBits: 18 });
});

const array = {
  kind: 'standard',
  rows: 4,
  outputs: 6,
  inputs: 5,
  slotBits: 4,
  weightBits: 4,
  multiplier: 'dsp4',
} as const satisfies Partial<Chunk>;

test('DSP blocks of an array', () => {
  expect(dspOfArray({ ...array, multiplier: 'lut' })).toBe(0);
  expect(dspOfArray({ ...array, multiplier: 'dsp1' })).toBe(120);
  expect(dspOfArray({ ...array, multiplier: 'dsp2' })).toBe(60);
  expect(dspOfArray(array)).toBe(30);
  // Four products of 2 by 2 bits are 16 bits, two are 8.
  expect(dspOfArray({ ...array, slotBits: 2, weightBits: 2 })).toBe(30);
  expect(dspOfArray({ ...array, slotBits: 2, weightBits: 2, multiplier: 'dsp2' })).toBe(0);
  expect(dspOfArray({ ...array, slotBits: 4, weightBits: 3, multiplier: 'dsp1' })).toBe(0);
  expect(dspOfArray({ ...array, kind: 'depthwise', inputs: 1, multiplier: 'dsp2' })).toBe(12);
});

test('problems name the rule and the nearest legal value', () => {
  expect(multiplierProblem(array)).toBeUndefined();
  expect(multiplierProblem({ ...array, rows: 3 })).toMatchInlineSnapshot(
    `"rows is 3, must be even where multiplier is dsp4; the nearest is 4"`,
  );
  expect(multiplierProblem({ ...array, outputs: 5, multiplier: 'dsp2' })).toMatchInlineSnapshot(
    `"outputs is 5, must be even where multiplier is dsp2; the nearest is 6"`,
  );
  expect(multiplierProblem({ ...array, kind: 'depthwise' })).toMatchInlineSnapshot(
    `"multiplier is dsp4, but outputs of a depthwise chunk share no activation; the nearest is dsp2, which packs two rows"`,
  );
  expect(
    multiplierProblem({ ...array, slotBits: 8, weightBits: 9, multiplier: 'dsp2' }),
  ).toMatchInlineSnapshot(
    `"multiplier is dsp2, whose factors of 9 and 27 bits do not fit a DSP block of 25 x 18; the nearest weightBits is 8"`,
  );
  expect(multiplierProblem({ ...array, slotBits: 8, weightBits: 8 })).toMatchInlineSnapshot(
    `"multiplier is dsp4, whose factors of 41 and 25 bits do not fit a DSP block of 25 x 18; no weightBits fits slotBits 8; the nearest is dsp2"`,
  );
});
