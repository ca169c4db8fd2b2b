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
const USED_RECORD_BITS = { 'half-up': 55, tflite: 83 } as const;

/** One shape of memory and how many of it there are. */
export interface MemoryShape {
  readonly count: number;
  readonly widthBits: number;
  readonly depth: number;
  /** Where synthesis finds that some bits are never read; all of them where it is left out. */
  readonly usedBits?: number;
}

/** Shapes of one 18 kbit block RAM with separate read and write ports; a 36 kbit one is twice as wide. */
const columns: readonly (readonly [depth: number, widthBits: number])[] = [
  [512, 36],
  [1024, 18],
  [2048, 9],
  [4096, 4],
  [8192, 2],
  [16_384, 1],
];

/**
 * 18 kbit block RAMs of one memory with separate read and write ports: the shape the depth asks for, as many side by
 * side and after each other as it takes. Unread bits save whole 36 kbit columns only.
 */
export function bram18Of(widthBits: number, depth: number, usedBits = widthBits): number {
  if (depth <= LUT_RAM_DEPTH || usedBits === 0) return 0;
  const [words, width] = columns.find(([most]) => depth <= most) ?? ([16_384, 1] as const);
  const all = Math.ceil(widthBits / width);
  const used = 2 * Math.ceil(usedBits / (2 * width));
  return Math.ceil(depth / words) * Math.min(all, used);
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
  // The last beat of a weight word is used as far as there are weights left, that of a record likewise.
  const partial = (count: number, usedBits: number, words: number): MemoryShape[] =>
    Array.from({ length: Math.ceil(usedBits / busBits) }, (_, k) => ({
      ...beats(count, words),
      usedBits: Math.min(busBits, usedBits - k * busBits),
    }));
  return [
    beats(chunk.rows * geometry.inputBeatsPerWord, buffers.input),
    ...partial(1, geometry.weightWordBits * geometry.weightWordsPerBeat, buffers.weights),
    ...partial(chunk.requantizers, USED_RECORD_BITS[chunk.form ?? 'half-up'], buffers.parameters),
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
