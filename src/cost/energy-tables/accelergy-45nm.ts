import type { EnergyTable } from '../energy.ts';

/** Five times the multiplier of Horowitz, a low-power DRAM: what ranks equally under both does not hang on a table. */
export const accelergy45nm: EnergyTable = {
  name: 'accelergy-45nm',
  summary: 'Aladdin arithmetic scaled to 45 nm, CACTI SRAM, LPDDR4, as Accelergy composes them',
  source:
    "Aladdin's library as Accelergy plug-ins scale it from 40 to 45 nm: 0.97 pJ for an 8-bit multiply-accumulate less its adder of 0.06, quadratic in width; 0.242 pJ for a 32-bit adder. CACTI, 8 kB by 64 bits: 6.14 pJ to read, 7.88 to write, their mean. LPDDR4: 8 pJ a bit",
  multiply8Picojoules: 0.91,
  addPicojoules: 0.242,
  buffer64Picojoules: 7.01,
  memory64Picojoules: 512,
};
