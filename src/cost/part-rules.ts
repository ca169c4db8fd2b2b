// By whose rules a chunk is counted: what a family's blocks hold decides how many of them a chunk takes.

import type { Chunk } from '../accelerator/accelerator.ts';
import type { Device } from '../accelerator/device.ts';
import { type Blocks, LUT4_TO_LUT6, latticeDsp, predictLattice, ramOf } from './lattice.ts';
import { bram18Of, type ProgramRoom } from './memories.ts';
import { chunkDsp, chunkResources, type Resources } from './resources.ts';

/** How one family counts, in the units of its devices (src/accelerator/device.ts). */
export interface PartRules {
  /** What a chunk takes: DSP and block RAM by construction, LUT and FF as fitted. */
  readonly count: (chunk: Chunk, room: ProgramRoom, busBits: number) => Resources;
  readonly dspOf: (chunk: Chunk) => number;
  /** Block RAMs that a deep memory adds to a chunk at least. */
  readonly leastRam: (widthBits: number, depth: number) => number;
  /** LUTs of the family for one LUT6. */
  readonly lutFactor: number;
}

/** A TRELLIS_DPR16X4. */
const CELL_WORDS = 16;
const CELL_BITS = 4;
/** What yosys weighs when it maps a memory: its lutrams.txt and brams.txt, and half a bit's multiplexer a row of cells. */
const CELL_COST = 4;
const BLOCK_COST = 128;
const MUX_COST = 0.5;

export const ecp5Blocks: Blocks = {
  factorBits: 18,
  leastProductBits: 0,
  shapes: [
    { depth: 512, width: 36 },
    { depth: 1024, width: 18 },
    { depth: 2048, width: 9 },
    { depth: 4096, width: 4 },
    { depth: 8192, width: 2 },
    { depth: 16_384, width: 1 },
  ],
  isSmall: (usedBits, depth, count) => {
    const rows = Math.ceil(depth / CELL_WORDS);
    const cells = Math.ceil(usedBits / CELL_BITS) * rows;
    return CELL_COST * cells + MUX_COST * usedBits * (rows - 1) < BLOCK_COST * count;
  },
};

/** EBR of 4 kbit. */
export const ice40Blocks: Blocks = {
  factorBits: 16,
  leastProductBits: 11,
  shapes: [
    { depth: 256, width: 16 },
    { depth: 512, width: 8 },
    { depth: 1024, width: 4 },
    { depth: 2048, width: 2 },
  ],
  isSmall: (_usedBits, depth) => depth <= 4,
};

/** Blocks of 4 kbit that count as one of 18 kbit. */
const ICE40_BLOCKS = 4;

/** Also for UltraScale+, whose blocks hold at least as much, and for a chip, whose cells they stand for. */
export const xilinxRules: PartRules = {
  count: chunkResources,
  dspOf: chunkDsp,
  leastRam: bram18Of,
  lutFactor: 1,
};

export const ecp5Rules: PartRules = {
  count: (chunk, room, busBits) => predictLattice(chunk, room, busBits, ecp5Blocks),
  dspOf: (chunk) => latticeDsp(chunk, ecp5Blocks),
  leastRam: (widthBits, depth) => ramOf(widthBits, depth, ecp5Blocks),
  lutFactor: LUT4_TO_LUT6,
};

export const ice40Rules: PartRules = {
  count: (chunk, room, busBits) => {
    const own = predictLattice(chunk, room, busBits, ice40Blocks);
    return { ...own, bram18: Math.ceil(own.bram18 / ICE40_BLOCKS) };
  },
  dspOf: (chunk) => latticeDsp(chunk, ice40Blocks),
  leastRam: (widthBits, depth) => Math.floor(ramOf(widthBits, depth, ice40Blocks) / ICE40_BLOCKS),
  lutFactor: LUT4_TO_LUT6,
};

const rules: Readonly<Record<Device['family'], PartRules>> = {
  xc7: xilinxRules,
  xcup: xilinxRules,
  asic: xilinxRules,
  ecp5: ecp5Rules,
  ice40: ice40Rules,
};

/** The rules of a device's family. */
export const rulesOf = ({ family }: Pick<Device, 'family'>): PartRules => rules[family];
