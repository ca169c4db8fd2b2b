import type { Device } from '../device.ts';

/** Xilinx Artix-7 100T on an Arty A7 board. */
export const artix7x100t = {
  name: 'artix7-100t',
  summary: 'Artix-7 XC7A100T (Arty A7-100T board)',
  source:
    'Xilinx DS180 (7 series overview): 240 DSP48E1, 135 BRAM36, 63,400 LUT, 126,800 FF. One DDR3L-667 chip of 16 bits, 1.33 GB/s at its peak: 2 ports of 32 bits at 100 MHz ask for 0.8 GB/s',
  family: 'xc7',
  part: 'xc7a100tcsg324-1',
  dsp: 240,
  bram18: 270,
  lut: 63_400,
  ff: 126_800,
  ports: 2,
  portBits: 32,
  clockMegahertz: 100,
} as const satisfies Device;
