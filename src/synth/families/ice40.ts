// Lattice iCE40 UltraPlus: cells as `synth_ice40 -dsp` leaves them, placed and routed by nextpnr-ice40.

import { predictLattice } from '../../cost/lattice.ts';
import { ice40Blocks } from '../../cost/part-rules.ts';
import type { Resources } from '../../cost/resources.ts';
import type { Family } from '../family.ts';

const cells: Readonly<Record<string, Partial<Resources>>> = {
  SB_MAC16: { dsp: 1 },
  SB_RAM40_4K: { bram18: 1 },
  SB_LUT4: { lut: 1 },
};

export const ice40 = {
  summary: 'Lattice iCE40 UltraPlus, LUT4 and block RAMs of 4 kbit; placed for an UP5K',
  predict: (chunk, room, busBits) => predictLattice(chunk, room, busBits, ice40Blocks),
  costOf: (cell) => (cell.startsWith('SB_DFF') ? { ff: 1 } : cells[cell]),
  isLatch: (cell) => /^\$_?dlatch/i.test(cell),
  placer: {
    tool: 'nextpnr-ice40',
    part: 'UP5K',
    args: ['--up5k', '--package', 'sg48', '--pcf-allow-unconstrained'],
    has: { dsp: 8, bram18: 30, lut: 5280, ff: 5280 },
  },
} as const satisfies Family;
