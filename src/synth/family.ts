// What a family of FPGAs is to synthesis: how its cells count as resources, and who places and routes for it.

import type { Chunk } from '../accelerator/accelerator.ts';
import type { ProgramRoom } from '../cost/memories.ts';
import type { Resources } from '../cost/resources.ts';

/** Numbers of cells by type, as yosys prints them. */
export type CellCounts = ReadonlyMap<string, number>;

/** Place and route for one part of a family. */
export interface Placer {
  /** nextpnr of the family; PyPI's build of it has `yowasp-` before its name. */
  readonly tool: string;
  /** The part, as users know it. */
  readonly part: string;
  readonly args: readonly string[];
  /** What the part has. */
  readonly has: Resources;
}

/** One entry of the registry `families/index.ts`, named like the family's script (src/emit/synthesis.ts). */
export interface Family {
  readonly summary: string;
  /** What a chunk takes: DSP and block RAM by construction, LUT and FF as fitted. */
  readonly predict: (chunk: Chunk, room: ProgramRoom, busBits: number) => Resources;
  /** What one cell takes; undefined for cells that take nothing we count (carry chains, muxes, buffers). */
  readonly costOf: (cell: string) => Partial<Resources> | undefined;
  readonly isLatch: (cell: string) => boolean;
  readonly placer?: Placer;
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
