// Xilinx 7 series: cells as `synth_xilinx -family xc7` leaves them.

import { chunkResources, type Resources } from '../../cost/resources.ts';
import type { Family } from '../family.ts';

/**
 * LUTs that one cell takes (UG953). Every LUT1 to LUT6 counts as one although Vivado can pack two small ones into
 * one site, and so does an inverter, which may vanish into its neighbour: an upper bound.
 */
const lutsOfCell: Readonly<Record<string, number>> = {
  LUT1: 1,
  LUT2: 1,
  LUT3: 1,
  LUT4: 1,
  LUT5: 1,
  LUT6: 1,
  LUT6_2: 1,
  INV: 1,
  SRL16E: 1,
  SRLC16E: 1,
  SRLC32E: 1,
  RAM32X1S: 1,
  RAM64X1S: 1,
  RAM16X1D: 2,
  RAM32X1D: 2,
  RAM64X1D: 2,
  RAM128X1S: 2,
  RAM128X1D: 4,
  RAM256X1S: 4,
  RAM32M: 4,
  RAM64M: 4,
};

const otherCells: Readonly<Record<string, Partial<Resources>>> = {
  DSP48E1: { dsp: 1 },
  RAMB18E1: { bram18: 1 },
  RAMB36E1: { bram18: 2 },
};

/** FDRE, FDSE, FDCE, FDPE and their falling-edge forms. */
const flipFlop = /^FD[RSCP]E(_1)?$/;

export const xc7 = {
  summary: 'Xilinx 7 series: Artix, Kintex, Virtex, Zynq-7000',
  predict: chunkResources,
  costOf(cell) {
    if (flipFlop.test(cell)) return { ff: 1 };
    const lut = lutsOfCell[cell];
    return lut === undefined ? otherCells[cell] : { lut };
  },
  isLatch: (cell) => /^(LDCE|LDPE)(_1)?$|^\$_?dlatch/i.test(cell),
} as const satisfies Family;
