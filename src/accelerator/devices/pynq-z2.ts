import type { Device } from '../device.ts';

/** TUL PYNQ-Z2 board. */
export const pynqZ2 = {
  summary: 'Zynq-7000 XC7Z020 (PYNQ-Z2 board)',
  source:
    'Xilinx DS190 (Zynq-7000 overview): 220 DSP48E1, 140 BRAM36, 53,200 LUT, 106,400 FF, 4 HP ports',
  family: 'xc7',
  part: 'xc7z020clg400-1',
  dsp: 220,
  bram18: 280,
  lut: 53_200,
  ff: 106_400,
  ports: 4,
  portBits: 64,
  clockMegahertz: 100,
} as const satisfies Device;
