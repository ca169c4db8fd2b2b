// What a family of FPGAs is to synthesis: which script to run, and how its cells count as resources.

import type { Resources } from '../cost/resources.ts';

/** Numbers of cells by type, as yosys prints them. */
export type CellCounts = ReadonlyMap<string, number>;

/** One entry of the registry `families/index.ts`. */
export interface Family {
  readonly summary: string;
  /** Ending of the script `syn/chunk_<n>_<suffix>.ys` and of the statistics it writes. */
  readonly suffix: string;
  /** What one cell takes; undefined for cells that take nothing we count (carry chains, muxes, buffers). */
  readonly costOf: (cell: string) => Partial<Resources> | undefined;
  readonly isLatch: (cell: string) => boolean;
}

/** Adds up what all cells take. */
export function countResources(family: Family, cells: CellCounts): Resources {
  const total = { dsp: 0, bram18: 0, lut: 0, ff: 0 };
  for (const [cell, count] of cells) {
    const cost = family.costOf(cell);
    total.dsp += count * (cost?.dsp ?? 0);
    total.bram18 += count * (cost?.bram18 ?? 0);
    total.lut += count * (cost?.lut ?? 0);
    total.ff += count * (cost?.ff ?? 0);
  }
  return total;
}

export function countLatches(family: Family, cells: CellCounts): number {
  return [...cells].reduce((sum, [cell, count]) => sum + (family.isLatch(cell) ? count : 0), 0);
}
