import { expect, test } from 'vitest';
import type { Chunk } from '../../src/accelerator/accelerator.ts';
import { bram18Of, lutRamOf } from '../../src/cost/memories.ts';
import { chunkResources, missingOf } from '../../src/cost/resources.ts';

// What yosys 0.23 makes of hw/rtl/nba_ram.sv, synth_xilinx -family xc7; a RAMB36E1 is two of 18 kbit.
test.each([
  [64, 128, 2],
  [64, 512, 2],
  [64, 1024, 4],
  [64, 2048, 8],
  [512, 512, 15],
  [1024, 128, 29],
  [32, 256, 1],
  [32, 1024, 2],
  [16, 2048, 2],
  [8, 4096, 2],
])('a memory %i bits wide and %i words deep takes %i block RAMs', (width, depth, expected) => {
  expect(bram18Of(width, depth)).toBe(expected);
  expect(lutRamOf(width, depth)).toBe(0);
});

test.each([
  [64, 16, 11],
  [64, 32, 11],
  [64, 64, 22],
  [256, 32, 43],
  [512, 64, 171],
])(
  'a memory %i bits wide and %i words deep takes %i groups of four LUTs',
  (width, depth, cells) => {
    expect(bram18Of(width, depth)).toBe(0);
    expect(lutRamOf(width, depth)).toBe(4 * cells);
  },
);

const chunk: Chunk = {
  name: 'chunk',
  kind: 'standard',
  rows: 2,
  outputs: 8,
  inputs: 4,
  slotBits: 8,
  weightBits: 8,
  requantizers: 4,
  multiplier: 'dsp1',
  order: 'overlapped',
  accumulatorBuffers: 2,
  hasAdd: true,
  buffers: { input: 512, weights: 1024, parameters: 64, accumulators: 256, operand: 64 },
};
const room = { layerCapacity: 16, tableDepth: 64 };

test('DSP and block RAM of chunks are what synthesis gives', () => {
  const of = (change: Partial<Chunk>) => chunkResources({ ...chunk, ...change }, room, 64);
  expect(of({})).toMatchObject({ dsp: 80, bram18: 80 });
  expect(of({ rows: 1, inputs: 8, requantizers: 2 })).toMatchObject({ dsp: 72, bram18: 90 });
  expect(of({ rows: 1, inputs: 1, kind: 'depthwise', requantizers: 2 })).toMatchObject({
    dsp: 16,
    bram18: 34,
  });
  expect(of({ rows: 4, inputs: 1, kind: 'depthwise', weightBits: 6, hasAdd: false })).toMatchObject(
    { dsp: 40, bram18: 88 },
  );
  expect(of({ rows: 4, outputs: 4, weightBits: 6, hasAdd: false })).toMatchObject({
    dsp: 72,
    bram18: 66,
  });
  expect(
    of({ rows: 1, outputs: 16, slotBits: 4, weightBits: 4, multiplier: 'lut', hasAdd: false }),
  ).toMatchObject({ dsp: 8, bram18: 74 });
  expect(
    of({ rows: 7, outputs: 4, inputs: 2, accumulatorBuffers: 1, hasAdd: false }),
  ).toMatchObject({ dsp: 64, bram18: 69 });
});

test('small memories and the arithmetic of TensorFlow Lite as well', () => {
  const small = { layerCapacity: 4, tableDepth: 64 };
  const shallow = { input: 128, weights: 32, parameters: 16, accumulators: 64, operand: 128 };
  const deeper = { input: 64, weights: 256, parameters: 32, accumulators: 128, operand: 64 };
  const of = (change: Partial<Chunk>) => chunkResources({ ...chunk, ...change }, small, 64);
  const depthwise = { kind: 'depthwise', inputs: 1 } as const;
  expect(of({ ...depthwise, rows: 1, requantizers: 2, buffers: shallow })).toMatchObject({
    dsp: 16,
    bram18: 4,
  });
  expect(of({ outputs: 16, buffers: shallow })).toMatchObject({ dsp: 144, bram18: 6 });
  expect(of({ rows: 4, outputs: 4, weightBits: 6, hasAdd: false, buffers: deeper })).toMatchObject({
    dsp: 72,
    bram18: 42,
  });
  expect(of({ ...depthwise, rows: 7, outputs: 4, hasAdd: false, buffers: deeper })).toMatchObject({
    dsp: 36,
    bram18: 66,
  });
  const wide = { rows: 4, outputs: 16, inputs: 4, requantizers: 8, buffers: shallow };
  expect(of(wide)).toMatchObject({ dsp: 288, bram18: 10 });
  expect(of({ ...wide, rows: 2, inputs: 8, hasAdd: false })).toMatchObject({
    dsp: 272,
    bram18: 4,
  });
  expect(
    of({ rows: 1, outputs: 4, requantizers: 2, form: 'tflite', buffers: shallow }),
  ).toMatchObject({ dsp: 24, bram18: 4 });
  expect(
    of({ ...depthwise, outputs: 4, hasAdd: false, form: 'tflite', buffers: deeper }),
  ).toMatchObject({ dsp: 24, bram18: 22 });
});

test('more of anything never takes less', () => {
  const base = chunkResources(chunk, room, 64);
  for (const larger of [
    { ...chunk, rows: 3 },
    { ...chunk, requantizers: 8 },
    { ...chunk, slotBits: 16 as const },
    { ...chunk, buffers: { ...chunk.buffers, weights: 2048 } },
  ]) {
    const { dsp, bram18, lut, ff } = chunkResources(larger, room, 64);
    expect(dsp).toBeGreaterThanOrEqual(base.dsp);
    expect(bram18).toBeGreaterThanOrEqual(base.bram18);
    expect(lut).toBeGreaterThanOrEqual(base.lut);
    expect(ff).toBeGreaterThanOrEqual(base.ff);
  }
});

test('what is missing is named and counted', () => {
  const device = { dsp: 100, bram18: 50, lut: 1000, ff: 1000 };
  expect(missingOf({ dsp: 112, bram18: 50, lut: 999, ff: 1001 }, device)).toEqual({
    dsp: 12,
    ff: 1,
  });
});
