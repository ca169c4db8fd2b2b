import type { Device } from '../device.ts';

/** Xilinx ZCU104 evaluation board. */
export const zcu104 = {
  summary: 'Zynq UltraScale+ XCZU7EV (ZCU104 board)',
  source:
    'Xilinx DS891 (Zynq UltraScale+ overview): 1,728 DSP48E2, 312 BRAM36, 230,400 LUT, 460,800 FF; 4 HP ports of 128 bits; 96 UltraRAM not counted',
  family: 'xcup',
  part: 'xczu7ev-ffvc1156-2-e',
  dsp: 1728,
  bram18: 624,
  lut: 230_400,
  ff: 460_800,
  ports: 4,
  portBits: 128,
  clockMegahertz: 200,
} as const satisfies Device;
