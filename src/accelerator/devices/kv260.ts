import type { Device } from '../device.ts';

/** Xilinx Kria KV260 vision starter kit. */
export const kv260 = {
  summary: 'Zynq UltraScale+ XCK26 (Kria KV260 kit)',
  source:
    'Xilinx DS987 (Kria K26 module): 1,248 DSP48E2, 144 BRAM36, 117,120 LUT, 234,240 FF; 4 HP ports of 128 bits; 64 UltraRAM not counted',
  family: 'xcup',
  part: 'xck26-sfvc784-2LV-c',
  dsp: 1248,
  bram18: 288,
  lut: 117_120,
  ff: 234_240,
  ports: 4,
  portBits: 128,
  clockMegahertz: 200,
} as const satisfies Device;
