import type { Device } from '../device.ts';

/** Avnet Ultra96-V2 board. */
export const ultra96V2 = {
  summary: 'Zynq UltraScale+ XCZU3EG (Ultra96-V2 board)',
  source:
    'Xilinx DS891 (Zynq UltraScale+ overview): 360 DSP48E2, 216 BRAM36, 70,560 LUT, 141,120 FF; 4 HP ports of 128 bits',
  family: 'xcup',
  part: 'xczu3eg-sbva484-1-i',
  dsp: 360,
  bram18: 432,
  lut: 70_560,
  ff: 141_120,
  ports: 4,
  portBits: 128,
  clockMegahertz: 200,
} as const satisfies Device;
