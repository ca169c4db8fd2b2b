// Area of a design on a chip or an FPGA, and what of a chip's area and energy it exceeds.

import type { Chunk } from '../accelerator/accelerator.ts';
import type { Device, Silicon } from '../accelerator/device.ts';
import { dspOfArray } from '../accelerator/multipliers.ts';
import { chunkDsp, lanesOfArray, type Resources } from './resources.ts';

/** Budgets that only a chip has. */
export interface SiliconMissing {
  readonly areaMillimetres2?: number;
  readonly energyMillijoules?: number;
}

/** Multipliers of 8 by 8 bits that a DSP block of a requantizer stands for: 32 by 16 bits are two blocks. */
const CELLS_OF_BLOCK = 4;

/** Units of `areaUnits` in a square millimetre of a chip, and in all of an FPGA. */
const UNITS_PER_MILLIMETRE2 = 1e12;
const UNITS_PER_DEVICE = 1e9;

/** What an FPGA's area is made of; flip-flops come with the LUTs. */
const parts = ['dsp', 'bram18', 'lut'] as const;

/**
 * Area of one chunk, or of what stands beside all chunks, in whole units, so that sums are exact.
 *
 * Of a chip: square micrometres by the million, of multipliers and memories; logic is left out. Of an FPGA: billionths
 * of the device, the mean of its DSP blocks, block RAMs and LUTs.
 */
export function areaUnits(chunk: Chunk | undefined, resources: Resources, device: Device): number {
  const { silicon } = device;
  if (silicon === undefined) {
    const used = parts.reduce((sum, name) => sum + resources[name] / device[name], 0);
    return Math.round((UNITS_PER_DEVICE * used) / parts.length);
  }
  const cells = chunk === undefined ? 0 : cellsOf(chunk);
  const area =
    cells * silicon.multiplierMillimetres2 + resources.bram18 * silicon.memory18Millimetres2;
  return Math.round(UNITS_PER_MILLIMETRE2 * area);
}

/** Units as people read them: square millimetres of a chip, percent of an FPGA. */
export const areaFigure = (units: number, { silicon }: Device): number =>
  silicon === undefined ? (100 * units) / UNITS_PER_DEVICE : units / UNITS_PER_MILLIMETRE2;

/** Multipliers of 8 by 8 bits of a chunk. */
function cellsOf(chunk: Chunk): number {
  const array = (lanesOfArray(chunk) * chunk.slotBits * chunk.weightBits) / 64;
  return array + CELLS_OF_BLOCK * (chunkDsp(chunk) - dspOfArray(chunk));
}

/** By how much a design exceeds the chip; empty where it does not. */
export function siliconMissing(
  area: number,
  energyMillijoules: number,
  silicon: Silicon,
): SiliconMissing {
  const areaOver = area - silicon.areaMillimetres2;
  const energyOver = energyMillijoules - silicon.energyMillijoules;
  return {
    ...(areaOver > 0 ? { areaMillimetres2: areaOver } : {}),
    ...(energyOver > 0 ? { energyMillijoules: energyOver } : {}),
  };
}
