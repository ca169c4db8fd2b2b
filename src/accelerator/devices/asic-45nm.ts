import type { Device } from '../device.ts';

/** A chip instead of an FPGA: the budget is area and energy; the counts below are how many cells that area holds. */
export const asic45nm = {
  name: 'asic-45nm',
  summary: 'chip of 12.25 mm2 in 45 nm, counted as 4,096 multipliers and 1,024 memories of 18 kbit',
  source:
    'area and energy of an image after Eyeriss (JSSC 2017, 65 nm: 3.5 mm x 3.5 mm, 278 mW at 34.7 frames/s). 45 nm cells: 682 um2 for an 8-bit multiply-accumulate (Aladdin, Accelergy), 0.0081 mm2 for 18 kbit of SRAM (CACTI: 0.0072 for 16 kbit). They leave 1.1 mm2 for logic, which LUT and FF stand for without a count of their own',
  family: 'asic',
  dsp: 4096,
  bram18: 1024,
  lut: 1_000_000,
  ff: 1_000_000,
  ports: 4,
  portBits: 64,
  clockMegahertz: 400,
  silicon: {
    areaMillimetres2: 12.25,
    multiplierMillimetres2: 0.000_682,
    memory18Millimetres2: 0.0081,
    energyMillijoules: 8,
  },
} as const satisfies Device;
