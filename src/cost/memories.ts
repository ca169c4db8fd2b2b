// Block RAMs and LUT RAMs of the memories in a chunk: hw/rtl/nba_ram.sv, one write port and one read port each.

import type { Chunk } from '../accelerator/accelerator.ts';
import { ceilDiv, chunkGeometry } from '../schedule/plan.ts';

/** Memories of at most so many words are made of LUTs, as yosys maps them for xc7; deeper ones are block RAMs. */
export const LUT_RAM_DEPTH = 64;

/** Bits of one partial sum. */
export const SUM_BITS = 32;
/** Words of a descriptor that a chunk reads, each in a memory of its own, those that only an add reads, and used bits. */
const DESCRIPTOR_WORDS = 26;
const ADD_WORDS = 10;
const DESCRIPTOR_BITS = 24;
/** Words of one table entry over all three walkers. */
const TABLE_WORDS = 10;
/** Bits that are used of a table word, on average, and of a requantization record: synthesis drops the others. */
const TABLE_BITS = 27;
const USED_RECORD_BITS = { 'half-up': 55, tflite: 83 } as const;

/**
 * One shape of memory: how many there are, and how many of its bits are read; synthesis drops the others. Called for
 * every design that an exploration looks at, so it takes numbers, not objects.
 */
export type MemoryVisitor = (
  count: number,
  widthBits: number,
  depth: number,
  usedBits: number,
) => void;

/** Depths that one 18 kbit block RAM has with separate read and write ports, and its width at each. */
const depths = [512, 1024, 2048, 4096, 8192, 16_384] as const;
const widths = [36, 18, 9, 4, 2, 1] as const;

/**
 * 18 kbit block RAMs of one memory with separate read and write ports: the shape the depth asks for, as many side by
 * side and after each other as it takes. Unread bits save whole 36 kbit columns only.
 */
export function bram18Of(widthBits: number, depth: number, usedBits = widthBits): number {
  if (depth <= LUT_RAM_DEPTH || usedBits === 0) return 0;
  let shape = 0;
  while (shape < depths.length - 1 && depth > (depths[shape] ?? 0)) shape++;
  const width = widths[shape] ?? 1;
  const deep = depth <= 512 ? 1 : ceilDiv(depth, depths[shape] ?? 1);
  return deep * Math.min(ceilDiv(widthBits, width), 2 * ceilDiv(usedBits, 2 * width));
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

/** Goes through the memories of a chunk. Both halves of a double buffer share one memory of twice the depth. */
export function visitMemories(
  chunk: Chunk,
  room: ProgramRoom,
  busBits: number,
  visit: MemoryVisitor,
): void {
  const { buffers, chipWords = 0 } = chunk;
  const geometry = chunkGeometry(chunk, busBits);
  const sumBits = chunk.rows * chunk.outputs * SUM_BITS;
  const recordBits = USED_RECORD_BITS[chunk.form ?? 'half-up'];
  const weightBits = geometry.weightWordBits * geometry.weightWordsPerBeat;
  visit(chunk.rows * geometry.inputBeatsPerWord, busBits, 2 * buffers.input, busBits);
  // The last beat of a weight word is used as far as there are weights left, that of a record likewise.
  visit(Math.floor(weightBits / busBits), busBits, 2 * buffers.weights, busBits);
  visit(1, busBits, 2 * buffers.weights, weightBits % busBits);
  const whole = Math.floor(recordBits / busBits);
  visit(chunk.requantizers * whole, busBits, 2 * buffers.parameters, busBits);
  visit(chunk.requantizers, busBits, 2 * buffers.parameters, recordBits % busBits);
  if (chunk.hasAdd) visit(1, busBits, 2 * buffers.operand, busBits);
  visit(chunk.accumulatorBuffers, sumBits, buffers.accumulators, sumBits);
  if (chipWords > 0) visit(1, busBits, chipWords, busBits);
  visit(TABLE_WORDS, TABLE_BITS, room.tableDepth, TABLE_BITS);
  const words = DESCRIPTOR_WORDS + (chunk.hasAdd ? ADD_WORDS : 0);
  visit(words, DESCRIPTOR_BITS, room.layerCapacity, DESCRIPTOR_BITS);
}
