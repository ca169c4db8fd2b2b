// Lattice ECP5: cells as `synth_ecp5` leaves them, placed and routed by nextpnr-ecp5.

import type { Resources } from '../../cost/resources.ts';
import type { Family } from '../family.ts';
import { type Blocks, predictLattice } from '../lattice.ts';

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

/** A CCU2C is two LUT4 with carry, a DPR16X4 takes the LUTs of two slices (FPGA-TN-02202). */
const cells: Readonly<Record<string, Partial<Resources>>> = {
  MULT18X18D: { dsp: 1 },
  DP16KD: { bram18: 1 },
  LUT4: { lut: 1 },
  CCU2C: { lut: 2 },
  TRELLIS_DPR16X4: { lut: 4 },
  TRELLIS_FF: { ff: 1 },
};

export const ecp5 = {
  summary: 'Lattice ECP5, LUT4; placed for an LFE5U-85F',
  predict: (chunk, room, busBits) => predictLattice(chunk, room, busBits, ecp5Blocks),
  costOf: (cell) => cells[cell],
  isLatch: (cell) => /^\$_?dlatch/i.test(cell),
  placer: {
    tool: 'nextpnr-ecp5',
    part: 'LFE5U-85F, speed grade 6',
    // A chunk has more ports than a package has pins: it is a part of a design, not one.
    args: ['--85k', '--speed', '6', '--package', 'CABGA756', '--out-of-context'],
    has: { dsp: 156, bram18: 208, lut: 83_640, ff: 83_640 },
  },
} as const satisfies Family;
