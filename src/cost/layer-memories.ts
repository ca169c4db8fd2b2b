// Block RAMs of a chunk built for one layer alone: each buffer the least power of two that the layer's tiles need.

import type { BufferWords, Chunk } from '../accelerator/accelerator.ts';
import { powerOfTwoFrom } from '../util/powers.ts';
import type { LayerCut } from './layer-cut.ts';
import { wordsOfCut } from './layer-sums.ts';
import { bram18OfMemories, layerDescriptors, listMemories, memoryRows } from './memories.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Reused, so that counting makes no chunk. */
const buffers: Writable<BufferWords> = {
  input: 2,
  weights: 2,
  parameters: 2,
  accumulators: 2,
  operand: 2,
};
const chunk: Writable<Chunk> = {
  name: '',
  kind: 'standard',
  rows: 1,
  outputs: 1,
  inputs: 1,
  slotBits: 8,
  weightBits: 8,
  requantizers: 1,
  multiplier: 'dsp1',
  order: 'overlapped',
  accumulatorBuffers: 1,
  hasAdd: false,
  form: 'half-up',
  buffers,
};
const room = { layerCapacity: powerOfTwoFrom(2, layerDescriptors(1)), tableDepth: 16 };

const rows = memoryRows();

/** 18 kbit block RAMs. */
export function bram18OfLayer(cut: LayerCut): number {
  const words = wordsOfCut(cut);
  buffers.input = powerOfTwoFrom(2, words.input);
  buffers.weights = powerOfTwoFrom(2, words.weights);
  buffers.parameters = powerOfTwoFrom(2, words.parameters);
  buffers.accumulators = powerOfTwoFrom(2, words.accumulators);
  buffers.operand = powerOfTwoFrom(2, words.operand);
  chunk.kind = cut.isDepthwise ? 'depthwise' : 'standard';
  chunk.rows = cut.arrayRows;
  chunk.outputs = cut.arrayOutputs;
  chunk.inputs = cut.arrayInputs;
  chunk.slotBits = (cut.busBits >> cut.inputShift) as Chunk['slotBits'];
  chunk.weightBits = cut.weightWordBits / (cut.arrayOutputs * cut.arrayInputs);
  chunk.requantizers = cut.requantizers;
  chunk.form = cut.recordBits === 128 ? 'tflite' : 'half-up';
  chunk.hasAdd = cut.hasAdd;
  chunk.accumulatorBuffers = cut.hasTwoSums ? 2 : 1;
  const entries = cut.rows.tiles + cut.columns.tiles + cut.outputTiles + cut.steps;
  room.tableDepth = powerOfTwoFrom(16, entries);
  listMemories(chunk, room, cut.busBits, rows);
  return bram18OfMemories(rows);
}
