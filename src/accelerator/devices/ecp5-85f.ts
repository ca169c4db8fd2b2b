import type { Device } from '../device.ts';

/** Lattice ECP5 LFE5UM5G-85F on an ECPIX-5 board. */
export const ecp5x85f = {
  name: 'ecp5-85f',
  summary: 'ECP5 LFE5UM5G-85F (ECPIX-5 board)',
  source:
    'Lattice FPGA-DS-02012 (ECP5 data sheet): 156 multipliers 18x18, 208 EBR of 18 kbit, 83,640 LUT4 and as many FF. One DDR3-800 chip of 16 bits, 1.6 GB/s at its peak: 2 ports of 32 bits at 50 MHz ask for a quarter. A LUT4 holds less than the LUT6 that our figures are fitted to',
  family: 'ecp5',
  part: 'LFE5UM5G-85F-8BG554I',
  dsp: 156,
  bram18: 208,
  lut: 83_640,
  ff: 83_640,
  ports: 2,
  portBits: 32,
  clockMegahertz: 50,
} as const satisfies Device;
