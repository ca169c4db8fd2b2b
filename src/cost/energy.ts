// Energy of one image by a stated table: for ranking designs, not a promise about any part.

import type { LayerSums } from './layer-sums.ts';

/** Picojoules of each action; printed with every result that was made with it. */
export interface EnergyTable {
  readonly name: string;
  readonly summary: string;
  readonly source: string;
  /** One multiplication of 8 by 8 bits; others in proportion to the product of their widths. */
  readonly multiply8Picojoules: number;
  /** One 32-bit addition. */
  readonly addPicojoules: number;
  /** 64 bits out of or into a buffer of 8 kB. */
  readonly buffer64Picojoules: number;
  /** 64 bits over the memory port. */
  readonly memory64Picojoules: number;
}

/** Picojoules of a layer for one image, on multipliers of so many bits. */
export function layerPicojoules(
  { laneOperations, bufferBits, memoryBits }: LayerSums,
  slotBits: number,
  weightBits: number,
  table: EnergyTable,
): number {
  const product = (slotBits * weightBits) / 64;
  return (
    laneOperations * (product * table.multiply8Picojoules + table.addPicojoules) +
    (bufferBits / 64) * table.buffer64Picojoules +
    (memoryBits / 64) * table.memory64Picojoules
  );
}

/** The same in whole femtojoules: sums of them are exact, in whatever order they are made. */
export const layerFemtojoules = (
  sums: LayerSums,
  slotBits: number,
  weightBits: number,
  table: EnergyTable,
): number => Math.round(1e3 * layerPicojoules(sums, slotBits, weightBits, table));

/** Femtojoules of a millijoule. */
export const FEMTO_PER_MILLI = 1e12;

/** How far two tables agree on which of some things takes more. */
export interface RankingCheck {
  /** Pairs that one table or the other tells apart. */
  readonly pairs: number;
  /** Of these, the pairs that the other table puts the other way round. */
  readonly swapped: number;
  /** True where no pair is. */
  readonly isRobust: boolean;
}

/** Compares the order of the same things under two tables. */
export function checkRanking(first: readonly number[], second: readonly number[]): RankingCheck {
  let pairs = 0;
  let swapped = 0;
  for (let i = 0; i < first.length; i++)
    for (let j = 0; j < i; j++) {
      const one = Math.sign((first[i] ?? 0) - (first[j] ?? 0));
      const other = Math.sign((second[i] ?? 0) - (second[j] ?? 0));
      if (one === 0 && other === 0) continue;
      pairs++;
      if (one !== other) swapped++;
    }
  return { pairs, swapped, isRobust: swapped === 0 };
}
