// What designs are weighed by beside cycles and resources: energies of a table, area on a device.

import type { Chunk } from '../accelerator/accelerator.ts';
import type { Device } from '../accelerator/device.ts';
import type { EnergyTable } from '../cost/energy.ts';
import type { Resources } from '../cost/resources.ts';
import { areaUnits } from '../cost/silicon.ts';

export interface Weighing {
  /** Left out where energy does not count: designs are then found faster. */
  readonly energyTable?: EnergyTable;
  /** On which area is measured. */
  readonly device: Device;
}

/** Area of a chunk; 0 without a device to measure it on. */
export const areaOn = (weighing: Weighing | undefined, chunk: Chunk, used: Resources): number =>
  weighing === undefined ? 0 : areaUnits(chunk, used, weighing.device);
