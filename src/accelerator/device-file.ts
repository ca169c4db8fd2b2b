// Devices that users bring: the same entries as the files in devices/, as YAML or JSON.

import { z } from 'zod';
import { readDataFile } from '../util/data-file.ts';
import type { Device } from './device.ts';

const count = z.number().int().positive();
const amount = z.number().positive();

const siliconSchema = z.strictObject({
  areaMillimetres2: amount,
  multiplierMillimetres2: amount,
  memory18Millimetres2: amount,
  energyMillijoules: amount,
});

/** Every entry of a device. */
export const deviceSchema = z
  .strictObject({
    name: z.string().max(200).exactOptional(),
    summary: z.string().max(1000),
    source: z.string().max(4000),
    part: z.string().max(200).exactOptional(),
    family: z.enum(['xc7', 'xcup', 'ecp5', 'ice40', 'asic']),
    dsp: count,
    bram18: count,
    lut: count,
    ff: count,
    ports: count.max(15),
    portBits: z.union([z.literal(32), z.literal(64), z.literal(128)]),
    clockMegahertz: amount,
    silicon: siliconSchema.exactOptional(),
  })
  .refine(({ family, silicon }) => (family === 'asic') === (silicon !== undefined), {
    message: 'a device of family "asic" has entries for silicon, and no other has',
    path: ['family'],
  }) satisfies z.ZodType<Device>;

/**
 * Reads a device.
 * @throws InvalidConfigError (exit code 2) with the line of what is missing, unknown, negative or no number
 */
export function readDevice(path: string): Device {
  const keys = [...Object.keys(deviceSchema.shape), ...Object.keys(siliconSchema.shape)];
  return readDataFile(path, deviceSchema, keys);
}
