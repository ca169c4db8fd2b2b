// All designs of one chunk that runs certain layers: arrays x requantizers x buffers x multiplier styles.

import type { Chunk, ChunkKind, SlotBits, Tile } from '../accelerator/accelerator.ts';
import type { ProgramRoom } from '../cost/memories.ts';
import { chunkResources, multiplierStyles, type Resources } from '../cost/resources.ts';
import { chunkProblems } from '../schedule/legality.ts';
import { DESCRIPTOR_CYCLES } from '../schedule/timing.ts';
import { defined } from '../util/errors.ts';
import { type ArrayIndex, arrayOf, type LayerTable, rowEntry } from './layer-table.ts';
import { type ChunkSpace, compareOptions, fitsIn, type Option, paretoOf } from './problem.ts';
import type { Space } from './space.ts';

/** What all designs of a chunk have in common. */
export interface ChunkFrame {
  readonly kind: ChunkKind;
  readonly slotBits: SlotBits;
  readonly weightBits: number;
  readonly hasAdd: boolean;
}

/** A design in full: the chunk, its room for programs and the tile of each of its layers. */
export interface ChunkDesign {
  readonly chunk: Chunk;
  readonly room: ProgramRoom;
  readonly tiles: readonly Tile[];
}

const powerOfTwoFrom = (least: number, value: number): number =>
  2 ** Math.ceil(Math.log2(Math.max(least, value)));

/** Coordinates of a design as indices into the space's lists. */
interface Coordinates extends ArrayIndex {
  readonly requantizers: number;
  readonly buffers: number;
  readonly level: number;
  readonly style: number;
}

/** The designs of one chunk; its layers' tables are shared with other chunks and other networks. */
export class DesignedChunkSpace implements ChunkSpace {
  readonly shape: readonly number[];
  readonly #space: Space;
  readonly #busBits: 32 | 64;
  readonly #frame: ChunkFrame;
  readonly #tables: readonly LayerTable[];
  readonly #styles: readonly Chunk['multiplier'][];
  /** Per level, the levels that are nowhere larger. */
  readonly #smallerLevels: readonly (readonly number[])[];
  readonly #isLegal = new Map<number, boolean>();
  #known: { readonly cyclesAtMost: number; readonly budget: string; readonly front: Option[] } = {
    cyclesAtMost: -1,
    budget: '',
    front: [],
  };

  constructor(space: Space, busBits: 32 | 64, frame: ChunkFrame, tables: readonly LayerTable[]) {
    this.#space = space;
    this.#busBits = busBits;
    this.#frame = frame;
    this.#tables = tables;
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
      space.levels.length,
      this.#styles.length,
    ];
  }

  #indexOf(at: Coordinates): number {
    const values = [
      at.rows,
      at.outputs,
      at.inputs,
      at.requantizers,
      at.buffers,
      at.level,
      at.style,
    ];
    return values.reduce((index, value, k) => index * (this.shape[k] ?? 1) + value, 0);
  }

  #coordinatesOf(index: number): Coordinates {
    const values = new Array<number>(this.shape.length).fill(0);
    let rest = index;
    for (let k = this.shape.length - 1; k >= 0; k--) {
      const count = this.shape[k] ?? 1;
      values[k] = rest % count;
      rest = Math.floor(rest / count);
    }
    const [rows = 0, outputs = 0, inputs = 0, requantizers = 0, buffers = 0, level = 0, style = 0] =
      values;
    return { rows, outputs, inputs, requantizers, buffers, level, style };
  }

  /** Whether the hardware has arrays of this shape at all; buffers are always made legal. */
  #arrayIsLegal(index: ArrayIndex, requantizers: number): boolean {
    const key = ((index.rows * 64 + index.outputs) * 64 + index.inputs) * 64 + requantizers;
    const known = this.#isLegal.get(key);
    if (known !== undefined) return known;
    const chunk: Chunk = {
      ...this.#frame,
      ...arrayOf(this.#space, this.#frame.kind, index),
      name: '',
      requantizers: defined(this.#space.requantizers[requantizers], 'requantizers'),
      multiplier: 'dsp1',
      order: 'overlapped',
      accumulatorBuffers: 1,
      buffers: { input: 2, weights: 2, parameters: 2, accumulators: 2, operand: 2 },
    };
    const isLegal = chunkProblems(chunk, this.#busBits).length === 0;
    this.#isLegal.set(key, isLegal);
    return isLegal;
  }

  #cycles(at: Coordinates): number {
    const entry = rowEntry(this.#space, at.requantizers, at.buffers, at.level);
    let cycles = 0;
    for (const table of this.#tables)
      cycles += DESCRIPTOR_CYCLES + (table.row(at).cycles[entry] ?? Number.POSITIVE_INFINITY);
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
    return this.#design(this.#coordinatesOf(index));
  }

  #design(at: Coordinates): ChunkDesign {
    const entry = rowEntry(this.#space, at.requantizers, at.buffers, at.level);
    const most = { input: 2, weights: 2, parameters: 2, accumulators: 2, operand: 2 };
    const tiles: Tile[] = [];
    let entries = 0;
    for (const table of this.#tables) {
      const timer = defined(table.timers[table.row(at).tiles[entry] ?? -1], 'tile');
      const words = timer.words(table.timed(at, at.requantizers, at.buffers));
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
      },
      room: {
        layerCapacity: powerOfTwoFrom(2, this.#tables.length),
        tableDepth: powerOfTwoFrom(16, entries),
      },
      tiles,
    };
  }

  #option(at: Coordinates, cycles: number): Option {
    const { chunk, room } = this.#design(at);
    const resources = chunkResources(chunk, room, this.#busBits);
    return { cycles, resources, index: this.#indexOf(at) };
  }

  at(index: number): Option | undefined {
    const at = this.#coordinatesOf(index);
    if (!this.#arrayIsLegal(at, at.requantizers)) return undefined;
    const cycles = this.#cycles(at);
    return this.#isGain(at, cycles) ? this.#option(at, cycles) : undefined;
  }

  front(cyclesAtMost: number, budget?: Resources): readonly Option[] {
    const key = budget === undefined ? '' : JSON.stringify(budget);
    if (this.#known.budget !== key || this.#known.cyclesAtMost < cyclesAtMost)
      this.#known = { cyclesAtMost, budget: key, front: this.#makeFront(cyclesAtMost, budget) };
    if (this.#known.cyclesAtMost === cyclesAtMost) return this.#known.front;
    return this.#known.front.filter((option) => option.cycles <= cyclesAtMost);
  }

  #makeFront(cyclesAtMost: number, budget: Resources | undefined): Option[] {
    const { rows, outputs, requantizers, accumulatorBuffers, levels } = this.#space;
    const options: Option[] = [];
    for (let r = 0; r < rows.length; r++)
      for (let o = 0; o < outputs.length; o++)
        for (let i = 0; i < (this.shape[2] ?? 1); i++) {
          const array: ArrayIndex = { rows: r, outputs: o, inputs: i };
          if (this.#isHopeless(array, cyclesAtMost, budget)) continue;
          for (let q = 0; q < requantizers.length; q++) {
            if (!this.#arrayIsLegal(array, q)) continue;
            for (let b = 0; b < accumulatorBuffers.length; b++) {
              for (let k = 0; k < levels.length; k++) {
                const at = { ...array, requantizers: q, buffers: b, level: k, style: 0 };
                const cycles = this.#cycles(at);
                if (!(cycles <= cyclesAtMost) || !this.#isGain(at, cycles)) continue;
                for (let style = 0; style < this.#styles.length; style++) {
                  const option = this.#option({ ...at, style }, cycles);
                  if (budget === undefined || fitsIn(option.resources, budget))
                    options.push(option);
                }
              }
            }
          }
        }
    return paretoOf(options.sort(compareOptions));
  }

  /** True where the array alone is too large for the budget, or its words alone take too many cycles. */
  #isHopeless(array: ArrayIndex, cyclesAtMost: number, budget: Resources | undefined): boolean {
    const shape = arrayOf(this.#space, this.#frame.kind, array);
    const lanes = shape.rows * shape.outputs * shape.inputs;
    if (budget !== undefined && !this.#styles.includes('lut') && lanes > budget.dsp) return true;
    let words = 0;
    for (const table of this.#tables) words += DESCRIPTOR_CYCLES + table.leastWords(shape);
    return words > cyclesAtMost;
  }
}
