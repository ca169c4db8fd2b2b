// Block RAMs and LUT RAMs of the memories in a chunk: hw/rtl/nba_ram.sv, one write port and one read port each.

import type { Chunk } from '../accelerator/accelerator.ts';
import { chunkGeometry } from '../schedule/plan.ts';

/** Memories of at most so many words are made of LUTs, as yosys maps them for xc7; deeper ones are block RAMs. */
export const LUT_RAM_DEPTH = 64;

/** Bits of one partial sum. */
export const SUM_BITS = 32;
/** Words of one layer's descriptor, and of one table entry over all three walkers. */
const DESCRIPTOR_SPAN = 64;
const TABLE_WORDS = 10;
/** Bits that are used of a table word, on average, and of a requantization record: synthesis drops the others. */
const TABLE_BITS = 27;
const USED_RECORD_BITS = 55;

/** One shape of memory and how many of it there are. */
export interface MemoryShape {
  readonly count: number;
  readonly widthBits: number;
  readonly depth: number;
}

/**
 * 18 kbit block RAMs of one memory with separate read and write ports: 512 x 36, 1,024 x 18, 2,048 x 9, 4,096 x 4,
 * 8,192 x 2 or 16,384 x 1, the shape the depth asks for, as many side by side and after each other as it takes.
 */
export function bram18Of(widthBits: number, depth: number): number {
  if (depth <= LUT_RAM_DEPTH) return 0;
  const columns: readonly (readonly [depth: number, widthBits: number])[] = [
    [512, 36],
    [1024, 18],
    [2048, 9],
    [4096, 4],
    [8192, 2],
    [16_384, 1],
  ];
  const fitting = columns.find(([words]) => depth <= words) ?? ([16_384, 1] as const);
  return Math.ceil(depth / fitting[0]) * Math.ceil(widthBits / fitting[1]);
}

/** LUTs of one small memory: four hold 32 x 6 bits (RAM32M) or 64 x 3 bits (RAM64M). */
export function lutRamOf(widthBits: number, depth: number): number {
  if (depth > LUT_RAM_DEPTH) return 0;
  return 4 * Math.ceil(widthBits / (depth <= 32 ? 6 : 3));
}

/** What lowering adds to a chunk: room for descriptors and table entries, both powers of two. */
export interface ProgramRoom {
  readonly layerCapacity: number;
  readonly tableDepth: number;
}

/** The memories of a chunk. Both halves of a double buffer share one memory of twice the depth. */
export function memoriesOf(chunk: Chunk, room: ProgramRoom, busBits: number): MemoryShape[] {
  const { buffers, chipWords = 0 } = chunk;
  const geometry = chunkGeometry(chunk, busBits);
  const beats = (count: number, words: number): MemoryShape => ({
    count,
    widthBits: busBits,
    depth: 2 * words,
  });
  // The last beat of a weight word is as wide as what is left of it.
  const weightBits = geometry.weightWordBits * geometry.weightWordsPerBeat;
  const lastWeightBits = weightBits - (geometry.weightBeatsPerWord - 1) * busBits;
  return [
    beats(chunk.rows * geometry.inputBeatsPerWord, buffers.input),
    beats(geometry.weightBeatsPerWord - 1, buffers.weights),
    { count: 1, widthBits: lastWeightBits, depth: 2 * buffers.weights },
    {
      count: geometry.parameterBeatsPerWord,
      widthBits: Math.min(busBits, USED_RECORD_BITS),
      depth: 2 * buffers.parameters,
    },
    beats(chunk.hasAdd ? 1 : 0, buffers.operand),
    {
      count: chunk.accumulatorBuffers,
      widthBits: chunk.rows * chunk.outputs * SUM_BITS,
      depth: buffers.accumulators,
    },
    { count: chipWords > 0 ? 1 : 0, widthBits: busBits, depth: chipWords },
    { count: TABLE_WORDS, widthBits: TABLE_BITS, depth: room.tableDepth },
    { count: 1, widthBits: 32, depth: room.layerCapacity * DESCRIPTOR_SPAN },
  ];
}
