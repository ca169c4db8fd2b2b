// Layers and designs as rows of int32: what the fast path reads, so that it makes no objects.

import type { Chunk, Tile } from '../accelerator/accelerator.ts';
import type { Layer } from '../accelerator/layers.ts';
import { type ChipUse, ceilDiv, noChipUse, recordBits } from '../schedule/plan.ts';
import { arrayDrainCycles, storePipelineCycles } from '../schedule/timing.ts';

/** Slots of the three tensors that a layer touches. */
export interface LayerSlots {
  readonly input: Chunk['slotBits'];
  readonly output: Chunk['slotBits'];
  readonly operand: Chunk['slotBits'];
}

/** What a layer's cycles depend on beside its shape, tile and slots. */
export type TimedArray = Omit<Chunk, 'name' | 'slotBits' | 'multiplier' | 'buffers'>;

/** Places in a layer's row. */
export const IS_DEPTHWISE = 0;
export const INPUT_ROWS = 1;
export const INPUT_COLUMNS = 2;
export const INPUT_CHANNELS = 3;
export const OUTPUT_ROWS = 4;
export const OUTPUT_COLUMNS = 5;
export const OUTPUT_CHANNELS = 6;
export const KERNEL_ROWS = 7;
export const KERNEL_COLUMNS = 8;
export const STRIDE_ROWS = 9;
export const STRIDE_COLUMNS = 10;
export const PADDING_TOP = 11;
export const PADDING_LEFT = 12;
export const GROUPS = 13;
/** Groups of the channel shuffle folded into the layer; 1 where there is none. */
export const SHUFFLE_GROUPS = 14;
export const LAYER_ADDS = 15;
export const LAYER_FIELDS = 16;

/** Places in a design's row: an array, the tile a layer is cut into, and what the slots around it make of a beat. */
export const ARRAY_ROWS = 0;
export const ARRAY_OUTPUTS = 1;
export const ARRAY_INPUTS = 2;
export const REQUANTIZERS = 3;
export const RECORD_BITS = 4;
export const IS_OVERLAPPED = 5;
export const ACCUMULATOR_BUFFERS = 6;
export const DRAIN_CYCLES = 7;
export const PIPELINE_CYCLES = 8;
/** Weight words of a beat as a power of two; where that is 0, beats of a word. */
export const WEIGHT_SHIFT = 9;
export const WEIGHT_BEATS = 10;
export const WEIGHT_WORD_BITS = 11;
export const PIECES_PER_BEAT = 12;
/** Lanes of a beat of each tensor, as powers of two. */
export const INPUT_SHIFT = 13;
export const OUTPUT_SHIFT = 14;
export const OPERAND_SHIFT = 15;
export const TILE_ROWS = 16;
export const TILE_COLUMNS = 17;
export const TILE_OUTPUTS = 18;
export const TILE_INPUTS = 19;
/** Of the first tile. */
export const FIRST_ROWS = 20;
export const FIRST_OUTPUTS = 21;
/** What lies in the chunk's on-chip memory, one bit each: `chipBits`. */
export const CHIP = 22;
export const DESIGN_FIELDS = 23;

/** Bits of `CHIP`. */
export const chipBits = { input: 1, weights: 2, parameters: 4, operand: 8, output: 16 } as const;

/** Groups of the shuffle that made a permutation. */
function shuffleGroups(permutation: readonly number[] | undefined): number {
  const [, second = 1] = permutation ?? [];
  return second === 1 ? 1 : (permutation?.length ?? 1) / second;
}

/** Writes a layer's row. */
export function packLayer(layer: Layer, rows: Int32Array, at = 0): void {
  const { kind, inputShape, outputShape, kernel, stride, padding, groups, permutation } = layer;
  rows[at + IS_DEPTHWISE] = kind === 'depthwise' ? 1 : 0;
  rows.set(inputShape, at + INPUT_ROWS);
  rows.set(outputShape, at + OUTPUT_ROWS);
  rows.set(kernel, at + KERNEL_ROWS);
  rows.set(stride, at + STRIDE_ROWS);
  rows[at + PADDING_TOP] = padding.top;
  rows[at + PADDING_LEFT] = padding.left;
  rows[at + GROUPS] = groups;
  rows[at + SHUFFLE_GROUPS] = shuffleGroups(permutation);
  rows[at + LAYER_ADDS] = layer.add === undefined ? 0 : 1;
}

const log2 = (power: number): number => 31 - Math.clz32(power);

/** Writes what a design's row says of its array. */
export function packArray(
  array: TimedArray,
  slots: LayerSlots,
  busBits: 32 | 64,
  rows: Int32Array,
  at = 0,
): void {
  const lanes = array.kind === 'depthwise' ? 1 : array.inputs;
  const wordBits = array.outputs * lanes * array.weightBits;
  rows[at + ARRAY_ROWS] = array.rows;
  rows[at + ARRAY_OUTPUTS] = array.outputs;
  rows[at + ARRAY_INPUTS] = array.inputs;
  rows[at + REQUANTIZERS] = array.requantizers;
  rows[at + RECORD_BITS] = recordBits(array);
  rows[at + IS_OVERLAPPED] = array.order === 'overlapped' ? 1 : 0;
  rows[at + ACCUMULATOR_BUFFERS] = array.accumulatorBuffers;
  rows[at + DRAIN_CYCLES] = arrayDrainCycles(array);
  rows[at + PIPELINE_CYCLES] = storePipelineCycles(array);
  rows[at + WEIGHT_SHIFT] = wordBits > busBits ? 0 : log2(Math.floor(busBits / wordBits));
  rows[at + WEIGHT_BEATS] = ceilDiv(wordBits, busBits);
  rows[at + WEIGHT_WORD_BITS] = wordBits;
  rows[at + PIECES_PER_BEAT] = busBits / slots.output / array.requantizers;
}

/** Writes what a design's row says of the tile and of where tensors lie. */
export function packTile(
  tile: Tile,
  slots: LayerSlots,
  busBits: 32 | 64,
  chip: ChipUse,
  rows: Int32Array,
  at = 0,
): void {
  rows[at + INPUT_SHIFT] = log2(busBits / slots.input);
  rows[at + OUTPUT_SHIFT] = log2(busBits / slots.output);
  rows[at + OPERAND_SHIFT] = log2(busBits / slots.operand);
  rows[at + TILE_ROWS] = tile.rows;
  rows[at + TILE_COLUMNS] = tile.columns;
  rows[at + TILE_OUTPUTS] = tile.outputs;
  rows[at + TILE_INPUTS] = tile.inputs;
  rows[at + FIRST_ROWS] = tile.first?.rows ?? tile.rows;
  rows[at + FIRST_OUTPUTS] = tile.first?.outputs ?? tile.outputs;
  let bits = 0;
  for (const kind of Object.keys(chipBits) as (keyof ChipUse)[])
    if (chip[kind]) bits |= chipBits[kind];
  rows[at + CHIP] = bits;
}

/** Writes a design's whole row. */
export function packDesign(
  array: TimedArray,
  tile: Tile,
  slots: LayerSlots,
  busBits: 32 | 64,
  rows: Int32Array,
  at = 0,
  chip: ChipUse = noChipUse,
): void {
  packArray(array, slots, busBits, rows, at);
  packTile(tile, slots, busBits, chip, rows, at);
}
