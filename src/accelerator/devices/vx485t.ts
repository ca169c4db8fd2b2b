import type { Device } from '../device.ts';

/** Xilinx VC707 evaluation board, the platform of Zhang (FPGA 2015) and Shen (ISCA 2017). */
export const vx485t = {
  summary: 'Virtex-7 XC7VX485T (VC707 board)',
  source:
    'Xilinx DS180 (7 series overview): 2,800 DSP48E1, 1,030 BRAM36, 303,600 LUT, 607,200 FF. One DDR3-1600 module of 64 bits, 12.8 GB/s at its peak: 4 ports of 64 bits at 100 MHz ask for a quarter',
  family: 'xc7',
  part: 'xc7vx485tffg1761-2',
  dsp: 2800,
  bram18: 2060,
  lut: 303_600,
  ff: 607_200,
  ports: 4,
  portBits: 64,
  clockMegahertz: 100,
} as const satisfies Device;
