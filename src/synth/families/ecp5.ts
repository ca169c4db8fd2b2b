// Lattice ECP5: cells as `synth_ecp5` leaves them, placed and routed by nextpnr-ecp5.

import { ecp5Rules } from '../../cost/part-rules.ts';
import type { Resources } from '../../cost/resources.ts';
import type { Family } from '../family.ts';

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
  predict: ecp5Rules.count,
  costOf: (cell) => cells[cell],
  isLatch: (cell) => /^\$_?dlatch/i.test(cell),
  placer: {
    tool: 'nextpnr-ecp5',
    part: 'LFE5U-85F, speed grade 8',
    // A chunk has more ports than a package has pins: it is a part of a design, not one.
    args: ['--85k', '--speed', '8', '--package', 'CABGA756', '--out-of-context'],
    has: { dsp: 156, bram18: 208, lut: 83_640, ff: 83_640 },
  },
} as const satisfies Family;
