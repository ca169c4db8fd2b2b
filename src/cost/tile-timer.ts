// The fast path as explorations ask for it: one layer cut one way, on one array after the other.
//
// Equal to longestPath(schedule(planLayer(...))) by a property test; nothing here is an approximation.

import type { RequantizationForm, Tile } from '../accelerator/accelerator.ts';
import type { Layer } from '../accelerator/layers.ts';
import type { Memory } from '../schedule/memory.ts';
import { type ChipUse, noChipUse } from '../schedule/plan.ts';
import type { WordsNeeded } from '../schedule/tile-legality.ts';
import { Memories } from './command-costs.ts';
import { leastCyclesOfCut } from './cut-bound.ts';
import { type EnergyTable, layerFemtojoules } from './energy.ts';
import { cutMap, cutOnArray, LayerCut } from './layer-cut.ts';
import {
  DESIGN_FIELDS,
  LAYER_FIELDS,
  type LayerSlots,
  packArray,
  packLayer,
  packTile,
  type TimedArray,
} from './layer-numbers.ts';
import { LayerSums, sumCut, wordsOfCut } from './layer-sums.ts';
import { cyclesOfCut } from './layer-walk.ts';

export type { LayerSlots, TimedArray } from './layer-numbers.ts';

/** Shared, since nothing here is re-entrant. */
const sums = new LayerSums();

function leastOf(given: LayerCut): number {
  sumCut(given, sums);
  return leastCyclesOfCut(given, sums);
}

/** One layer cut one way, ready to be timed on any array. */
export class TileTimer {
  readonly tile: Tile;
  /** Entries that the tile takes in a walker's table. */
  readonly tableEntries: number;
  /** Beats of the layer's records. */
  readonly parameterBeats: number;
  /** Steps of the schedule: row tiles x column tiles x channel steps. */
  readonly stepCount: number;
  readonly #layer = new Int32Array(LAYER_FIELDS);
  readonly #design = new Int32Array(DESIGN_FIELDS);
  readonly #slots: LayerSlots;
  readonly #busBits: 32 | 64;
  /** What the array has no part in stays as it is. */
  readonly #made = new LayerCut();

  /**
   * @param form of the chunk; it decides how long the records are
   * @param chip what lies in the chunk's on-chip memory instead of behind the port
   */
  constructor(
    layer: Layer,
    tile: Tile,
    slots: LayerSlots,
    busBits: 32 | 64,
    memory: Memory,
    form: RequantizationForm = 'half-up',
    chip: ChipUse = noChipUse,
  ) {
    this.tile = tile;
    this.#slots = slots;
    this.#busBits = busBits;
    packLayer(layer, this.#layer);
    packTile(tile, slots, busBits, chip, this.#design);
    cutMap(this.#layer, 0, this.#design, 0, new Memories(memory, busBits), this.#made);
    const { rows, columns, outputTiles, steps, parameterBeats } = this.#cut({
      kind: layer.kind,
      ...{ rows: 1, outputs: 1, inputs: 1, weightBits: 2, requantizers: 1 },
      ...{ order: 'overlapped', accumulatorBuffers: 1, hasAdd: layer.add !== undefined, form },
    });
    this.tableEntries = rows.tiles + columns.tiles + outputTiles + steps;
    this.parameterBeats = parameterBeats;
    this.stepCount = rows.tiles * columns.tiles * steps;
  }

  #cut(array: TimedArray): LayerCut {
    packArray(array, this.#slots, this.#busBits, this.#design);
    cutOnArray(this.#layer, 0, this.#design, 0, this.#made);
    return this.#made;
  }

  /** No array of this shape is faster. */
  lowerBoundCycles(array: TimedArray): number {
    return leastOf(this.#cut(array));
  }

  /** Words and bound at once, for explorations: what takes time is cutting the layer. */
  measure(array: TimedArray): { readonly words: WordsNeeded; readonly leastCycles: number } {
    const cut = this.#cut(array);
    return { words: wordsOfCut(cut), leastCycles: leastOf(cut) };
  }

  /** Cycles of the layer: the longest path through its commands. */
  cycles(array: TimedArray): number {
    const cut = this.#cut(array);
    sumCut(cut, sums);
    return cyclesOfCut(cut, sums);
  }

  /** Energy of the layer for one image. */
  femtojoules(array: TimedArray, table: EnergyTable): number {
    sumCut(this.#cut(array), sums);
    return layerFemtojoules(sums, this.#slots.input, array.weightBits, table);
  }

  /** Beats of the layer's weights on such an array. */
  weightBeats(array: TimedArray): number {
    return this.#cut(array).weightBeats;
  }

  /** Buffer words the tile needs on such an array: what schedule/tile-legality counts. */
  words(array: TimedArray): WordsNeeded {
    return wordsOfCut(this.#cut(array));
  }
}
