import type { Device } from '../device.ts';

/** Xilinx Alveo U250 card. */
export const alveoU250 = {
  summary: 'Alveo U250 card (XCU250)',
  source:
    'Xilinx DS962 (Alveo U200 and U250): 12,288 DSP48E2, 2,688 BRAM36, 1,728,000 LUT, 3,456,000 FF before the shell takes its part; 4 channels of DDR4, one port each; 1,280 UltraRAM not counted',
  family: 'xcup',
  part: 'xcu250-figd2104-2L-e',
  dsp: 12_288,
  bram18: 5376,
  lut: 1_728_000,
  ff: 3_456_000,
  ports: 4,
  portBits: 128,
  clockMegahertz: 200,
} as const satisfies Device;
