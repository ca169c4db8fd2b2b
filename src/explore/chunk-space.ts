// All designs of one chunk that runs certain layers: arrays x requantizers x buffers x multiplier styles.

import type { Chunk, MultiplierStyle } from '../accelerator/accelerator.ts';
import type { PartRules } from '../cost/part-rules.ts';
import type { Resources } from '../cost/resources.ts';
import { MAX_CHIP_WORDS } from '../schedule/legality.ts';
import { defined } from '../util/errors.ts';
import { largestFrom } from '../util/largest.ts';
import { CellPrices, type Cells, cellResources, cellsOf, overheadCycles } from './cells.ts';
import { type ChunkDesign, chunkDesign } from './chunk-design.ts';
import type { ChunkFrame } from './chunk-frame.ts';
import { type Coordinates, coordinatesOf, indexOf, packed, unpacked } from './coordinates.ts';
import type { Figures } from './figures.ts';
import { leastOfLayer } from './layer-bounds.ts';
import type { ChunkTable } from './layer-table.ts';
import { isWithin, type PriceBound, type Prices, priceKey, priceOf } from './prices.ts';
import {
  type ChunkSpace,
  compareOptions,
  compareResources,
  figuresOf,
  fitsIn,
  leastFiguresOf,
  type Option,
  paretoOf,
} from './problem.ts';
import type { Space } from './space.ts';
import { WeighedCells } from './weighed-cells.ts';
import { areaOn, type Weighing } from './weighing.ts';

/** Figures of a variant at every buffer level. */
interface Levels {
  readonly cycles: Float64Array;
  /** Zeros where energy is not weighed. */
  readonly femtojoules: Float64Array;
}

/** The designs of one chunk; its layers' tables are shared with other chunks and other networks. */
export class DesignedChunkSpace implements ChunkSpace {
  readonly shape: readonly number[];
  readonly #space: Space;
  readonly #busBits: 32 | 64;
  readonly #rules: PartRules;
  readonly #frame: ChunkFrame;
  /** Per residency, the tables of the layers. */
  readonly #tables: readonly (readonly ChunkTable[])[];
  readonly #styles: readonly Chunk['multiplier'][];
  /** Layers, those with the most work first: they tell soonest that a limit is passed. */
  readonly #byWork: readonly number[];
  /** Energies by level where nobody asks for them. */
  readonly #noEnergy: Float64Array;
  /** Per level, the levels that are nowhere larger. */
  readonly #smallerLevels: readonly (readonly number[])[];
  readonly #legal: Uint8Array;
  #cells: Cells | undefined;
  #cellPrices: CellPrices | undefined;
  readonly #leanest = new Map<string, { readonly option: Option | undefined }>();
  /** Designs that were asked for; null where one cannot be built. */
  readonly #options = new Map<number, Option | null>();
  readonly #plain = new Map<number, Pick<ChunkDesign, 'chunk' | 'room'>>();
  /** Figures by level of each variant that was asked for. */
  readonly #levels = new Map<number, Levels>();
  readonly #weighing: Weighing | undefined;
  #weighedCells: WeighedCells | undefined;

  constructor(
    space: Space,
    busBits: 32 | 64,
    rules: PartRules,
    frame: ChunkFrame,
    tables: readonly (readonly ChunkTable[])[],
    styles: readonly MultiplierStyle[],
    legal: Uint8Array,
    weighing?: Weighing,
  ) {
    this.#weighing = weighing;
    this.#space = space;
    this.#busBits = busBits;
    this.#rules = rules;
    this.#frame = frame;
    this.#tables = tables;
    this.#legal = legal;
    this.#noEnergy = new Float64Array(space.levels.length);
    this.#styles = styles;
    const work = (tables[0] ?? []).map(({ bounds }) => bounds.array[0] ?? 0);
    this.#byWork = [...work.keys()].sort((a, b) => (work[b] ?? 0) - (work[a] ?? 0));
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

  #tablesOf(residency: number): readonly ChunkTable[] {
    return defined(this.#tables[residency], 'residency');
  }

  /**
   * Whether a level is faster, or takes less energy, than each smaller one: one that does not builds larger memories for
   * nothing.
   */
  #isGain({ cycles, femtojoules }: Levels, level: number): boolean {
    const own = cycles[level] ?? Number.POSITIVE_INFINITY;
    if (own === Number.POSITIVE_INFINITY) return false;
    return !(this.#smallerLevels[level] ?? []).some(
      (smaller) =>
        (cycles[smaller] ?? 0) <= own && (femtojoules[smaller] ?? 0) <= (femtojoules[level] ?? 0),
    );
  }

  /** A design in full; only of an index that `at` or `front` gave. */
  designAt(index: number): ChunkDesign {
    return this.#design(coordinatesOf(this.shape, index));
  }

  #design(at: Coordinates): ChunkDesign {
    return chunkDesign(this.#space, this.#frame, this.#tablesOf(at.residency), this.#styles, at);
  }

  /** Undefined where more is to lie on chip than a chunk can address. */
  #option(at: Coordinates, levels: Levels): Option | undefined {
    const index = indexOf(this.shape, at);
    const known = this.#options.get(index);
    if (known !== undefined) return known ?? undefined;
    // Whatever multiplies, the rest of the design is the same.
    const plain = index - at.style;
    const { room, chunk } = this.#plain.get(plain) ?? this.#design({ ...at, style: 0 });
    // Tiles are left out: with them, explorations take twice the memory.
    this.#plain.set(plain, { room, chunk });
    const multiplier = defined(this.#styles[at.style], 'style');
    const isAddressable = (chunk.chipWords ?? 0) <= MAX_CHIP_WORDS;
    const styled = { ...chunk, multiplier };
    const resources = this.#rules.count(styled, room, this.#busBits);
    const option: Option | null = isAddressable
      ? {
          cycles: levels.cycles[at.level] ?? 0,
          resources,
          index,
          ...(this.#weighing === undefined
            ? {}
            : {
                femtojoules: levels.femtojoules[at.level] ?? 0,
                area: areaOn(this.#weighing, styled, resources),
              }),
        }
      : null;
    this.#options.set(index, option);
    return option ?? undefined;
  }

  at(index: number): Option | undefined {
    const at = coordinatesOf(this.shape, index);
    const cell = this.#cellOf(at);
    if (this.#bounds.cycles[cell] === Number.POSITIVE_INFINITY) return undefined;
    const levels = this.#levelsOf(at, Number.POSITIVE_INFINITY);
    if (levels === undefined || !this.#isGain(levels, at.level)) return undefined;
    return this.#option(at, levels);
  }

  least(cyclesAtMost: number): Resources | undefined {
    const { cycles, dsp, bram18, lut, ff } = this.#bounds;
    const least = {
      dsp: Number.POSITIVE_INFINITY,
      bram18: Number.POSITIVE_INFINITY,
      lut: Number.POSITIVE_INFINITY,
      ff: Number.POSITIVE_INFINITY,
    };
    for (let cell = 0; cell < cycles.length; cell++) {
      if ((cycles[cell] ?? 0) > cyclesAtMost || cycles[cell] === Number.POSITIVE_INFINITY) continue;
      least.dsp = Math.min(least.dsp, dsp[cell] ?? 0);
      least.bram18 = Math.min(least.bram18, bram18[cell] ?? 0);
      least.lut = Math.min(least.lut, lut[cell] ?? 0);
      least.ff = Math.min(least.ff, ff[cell] ?? 0);
    }
    return least.dsp === Number.POSITIVE_INFINITY ? undefined : least;
  }

  leastCycles(budget: Resources): number {
    const bounds = this.#bounds;
    let least = Number.POSITIVE_INFINITY;
    bounds.cycles.forEach((cycles, cell) => {
      if (cycles < least && fitsIn(cellResources(bounds, cell), budget)) least = cycles;
    });
    return least;
  }

  leanest(cyclesAtMost: number, prices: Prices): Option | undefined {
    const key = `${cyclesAtMost} ${priceKey(prices)}`;
    const known = this.#leanest.get(key);
    if (known !== undefined) return known.option;
    const option = this.#findLeanest(cyclesAtMost, prices);
    this.#leanest.set(key, { option });
    return option;
  }

  #findLeanest(cyclesAtMost: number, prices: Prices): Option | undefined {
    const price = this.#prices.of(prices);
    const order = this.#prices.order(prices);
    let best: Option | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const cell of order) {
      if ((price[cell] ?? 0) > least) break;
      if ((this.#bounds.cycles[cell] ?? 0) > cyclesAtMost) continue;
      // Equal at best in price, and then not leaner.
      if (
        price[cell] === least &&
        best !== undefined &&
        compareResources(cellResources(this.#bounds, cell), best.resources) >= 0
      )
        continue;
      this.#visitCell(cell, cyclesAtMost, (option) => {
        const own = priceOf(prices, option.resources);
        if (own > least) return;
        if (
          own === least &&
          best !== undefined &&
          compareResources(option.resources, best.resources) >= 0
        )
          return;
        best = option;
        least = own;
      });
    }
    return best;
  }

  front(cyclesAtMost: number, bounds: readonly PriceBound[] = []): readonly Option[] {
    const { cycles } = this.#bounds;
    const least = bounds.map(({ prices }) => this.#prices.of(prices));
    const isOpen = (cell: number): boolean =>
      bounds.every(({ limit }, b) => (least[b]?.[cell] ?? 0) <= limit);
    const options: Option[] = [];
    for (let cell = 0; cell < cycles.length; cell++) {
      const bound = cycles[cell] ?? 0;
      if (bound > cyclesAtMost || bound === Number.POSITIVE_INFINITY || !isOpen(cell)) continue;
      this.#visitCell(cell, cyclesAtMost, (option) => {
        if (isWithin(option.resources, bounds)) options.push(option);
      });
    }
    return paretoOf(options.sort(compareOptions));
  }

  leastFigures(isOpen: (figures: Figures) => boolean): Figures | undefined {
    const found: Figures[] = [];
    this.#weighed.visit(isOpen, (_cell, figures) => {
      found[0] = leastFiguresOf([figures, ...found]) ?? figures;
    });
    return found[0];
  }

  select(isOpen: (figures: Figures) => boolean): readonly Option[] {
    const options: Option[] = [];
    this.#weighed.visit(isOpen, (cell, figures) => {
      const withCycles = (cycles: number, femtojoules: number): Figures => ({
        ...figures,
        paceCycles: cycles,
        latencyCycles: cycles,
        femtojoules,
      });
      const most = largestFrom(figures.paceCycles, (cycles) =>
        isOpen(withCycles(cycles, figures.femtojoules)),
      );
      this.#visitCell(
        cell,
        most,
        (option) => {
          if (isOpen(figuresOf(option))) options.push(option);
        },
        (cycles, femtojoules) => isOpen(withCycles(cycles, femtojoules)),
      );
    });
    return options;
  }

  get #weighed(): WeighedCells {
    this.#weighedCells ??= new WeighedCells(
      this.#bounds,
      this.#space,
      this.#frame,
      this.#tables,
      this.#styles,
      this.#weighing,
    );
    return this.#weighedCells;
  }

  get #bounds(): Cells {
    this.#cells ??= cellsOf(
      this.#space,
      this.#busBits,
      this.#rules,
      this.#frame,
      this.#tables,
      this.#styles,
      this.#legal,
    );
    return this.#cells;
  }

  get #prices(): CellPrices {
    this.#cellPrices ??= new CellPrices(this.#bounds);
    return this.#cellPrices;
  }

  /** The cell of a design: its coordinates without accumulator buffers and level. */
  #cellOf({ rows, outputs, inputs, requantizers, residency, style }: Coordinates): number {
    const values = [rows, outputs, inputs, requantizers, residency, style];
    return packed(this.#bounds.shape, values);
  }

  /** Designs of a cell of at most so many cycles, and of these only what is worth making. */
  #visitCell(
    cell: number,
    cyclesAtMost: number,
    visit: (option: Option) => void,
    isWorthIt?: (cycles: number, femtojoules: number) => boolean,
  ): void {
    const [rows = 0, outputs = 0, inputs = 0, requantizers = 0, residency = 0, style = 0] =
      unpacked(this.#bounds.shape, cell);
    const variant = { rows, outputs, inputs, requantizers, residency };
    for (let buffers = 0; buffers < this.#space.accumulatorBuffers.length; buffers++) {
      const levels = this.#levelsOf({ ...variant, buffers }, cyclesAtMost);
      // Fewer buffers are no faster.
      if (levels === undefined) return;
      for (let level = 0; level < levels.cycles.length; level++) {
        const cycles = levels.cycles[level] ?? 0;
        if (!(cycles <= cyclesAtMost) || !this.#isGain(levels, level)) continue;
        if (isWorthIt !== undefined && !isWorthIt(cycles, levels.femtojoules[level] ?? 0)) continue;
        const option = this.#option({ ...variant, buffers, level, style }, levels);
        if (option !== undefined) visit(option);
      }
    }
  }

  /**
   * Figures of a variant at every level, or undefined once it is certain that all are above a limit: then the bounds of
   * its cells are raised.
   */
  #levelsOf(at: Omit<Coordinates, 'level' | 'style'>, limit: number): Levels | undefined {
    const { rows, outputs, inputs, requantizers, buffers, residency } = at;
    const cell = this.#cellOf({ ...at, level: 0, style: 0 });
    const key = cell * this.#space.accumulatorBuffers.length + buffers;
    const known = this.#levels.get(key);
    if (known !== undefined) return known;
    const tables = this.#tablesOf(residency);
    const index = (rows * this.#space.outputs.length + outputs) * (this.shape[2] ?? 1) + inputs;
    const pair = outputs * (this.shape[2] ?? 1) + inputs;
    // Bounds that cost little first: most variants above the limit are so by these.
    const least = tables.map(({ bounds }) => leastOfLayer(bounds, { index, pair }, requantizers));
    let bound = least.reduce((sum, cycles) => sum + cycles, overheadCycles(tables.length));
    for (const layer of this.#byWork) {
      const before = least[layer] ?? 0;
      const own = Math.max(before, tables[layer]?.leastCycles(at) ?? 0);
      least[layer] = own;
      if (own > before) bound += own - before;
      if (bound > limit) return this.#raise(cell, buffers, bound);
    }
    const cycles = new Float64Array(this.#space.levels.length).fill(overheadCycles(tables.length));
    const isWeighed = this.#weighing?.energyTable !== undefined;
    const femtojoules = isWeighed ? new Float64Array(cycles.length) : this.#noEnergy;
    for (const layer of this.#byWork) {
      const own = defined(tables[layer], 'layer').variant(at, requantizers, buffers);
      const before = least[layer] ?? 0;
      if (own.leastCycles > before) bound += own.leastCycles - before;
      if (bound > limit) return this.#raise(cell, buffers, bound);
      for (let level = 0; level < cycles.length; level++) {
        cycles[level] = (cycles[level] ?? 0) + (own.cycles[level] ?? 0);
        if (isWeighed)
          femtojoules[level] = (femtojoules[level] ?? 0) + (own.femtojoules?.[level] ?? 0);
      }
    }
    const levels = { cycles, femtojoules };
    this.#levels.set(key, levels);
    return levels;
  }
  /** No design of these cells takes fewer cycles, if not even the most accumulator buffers do. */
  #raise(cell: number, buffers: number, bound: number): undefined {
    if (buffers > 0) return;
    const { cycles } = this.#bounds;
    for (let other = cell; other < cell + this.#styles.length; other++)
      if (cycles[other] !== Number.POSITIVE_INFINITY) cycles[other] = bound;
  }
}
