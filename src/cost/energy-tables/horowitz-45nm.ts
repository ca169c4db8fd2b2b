import type { EnergyTable } from '../energy.ts';

/** The table used unless another is named. */
export const horowitz45nm: EnergyTable = {
  name: 'horowitz-45nm',
  summary: 'arithmetic, 8 kB SRAM and DRAM in 45 nm, after Horowitz',
  source:
    'M. Horowitz, "Computing\'s energy problem", ISSCC 2014: 45 nm, 0.9 V; DRAM at the low end of 1,300 to 2,600 pJ per 64 bits',
  multiply8Picojoules: 0.2,
  addPicojoules: 0.1,
  buffer64Picojoules: 10,
  memory64Picojoules: 1300,
};
