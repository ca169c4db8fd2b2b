// All designs of one chunk that runs certain layers: arrays x requantizers x buffers x multiplier styles.

import type { Chunk, Tile } from '../accelerator/accelerator.ts';
import { layerDescriptors, type ProgramRoom } from '../cost/memories.ts';
import { chunkResources, multiplierStyles, type Resources } from '../cost/resources.ts';
import { MAX_CHIP_WORDS } from '../schedule/legality.ts';
import type { ChipUse } from '../schedule/plan.ts';
import { DESCRIPTOR_CYCLES } from '../schedule/timing.ts';
import { defined } from '../util/errors.ts';
import { powerOfTwoFrom } from '../util/powers.ts';
import { type ChunkFrame, leastBuffers } from './chunk-frame.ts';
import { type Coordinates, coordinatesOf, indexOf } from './coordinates.ts';
import { type ArrayIndex, arrayOf, type LayerTable } from './layer-table.ts';
import { type ChunkSpace, compareOptions, fitsIn, type Option, paretoOf } from './problem.ts';
import type { Space } from './space.ts';

/** A design in full: the chunk, its room for programs and the tile of each of its layers. */
export interface ChunkDesign {
  readonly chunk: Chunk;
  readonly room: ProgramRoom;
  readonly tiles: readonly Tile[];
  /** What of each layer lies on chip. */
  readonly chips: readonly ChipUse[];
}

/** The designs of one chunk; its layers' tables are shared with other chunks and other networks. */
export class DesignedChunkSpace implements ChunkSpace {
  readonly shape: readonly number[];
  readonly #space: Space;
  readonly #busBits: 32 | 64;
  readonly #frame: ChunkFrame;
  /** Per residency, the tables of the layers. */
  readonly #tables: readonly (readonly LayerTable[])[];
  readonly #styles: readonly Chunk['multiplier'][];
  /** Per level, the levels that are nowhere larger. */
  readonly #smallerLevels: readonly (readonly number[])[];
  readonly #legal: Uint8Array;
  #known: { readonly cyclesAtMost: number; readonly budget: string; readonly front: Option[] } = {
    cyclesAtMost: -1,
    budget: '',
    front: [],
  };

  constructor(
    space: Space,
    busBits: 32 | 64,
    frame: ChunkFrame,
    tables: readonly (readonly LayerTable[])[],
    legal: Uint8Array,
  ) {
    this.#space = space;
    this.#busBits = busBits;
    this.#frame = frame;
    this.#tables = tables;
    this.#legal = legal;
    this.#styles = multiplierStyles(frame.slotBits, frame.weightBits);
    this.#smallerLevels = space.levels.map((level, k) =>
      space.levels.flatMap((other, j) =>
        j !== k &&
        other.input <= level.input &&
        other.weights <= level.weights &&
        other.accumulators <= level.accumulators
          ? [j]
          : [],
      ),
    );
    this.shape = [
      space.rows.length,
      space.outputs.length,
      frame.kind === 'depthwise' ? 1 : space.inputs.length,
      space.requantizers.length,
      space.accumulatorBuffers.length,
      tables.length,
      space.levels.length,
      this.#styles.length,
    ];
  }

  #arrayIsLegal(array: ArrayIndex, requantizers: number): boolean {
    const [, outputs = 0, inputs = 0, counts = 0] = this.shape;
    const index =
      ((array.rows * outputs + array.outputs) * inputs + array.inputs) * counts + requantizers;
    return this.#legal[index] === 1;
  }

  #tablesOf(residency: number): readonly LayerTable[] {
    return defined(this.#tables[residency], 'residency');
  }

  #cycles(at: Coordinates): number {
    let cycles = 0;
    for (const table of this.#tablesOf(at.residency))
      cycles +=
        DESCRIPTOR_CYCLES +
        (table.variant(at, at.requantizers, at.buffers).cycles[at.level] ??
          Number.POSITIVE_INFINITY);
    return cycles;
  }

  /** Whether a level is faster than all smaller ones: one that is not builds larger memories for nothing. */
  #isGain(at: Coordinates, cycles: number): boolean {
    if (!Number.isFinite(cycles)) return false;
    return !(this.#smallerLevels[at.level] ?? []).some(
      (level) => this.#cycles({ ...at, level }) === cycles,
    );
  }

  /** A design in full; only of an index that `at` or `front` gave. */
  designAt(index: number): ChunkDesign {
    return this.#design(coordinatesOf(this.shape, index));
  }

  #design(at: Coordinates): ChunkDesign {
    const most: Record<keyof typeof leastBuffers, number> = { ...leastBuffers };
    const tiles: Tile[] = [];
    const tables = this.#tablesOf(at.residency);
    let entries = 0;
    let chipBeats = 0;
    for (const table of tables) {
      const { tiles: best } = table.variant(at, at.requantizers, at.buffers);
      const timer = defined(table.timers[best[at.level] ?? -1], 'tile');
      const array = table.timed(at, at.requantizers, at.buffers);
      const words = timer.words(array);
      chipBeats += table.chipBeats(timer, array);
      most.input = Math.max(most.input, words.input);
      most.weights = Math.max(most.weights, words.weights);
      most.parameters = Math.max(most.parameters, words.parameters);
      most.accumulators = Math.max(most.accumulators, words.accumulators);
      most.operand = Math.max(most.operand, words.operand);
      entries += timer.tableEntries;
      tiles.push(timer.tile);
    }
    const { hasAdd } = this.#frame;
    return {
      chunk: {
        ...this.#frame,
        ...arrayOf(this.#space, this.#frame.kind, at),
        name: '',
        requantizers: defined(this.#space.requantizers[at.requantizers], 'requantizers'),
        multiplier: defined(this.#styles[at.style], 'style'),
        order: 'overlapped',
        accumulatorBuffers: defined(this.#space.accumulatorBuffers[at.buffers], 'buffers'),
        buffers: {
          input: powerOfTwoFrom(2, most.input),
          weights: powerOfTwoFrom(2, most.weights),
          parameters: powerOfTwoFrom(2, most.parameters),
          accumulators: powerOfTwoFrom(2, most.accumulators),
          operand: hasAdd ? powerOfTwoFrom(2, most.operand) : 0,
        },
        ...(chipBeats > 0 ? { chipWords: powerOfTwoFrom(2, chipBeats) } : {}),
      },
      room: {
        layerCapacity: powerOfTwoFrom(2, layerDescriptors(tables.length)),
        tableDepth: powerOfTwoFrom(16, entries),
      },
      tiles,
      chips: tables.map((table) => table.chip),
    };
  }

  /** Undefined where more is to lie on chip than a chunk can address. */
  #option(at: Coordinates, cycles: number): Option | undefined {
    const { chunk, room } = this.#design(at);
    if ((chunk.chipWords ?? 0) > MAX_CHIP_WORDS) return undefined;
    const resources = chunkResources(chunk, room, this.#busBits);
    return { cycles, resources, index: indexOf(this.shape, at) };
  }

  at(index: number): Option | undefined {
    const at = coordinatesOf(this.shape, index);
    if (!this.#arrayIsLegal(at, at.requantizers)) return undefined;
    const cycles = this.#cycles(at);
    return this.#isGain(at, cycles) ? this.#option(at, cycles) : undefined;
  }

  front(cyclesAtMost: number, budget?: Resources): readonly Option[] {
    const key = budget === undefined ? '' : JSON.stringify(budget);
    if (this.#known.budget !== key || this.#known.cyclesAtMost < cyclesAtMost)
      this.#known = {
        cyclesAtMost,
        budget: key,
        front: this.#makeFront(cyclesAtMost, budget, false),
      };
    if (this.#known.cyclesAtMost === cyclesAtMost) return this.#known.front;
    return this.#known.front.filter((option) => option.cycles <= cyclesAtMost);
  }

  quickFront(cyclesAtMost: number, budget: Resources): readonly Option[] {
    return this.#makeFront(cyclesAtMost, budget, true);
  }

  #makeFront(cyclesAtMost: number, budget: Resources | undefined, isQuick: boolean): Option[] {
    const options: Option[] = [];
    const [rows = 0, outputs = 0, inputs = 0] = this.shape;
    // Rows innermost: what a tile's weights cost does not depend on them, and is kept for one shape only.
    for (let o = 0; o < outputs; o++)
      for (let i = 0; i < inputs; i++)
        for (let r = 0; r < rows; r++) {
          const array: ArrayIndex = { rows: r, outputs: o, inputs: i };
          if (this.#isHopeless(array, cyclesAtMost, budget)) continue;
          for (let residency = 0; residency < this.#tables.length; residency++)
            this.#addVariants(options, { ...array, residency }, cyclesAtMost, budget, isQuick);
        }
    return paretoOf(options.sort(compareOptions));
  }

  /** Adds the designs of an array under a policy; `isQuick`: only those of its fastest variant. */
  #addVariants(
    options: Option[],
    array: ArrayIndex & Pick<Coordinates, 'residency'>,
    cyclesAtMost: number,
    budget: Resources | undefined,
    isQuick: boolean,
  ): void {
    const { requantizers, accumulatorBuffers } = this.#space;
    for (let q = 0; q < requantizers.length; q++) {
      if (!this.#arrayIsLegal(array, q)) continue;
      for (let b = 0; b < accumulatorBuffers.length; b++) {
        const least = this.#leastCycles(array, q, b, cyclesAtMost);
        if (least === Number.POSITIVE_INFINITY) break;
        if (least > cyclesAtMost) {
          // Fewer requantizers or buffers are no faster.
          if (b === 0) return;
          break;
        }
        this.#addLevels(options, { ...array, requantizers: q, buffers: b }, cyclesAtMost, budget);
        if (isQuick) return;
      }
    }
  }

  #addLevels(
    options: Option[],
    variant: Omit<Coordinates, 'level' | 'style'>,
    cyclesAtMost: number,
    budget: Resources | undefined,
  ): void {
    for (let level = 0; level < this.#space.levels.length; level++) {
      const at = { ...variant, level, style: 0 };
      const cycles = this.#cycles(at);
      if (!(cycles <= cyclesAtMost) || !this.#isGain(at, cycles)) continue;
      for (let style = 0; style < this.#styles.length; style++) {
        const option = this.#option({ ...at, style }, cycles);
        if (option === undefined) break;
        if (budget === undefined || fitsIn(option.resources, budget)) options.push(option);
      }
    }
  }

  /**
   * Cycles of a variant at its best level; stops with some figure above the limit once that is certain, and is Infinity
   * where a layer cannot run so.
   */
  #leastCycles(
    array: ArrayIndex & Pick<Coordinates, 'residency'>,
    requantizers: number,
    buffers: number,
    limit: number,
  ): number {
    let cycles = 0;
    for (const table of this.#tablesOf(array.residency)) {
      cycles += DESCRIPTOR_CYCLES + table.variant(array, requantizers, buffers).leastCycles;
      if (cycles > limit) return cycles;
    }
    return cycles;
  }

  /** True where the array alone is too large for the budget, or its words alone take too many cycles. */
  #isHopeless(array: ArrayIndex, cyclesAtMost: number, budget: Resources | undefined): boolean {
    const shape = arrayOf(this.#space, this.#frame.kind, array);
    const lanes = shape.rows * shape.outputs * shape.inputs;
    if (budget !== undefined && !this.#styles.includes('lut') && lanes > budget.dsp) return true;
    let words = 0;
    for (const table of this.#tablesOf(0)) words += DESCRIPTOR_CYCLES + table.leastWords(shape);
    return words > cyclesAtMost;
  }
}
