// Area of a design on a chip, and what of the chip's area and energy it exceeds.

import type { Chunk } from '../accelerator/accelerator.ts';
import type { Silicon } from '../accelerator/device.ts';
import { dspOfArray } from '../accelerator/multipliers.ts';
import { chunkDsp, lanesOfArray, type Resources } from './resources.ts';

/** Budgets that only a chip has. */
export interface SiliconMissing {
  readonly areaMillimetres2?: number;
  readonly energyMillijoules?: number;
}

/** Multipliers of 8 by 8 bits that a DSP block of a requantizer stands for: 32 by 16 bits are two blocks. */
const CELLS_OF_BLOCK = 4;

/** Millimetres squared of multipliers and memories; logic is left out. */
export function areaOf(
  chunks: readonly Chunk[],
  { bram18 }: Resources,
  { multiplierMillimetres2, memory18Millimetres2 }: Silicon,
): number {
  const cells = chunks.reduce((sum, chunk) => {
    const array = (lanesOfArray(chunk) * chunk.slotBits * chunk.weightBits) / 64;
    return sum + array + CELLS_OF_BLOCK * (chunkDsp(chunk) - dspOfArray(chunk));
  }, 0);
  return cells * multiplierMillimetres2 + bram18 * memory18Millimetres2;
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
