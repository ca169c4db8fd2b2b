// DSP blocks and block RAMs that yosys 0.23 takes of Lattice parts for a chunk: by construction, like those of the 7 series.

import type { Chunk } from '../accelerator/accelerator.ts';
import { dspOfArray, factorBits, packingOf } from '../accelerator/multipliers.ts';
import {
  listMemories,
  MEMORY_FIELDS,
  MEMORY_ROWS_END,
  memoryRows,
  type ProgramRoom,
} from './memories.ts';
import { chunkResources, type Resources } from './resources.ts';

/** What a family's blocks are like. */
export interface Blocks {
  /** Signed factors of one DSP block, both sides. */
  readonly factorBits: number;
  /** Narrower products are made of LUTs. */
  readonly leastProductBits: number;
  /** Widths of one block RAM by its depth. */
  readonly shapes: readonly { readonly depth: number; readonly width: number }[];
  /** Whether a memory that would take so many block RAMs is made of LUTs or flip-flops instead. */
  readonly isSmall: (usedBits: number, depth: number, blocks: number) => boolean;
}

/** LUT4 to the LUT6 that our figures are fitted to: three chunks on ECP5 took 1.46, 1.51 and 1.57 times as many. */
export const LUT4_TO_LUT6 = 1.5;

/** Products that a requantizer makes beside the array's, as factor widths. */
const requantizerProducts = {
  'half-up': {
    alone: [[32, 17]],
    add: [
      [18, 17],
      [18, 17],
    ],
  },
  // An operand of 18 bits is shifted left by 20; the zeros take no block.
  tflite: {
    alone: [[32, 33]],
    add: [
      [18, 33],
      [18, 33],
      [32, 33],
    ],
  },
} as const;

/** Bits of a stride. */
const STRIDE_BITS = 3;

/** DSP blocks of one product: longer factors are cut into pieces one bit shorter, unsigned but for the highest. */
function dspOfProduct(left: number, right: number, blocks: Blocks): number {
  if (left + right < blocks.leastProductBits) return 0;
  const pieces = (bits: number) =>
    bits <= blocks.factorBits ? 1 : Math.ceil((bits - 1) / (blocks.factorBits - 1));
  return pieces(left) * pieces(right);
}

/** DSP blocks of a chunk. */
export function latticeDsp(chunk: Chunk, blocks: Blocks): number {
  const packing = packingOf(chunk.multiplier, chunk.kind);
  let dsp = 0;
  if (packing !== undefined && chunk.multiplier !== 'lut') {
    const { activation, weight } = factorBits(packing, chunk.slotBits, chunk.weightBits);
    // Wide enough for a block of any family, so that every block of products is counted.
    const wide = { ...chunk, slotBits: 16, weightBits: 16 };
    dsp += dspOfArray(wide) * dspOfProduct(activation, weight, blocks);
  }
  // Rows times the stride (nba_array): where that is no shift, a family that has no least width spends a block on it.
  for (let rows = 3; rows <= chunk.rows; rows++)
    if ((rows & (rows - 1)) !== 0) dsp += dspOfProduct(32 - Math.clz32(rows), STRIDE_BITS, blocks);
  const { alone, add } = requantizerProducts[chunk.form ?? 'half-up'];
  for (const [left, right] of [...alone, ...(chunk.hasAdd ? add : [])])
    dsp += chunk.requantizers * dspOfProduct(left, right, blocks);
  return dsp;
}

/** Block RAMs of one memory of which so many bits are read. */
export function ramOf(widthBits: number, depth: number, blocks: Blocks): number {
  if (widthBits === 0) return 0;
  const last = blocks.shapes[blocks.shapes.length - 1];
  const shape = blocks.shapes.find((candidate) => depth <= candidate.depth) ?? last;
  if (shape === undefined) return 0;
  const count = Math.ceil(depth / shape.depth) * Math.ceil(widthBits / shape.width);
  return blocks.isSmall(widthBits, depth, count) ? 0 : count;
}

/** What a chunk takes of a part with such blocks; `bram18` counts the part's own block RAMs. */
export function predictLattice(
  chunk: Chunk,
  room: ProgramRoom,
  busBits: number,
  blocks: Blocks,
): Resources {
  let bram18 = 0;
  const memories = memoryRows();
  listMemories(chunk, room, busBits, memories);
  for (let m = 0; m < MEMORY_ROWS_END; m += MEMORY_FIELDS) {
    const [count = 0, , depth = 0, usedBits = 0] = memories.subarray(m, m + MEMORY_FIELDS);
    bram18 += count * ramOf(usedBits, depth, blocks);
  }
  const { lut, ff } = chunkResources(chunk, room, busBits);
  return { dsp: latticeDsp(chunk, blocks), bram18, lut: Math.round(LUT4_TO_LUT6 * lut), ff };
}
