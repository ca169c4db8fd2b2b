// Devices and tables of energies as users name them: by name, or by the file that describes their own.

import type { Device } from '../accelerator/device.ts';
import { readDevice } from '../accelerator/device-file.ts';
import * as devices from '../accelerator/devices/index.ts';
import type { EnergyTable } from '../cost/energy.ts';
import { readEnergyTable } from '../cost/energy-file.ts';
import * as energyTables from '../cost/energy-tables/index.ts';
import { pick } from '../util/pick.ts';

const isFile = (argument: string): boolean => /\.(ya?ml|json)$/i.test(argument);

/** The device of that name or file. */
export const deviceOf = (argument: string): Device =>
  isFile(argument) ? readDevice(argument) : pick<Device>('device', devices, argument);

/** The table of that name or file. */
export const energyTableOf = (argument: string): EnergyTable =>
  isFile(argument)
    ? readEnergyTable(argument)
    : pick<EnergyTable>('energy table', energyTables, argument);

/** The option that names a table. */
export const energyOption = {
  type: 'string',
  default: 'horowitz-45nm',
  describe: 'table of energies, or a file with your own',
} as const;
