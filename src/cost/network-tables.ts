// Whole networks from tables of their layers: where the design of each chunk is chosen from a list, a layer's cost
// depends on its own chunk's choice alone, so a network is a few additions. Layers that cost the same are kept once.

import {
  BARRIER_CYCLES,
  CHUNK_START_CYCLES,
  FIRST_LAYER_CYCLES,
  LAYER_GAP_CYCLES,
} from '../schedule/timing.ts';
import { defined } from '../util/errors.ts';
import type { Resources } from './resources.ts';

/** What one chunk offers: per layer that it runs, and per design of its list. */
export interface ChunkTable {
  /** Per design, DSP, block RAM, LUT and FF. */
  readonly resources: readonly Resources[];
  /** Cycles and picojoules, [layer][design]; equal layers stand here once. */
  readonly cycles: readonly ArrayLike<number>[];
  readonly picojoules: readonly ArrayLike<number>[];
  /** Per layer above, how often the network has it. */
  readonly counts: readonly number[];
}

/** One network on one choice of designs; filled by `evaluate`, reused so that evaluations make no objects. */
export class NetworkFigures {
  epochCycles = 0;
  latencyCycles = 0;
  picojoules = 0;
  dsp = 0;
  bram18 = 0;
  lut = 0;
  ff = 0;
}

/** Cycles, picojoules and how often, of one layer on one design. */
const CELL = 2;
const RESOURCES = 4;

/** Tables of a network. */
export class NetworkTables {
  /** Designs of each chunk. */
  readonly designs: readonly number[];
  /** Layers that cost differently. */
  readonly distinctLayers: number;
  /** [chunk][design][layer]: cycles, picojoules, each times the layer's count. */
  readonly #cells: readonly Float64Array[];
  readonly #layers: Int32Array;
  readonly #fixedCycles: Float64Array;
  readonly #resources: readonly Float64Array[];
  readonly #fixed: Resources;
  readonly #handoffs: number;

  /** @param fixed what stands beside the chunks (`fixedResources`) */
  constructor(chunks: readonly ChunkTable[], fixed: Resources) {
    const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
    this.designs = chunks.map(({ resources }) => resources.length);
    this.distinctLayers = chunks.reduce((sum, { counts }) => sum + counts.length, 0);
    this.#fixed = fixed;
    this.#layers = Int32Array.from(chunks, ({ counts }) => counts.length);
    this.#fixedCycles = Float64Array.from(
      chunks,
      ({ counts }) => FIRST_LAYER_CYCLES + LAYER_GAP_CYCLES * total(counts),
    );
    this.#handoffs = chunks.reduce(
      (sum, { counts }) => sum + (CHUNK_START_CYCLES + BARRIER_CYCLES) * total(counts),
      0,
    );
    this.#resources = chunks.map(({ resources }) =>
      Float64Array.from(resources.flatMap(({ dsp, bram18, lut, ff }) => [dsp, bram18, lut, ff])),
    );
    this.#cells = chunks.map(({ resources, cycles, picojoules, counts }) =>
      Float64Array.from(
        resources.flatMap((_, d) =>
          counts.flatMap((count, l) => [
            count * (defined(cycles[l], 'cycles')[d] ?? 0),
            count * (defined(picojoules[l], 'picojoules')[d] ?? 0),
          ]),
        ),
      ),
    );
  }

  /** Evaluates the network: `choices[at + c]` is the design of chunk c. */
  evaluate(choices: ArrayLike<number>, at: number, figures: NetworkFigures): void {
    const cells = this.#cells;
    const resources = this.#resources;
    let slowest = 0;
    let all = this.#handoffs;
    let { dsp, bram18, lut, ff } = this.#fixed;
    let picojoules = 0;
    for (let c = 0; c < cells.length; c++) {
      const design = choices[at + c] ?? 0;
      const layers = this.#layers[c] ?? 0;
      const row = cells[c] as Float64Array;
      const first = design * layers * CELL;
      let cycles = 0;
      for (let k = first; k < first + layers * CELL; k += CELL) {
        cycles += row[k] ?? 0;
        picojoules += row[k + 1] ?? 0;
      }
      const taken = resources[c] as Float64Array;
      const from = design * RESOURCES;
      dsp += taken[from] ?? 0;
      bram18 += taken[from + 1] ?? 0;
      lut += taken[from + 2] ?? 0;
      ff += taken[from + 3] ?? 0;
      all += cycles;
      cycles += this.#fixedCycles[c] ?? 0;
      if (cycles > slowest) slowest = cycles;
    }
    figures.epochCycles = BARRIER_CYCLES + slowest;
    figures.latencyCycles = all;
    figures.picojoules = picojoules;
    figures.dsp = dsp;
    figures.bram18 = bram18;
    figures.lut = lut;
    figures.ff = ff;
  }
}
