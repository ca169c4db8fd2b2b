// Block RAMs and LUT RAMs of the memories in a chunk: hw/rtl/nba_ram.sv, one write port and one read port each.

import type { Chunk } from '../accelerator/accelerator.ts';

/** Memories of at most so many words are made of LUTs, as yosys maps them for xc7; deeper ones are block RAMs. */
export const LUT_RAM_DEPTH = 64;

/** Bits of one partial sum. */
export const SUM_BITS = 32;
/** Words of a descriptor that a chunk reads, each in a memory of its own, those that only an add reads, and used bits. */
const DESCRIPTOR_WORDS = 26;
const ADD_WORDS = 10;
const DESCRIPTOR_BITS = 24;
/** Words of one table entry over all three walkers. */
export const TABLE_WORDS = 10;
/** Bits that are used of a table word, on average, and of a requantization record: synthesis drops the others. */
export const TABLE_BITS = 27;
export const USED_RECORD_BITS = { 'half-up': 55, tflite: 83 } as const;

/** Depths of an 18 kbit block RAM with separate read and write ports are powers of two from 2^9; its width at each. */
const LEAST_DEPTH_BITS = 9;
const widths = Int32Array.of(36, 18, 9, 4, 2, 1);

/**
 * 18 kbit block RAMs of one memory with separate read and write ports: the shape the depth asks for, as many side by
 * side and after each other as it takes. Unread bits save whole 36 kbit columns only.
 */
export function bram18Of(widthBits: number, depth: number, usedBits = widthBits): number {
  if (depth <= LUT_RAM_DEPTH || usedBits === 0) return 0;
  const depthBits = 32 - Math.clz32(depth - 1);
  const shape = Math.min(Math.max(depthBits - LEAST_DEPTH_BITS, 0), widths.length - 1);
  const width = widths[shape] ?? 1;
  const shapeBits = LEAST_DEPTH_BITS + shape;
  const deep = (depth + (1 << shapeBits) - 1) >> shapeBits;
  const wide = ((widthBits + width - 1) / width) | 0;
  if (usedBits === widthBits) return deep * wide;
  const pairs = ((usedBits + 2 * width - 1) / (2 * width)) | 0;
  return deep * Math.min(wide, 2 * pairs);
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

/** Descriptors of a chunk: one a layer, and the prologue's, which every chunk looks for where one has weights to copy. */
export const layerDescriptors = (layers: number): number => layers + 1;

/** Places of one shape of memory in the rows that `listMemories` writes. */
export const MEMORY_COUNT = 0;
export const MEMORY_WIDTH_BITS = 1;
export const MEMORY_DEPTH = 2;
/** Bits that are read; synthesis drops the others. */
export const MEMORY_USED_BITS = 3;
export const MEMORY_FIELDS = 4;
/** Numbers of the rows of a chunk's memories; of those that it does not have there are none. */
export const MEMORY_ROWS_END = 10 * MEMORY_FIELDS;

/** Rows for `listMemories`. */
export const memoryRows = (): Int32Array => new Int32Array(MEMORY_ROWS_END);

function put(
  rows: Int32Array,
  row: number,
  count: number,
  widthBits: number,
  depth: number,
  usedBits: number,
): void {
  const at = row * MEMORY_FIELDS;
  rows[at] = count;
  rows[at + MEMORY_WIDTH_BITS] = widthBits;
  rows[at + MEMORY_DEPTH] = depth;
  rows[at + MEMORY_USED_BITS] = usedBits;
}

/**
 * Writes the memories of a chunk. Both halves of a double buffer share one memory of twice the depth. Called for every
 * design that an exploration looks at, so it makes no objects.
 * @param rows made by `memoryRows`
 */
export function listMemories(
  chunk: Chunk,
  { layerCapacity, tableDepth }: ProgramRoom,
  busBits: number,
  rows: Int32Array,
): void {
  const { buffers, chipWords = 0, outputs, requantizers } = chunk;
  const isDepthwise = chunk.kind === 'depthwise';
  const inputLanes = (busBits / chunk.slotBits) | 0;
  const activationLanes = isDepthwise ? outputs : chunk.inputs;
  const inputBeats = activationLanes > inputLanes ? (activationLanes / inputLanes) | 0 : 1;
  const wordBits = outputs * (isDepthwise ? 1 : chunk.inputs) * chunk.weightBits;
  const perBeat = (busBits / wordBits) | 0;
  const weightBits = perBeat >= 2 ? wordBits << (31 - Math.clz32(perBeat)) : wordBits;
  const weightBeats = (weightBits / busBits) | 0;
  const sumBits = chunk.rows * outputs * SUM_BITS;
  const recordBits =
    chunk.form === 'tflite' ? USED_RECORD_BITS.tflite : USED_RECORD_BITS['half-up'];
  const wholeRecords = (recordBits / busBits) | 0;
  const { hasAdd } = chunk;
  const bits = busBits;
  put(rows, 0, chunk.rows * inputBeats, bits, 2 * buffers.input, bits);
  // The last beat of a weight word is used as far as there are weights left, that of a record likewise.
  put(rows, 1, weightBeats, bits, 2 * buffers.weights, bits);
  put(rows, 2, 1, bits, 2 * buffers.weights, weightBits - weightBeats * bits);
  put(rows, 3, requantizers * wholeRecords, bits, 2 * buffers.parameters, bits);
  put(rows, 4, requantizers, bits, 2 * buffers.parameters, recordBits - wholeRecords * bits);
  put(rows, 5, hasAdd ? 1 : 0, bits, 2 * buffers.operand, bits);
  put(rows, 6, chunk.accumulatorBuffers, sumBits, buffers.accumulators, sumBits);
  put(rows, 7, chipWords > 0 ? 1 : 0, bits, chipWords, bits);
  put(rows, 8, TABLE_WORDS, TABLE_BITS, tableDepth, TABLE_BITS);
  const words = DESCRIPTOR_WORDS + (hasAdd ? ADD_WORDS : 0);
  put(rows, 9, words, DESCRIPTOR_BITS, layerCapacity, DESCRIPTOR_BITS);
}

/** 18 kbit block RAMs of memories that `listMemories` wrote. */
export function bram18OfMemories(rows: Int32Array): number {
  let blocks = 0;
  for (let m = 0; m < MEMORY_ROWS_END; m += MEMORY_FIELDS) {
    const count = rows[m] ?? 0;
    const depth = rows[m + MEMORY_DEPTH] ?? 0;
    if (count > 0 && depth > LUT_RAM_DEPTH)
      blocks +=
        count * bram18Of(rows[m + MEMORY_WIDTH_BITS] ?? 0, depth, rows[m + MEMORY_USED_BITS] ?? 0);
  }
  return blocks;
}
