import type { Device } from '../device.ts';

/** Xilinx ZC706 evaluation board, the platform of the paper's FPGA results. */
export const zc706 = {
  summary: 'Zynq-7000 XC7Z045 (ZC706 board)',
  source:
    'Xilinx DS190 (Zynq-7000 overview): 900 DSP48E1, 545 BRAM36, 218,600 LUT, 437,200 FF, 4 HP ports',
  family: 'xc7',
  part: 'xc7z045ffg900-2',
  dsp: 900,
  bram18: 1090,
  lut: 218_600,
  ff: 437_200,
  ports: 4,
  portBits: 64,
  clockMegahertz: 200,
} as const satisfies Device;
