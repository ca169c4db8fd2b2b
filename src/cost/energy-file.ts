// Tables of energies that users bring: the same entries as the files in energy-tables/, as YAML or JSON.

import { z } from 'zod';
import { readDataFile } from '../util/data-file.ts';
import type { EnergyTable } from './energy.ts';

const picojoules = z.number().positive();

/** Every entry of a table. */
export const energySchema = z.strictObject({
  name: z.string().max(200),
  summary: z.string().max(1000),
  source: z.string().max(4000),
  multiply8Picojoules: picojoules,
  addPicojoules: picojoules,
  buffer64Picojoules: picojoules,
  memory64Picojoules: picojoules,
}) satisfies z.ZodType<EnergyTable>;

/**
 * Reads a table.
 * @throws InvalidConfigError (exit code 2) with the line of what is missing, unknown, negative or no number
 */
export function readEnergyTable(path: string): EnergyTable {
  return readDataFile(path, energySchema, Object.keys(energySchema.shape));
}
