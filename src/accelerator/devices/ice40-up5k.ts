import type { Device } from '../device.ts';

/** Lattice iCE40 UltraPlus UP5K, the smallest part of the list. */
export const ice40Up5k = {
  summary: 'iCE40 UltraPlus UP5K (iCEBreaker board)',
  source:
    'Lattice FPGA-DS-02008 (iCE40 UltraPlus data sheet): 8 multipliers 16x16, 30 EBR of 4 kbit (4 of them count as one 18 kbit block: 7), 5,280 LUT4 and as many FF. Memory is its four SPRAM of 256 kbit, in pairs: 2 ports of 32 bits over 64 kB each, no DRAM',
  family: 'ice40',
  part: 'iCE40UP5K-SG48',
  dsp: 8,
  bram18: 7,
  lut: 5280,
  ff: 5280,
  ports: 2,
  portBits: 32,
  clockMegahertz: 12,
} as const satisfies Device;
