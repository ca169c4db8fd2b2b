import { expect, test } from 'vitest';
import { ramOf } from '../../src/cost/lattice.ts';
import { ecp5Blocks } from '../../src/cost/part-rules.ts';
import { ecp5 } from '../../src/synth/families/ecp5.ts';

// DP16KD that yosys 0.23 makes of hw/rtl/nba_ram.sv with synth_ecp5; where there are none, it is TRELLIS_DPR16X4.
test.each([
  [64, 16, 0],
  [64, 32, 0],
  [55, 32, 0],
  [128, 32, 0],
  [4, 16, 0],
  [4, 64, 0],
  [16, 64, 0],
  [27, 64, 1],
  [32, 64, 1],
  [64, 64, 2],
  [27, 128, 1],
  [32, 128, 1],
  [64, 128, 2],
  [27, 256, 1],
  [32, 256, 1],
  [64, 256, 2],
  [36, 512, 1],
  [37, 512, 2],
  [64, 512, 2],
  [512, 512, 15],
  [18, 1024, 1],
  [19, 1024, 2],
  [32, 1024, 2],
  [64, 1024, 4],
  [9, 2048, 1],
  [16, 2048, 2],
  [64, 2048, 8],
  [4, 4096, 1],
  [8, 4096, 2],
  [64, 4096, 16],
  [2, 8192, 1],
  [64, 8192, 32],
  [1, 16_384, 1],
  [8, 16_384, 8],
  [64, 65_536, 256],
])(
  'a memory %i bits wide and %i words deep takes %i block RAMs of an ECP5',
  (width, depth, count) => {
    expect(ramOf(width, depth, ecp5Blocks)).toBe(count);
  },
);

// 96 products, 8 of the requantizers with their adders, and three rows times the stride: yosys 0.23, synth_ecp5.
test('a chunk of three rows takes 105 DSP blocks and 64 block RAMs of an ECP5', () => {
  const predicted = ecp5.predict(
    {
      name: 'standard',
      kind: 'standard',
      rows: 3,
      outputs: 8,
      inputs: 4,
      slotBits: 8,
      weightBits: 8,
      requantizers: 2,
      multiplier: 'dsp1',
      order: 'overlapped',
      accumulatorBuffers: 2,
      hasAdd: true,
      buffers: { input: 64, weights: 64, parameters: 32, accumulators: 128, operand: 32 },
    },
    { layerCapacity: 4, tableDepth: 16 },
    64,
  );
  expect(predicted).toMatchObject({ dsp: 105, bram18: 64 });
});
