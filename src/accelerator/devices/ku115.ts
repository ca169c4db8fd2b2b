import type { Device } from '../device.ts';

/** Xilinx Kintex UltraScale KU115 on a KCU1500 board, the large platform of DNNBuilder (ICCAD 2018). */
export const ku115 = {
  summary: 'Kintex UltraScale XCKU115 (KCU1500 board)',
  source:
    'Xilinx DS890 (UltraScale overview): 5,520 DSP48E2, 2,160 BRAM36, 663,360 LUT, 1,326,720 FF; the board has 4 channels of DDR4, one port each. Counted as UltraScale+, whose DSP and block RAM are the same',
  family: 'xcup',
  part: 'xcku115-flva1517-2-e',
  dsp: 5520,
  bram18: 4320,
  lut: 663_360,
  ff: 1_326_720,
  ports: 4,
  portBits: 128,
  clockMegahertz: 200,
} as const satisfies Device;
