import type { Chunk } from '../../src/accelerator/accelerator.ts';

/** Four multipliers and the smallest buffers that the tiny network's layers run on. */
export const tinyChunk: Chunk = {
  name: 'standard',
  kind: 'standard',
  rows: 1,
  outputs: 2,
  inputs: 2,
  slotBits: 8,
  weightBits: 8,
  requantizers: 1,
  multiplier: 'dsp1',
  order: 'overlapped',
  accumulatorBuffers: 2,
  hasAdd: true,
  buffers: { input: 64, weights: 64, parameters: 16, accumulators: 64, operand: 16 },
};
