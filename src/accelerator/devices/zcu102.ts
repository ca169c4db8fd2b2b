import type { Device } from '../device.ts';

/** Xilinx ZCU102 evaluation board. */
export const zcu102 = {
  summary: 'Zynq UltraScale+ XCZU9EG (ZCU102 board)',
  source:
    'Xilinx DS891 (Zynq UltraScale+ overview): 2,520 DSP48E2, 912 BRAM36, 274,080 LUT, 548,160 FF; 4 HP ports of 128 bits',
  family: 'xcup',
  part: 'xczu9eg-ffvb1156-2-e',
  dsp: 2520,
  bram18: 1824,
  lut: 274_080,
  ff: 548_160,
  ports: 4,
  portBits: 128,
  clockMegahertz: 200,
} as const satisfies Device;
