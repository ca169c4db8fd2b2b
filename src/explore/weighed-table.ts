// The table of a layer that also knows energies, and may cut the layer to save energy instead of time.

import type { EnergyTable } from '../cost/energy.ts';
import type { TileTimer, TimedArray } from '../cost/tile-timer.ts';
import type { ChipUse } from '../schedule/plan.ts';
import type { LayerBounds } from './layer-bounds.ts';
import {
  type ArrayIndex,
  arrayKey,
  type ChunkTable,
  type LayerTable,
  type Variant,
} from './layer-table.ts';
import type { Space, Tiling } from './space.ts';

/** Energies of a layer's tiles on every array, worked out when asked for; no memory contract changes them. */
export class TileEnergies {
  readonly #energyTable: EnergyTable;
  readonly #arrays = new Map<number, Float64Array>();

  constructor(energyTable: EnergyTable) {
    this.#energyTable = energyTable;
  }

  /** Femtojoules of one image per tile on an array. */
  of(key: number, array: TimedArray, timers: readonly TileTimer[]): Float64Array {
    let energies = this.#arrays.get(key);
    if (energies === undefined) {
      energies = Float64Array.from(timers, (timer) => timer.femtojoules(array, this.#energyTable));
      this.#arrays.set(key, energies);
    }
    return energies;
  }
}

/** A layer's table with energies, under one rule of tiling. */
export class WeighedTable implements ChunkTable {
  readonly #table: LayerTable;
  readonly #energies: TileEnergies;
  readonly #tiling: Tiling;
  readonly #space: Space;
  readonly #variants = new Map<number, Variant>();

  constructor(table: LayerTable, energies: TileEnergies, tiling: Tiling, space: Space) {
    this.#table = table;
    this.#energies = energies;
    this.#tiling = tiling;
    this.#space = space;
  }

  get bounds(): LayerBounds {
    return this.#table.bounds;
  }

  get timers(): readonly TileTimer[] {
    return this.#table.timers;
  }

  get chip(): ChipUse {
    return this.#table.chip;
  }

  chipBeats(timer: TileTimer, array: TimedArray): number {
    return this.#table.chipBeats(timer, array);
  }

  timed(index: ArrayIndex, requantizers: number, buffers: number): TimedArray {
    return this.#table.timed(index, requantizers, buffers);
  }

  leastCycles(index: ArrayIndex): number {
    return this.#table.leastCycles(index);
  }

  #energiesOf(index: ArrayIndex): Float64Array {
    return this.#energies.of(arrayKey(this.#space, index), this.timed(index, 0, 0), this.timers);
  }

  /** Infinity where no tile fits. */
  leastFemtojoules(index: ArrayIndex): number {
    const fits = this.#table.fits(index);
    return this.#energiesOf(index).reduce(
      (least, energy, t) => (fits[t] === 0 ? least : Math.min(least, energy)),
      Number.POSITIVE_INFINITY,
    );
  }

  variant(index: ArrayIndex, requantizers: number, buffers: number): Variant {
    const { accumulatorBuffers } = this.#space;
    const key =
      (arrayKey(this.#space, index) * this.#space.requantizers.length + requantizers) *
        accumulatorBuffers.length +
      buffers;
    let variant = this.#variants.get(key);
    if (variant === undefined) {
      variant =
        this.#tiling === 'fastest'
          ? this.#fastest(index, requantizers, buffers)
          : this.#leanest(index, requantizers, buffers);
      this.#variants.set(key, variant);
    }
    return variant;
  }

  #fastest(index: ArrayIndex, requantizers: number, buffers: number): Variant {
    const fastest = this.#table.variant(index, requantizers, buffers);
    const energies = this.#energiesOf(index);
    const femtojoules = Float64Array.from(
      fastest.tiles,
      (tile) => energies[tile] ?? Number.POSITIVE_INFINITY,
    );
    return { ...fastest, femtojoules };
  }

  /** Per level the tile of the least energy; of these the fastest, of these the first. */
  #leanest(index: ArrayIndex, requantizers: number, buffers: number): Variant {
    const levels = this.#space.levels.length;
    const cycles = new Float64Array(levels).fill(Number.POSITIVE_INFINITY);
    const femtojoules = cycles.slice();
    const tiles = new Int16Array(levels).fill(-1);
    const array = this.timed(index, requantizers, buffers);
    if (!this.#table.isLegal(array))
      return { cycles, femtojoules, tiles, leastCycles: cycles[0] ?? 0 };
    const fits = this.#table.fits(index);
    const energies = this.#energiesOf(index);
    const timed = new Map<number, number>();
    const cyclesOf = (tile: number): number => {
      const taken = timed.get(tile) ?? this.timers[tile]?.cycles(array) ?? 0;
      timed.set(tile, taken);
      return taken;
    };
    for (let k = 0; k < levels; k++) {
      const fitting = (t: number): boolean => (((fits[t] ?? 0) >> k) & 1) === 1;
      let least = Number.POSITIVE_INFINITY;
      energies.forEach((energy, t) => {
        if (energy < least && fitting(t)) least = energy;
      });
      femtojoules[k] = least;
      energies.forEach((energy, t) => {
        if (energy !== least || !fitting(t) || cyclesOf(t) >= (cycles[k] ?? 0)) return;
        cycles[k] = cyclesOf(t);
        tiles[k] = t;
      });
    }
    return { cycles, femtojoules, tiles, leastCycles: Math.min(...cycles) };
  }
}
