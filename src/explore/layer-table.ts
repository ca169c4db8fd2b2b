// Best cycles of one layer on every array of the space, at every buffer level; worked out when asked for, then kept.

import type { Chunk, RequantizationForm, Tile } from '../accelerator/accelerator.ts';
import type { Layer } from '../accelerator/layers.ts';
import { type LayerSlots, TileTimer, type TimedArray } from '../cost/tile-timer.ts';
import type { Memory } from '../schedule/memory.ts';
import { type ChipUse, lanesOf, noChipUse } from '../schedule/plan.ts';
import { beatsOfTensor } from '../schedule/residency.ts';
import type { WordsNeeded } from '../schedule/tile-legality.ts';
import { defined } from '../util/errors.ts';
import { type LayerBounds, layerBounds } from './layer-bounds.ts';
import type { Space } from './space.ts';

/** A layer as one chunk would run it: everything beside the array that decides its cycles. */
export interface LayerContext {
  readonly layer: Layer;
  readonly slots: LayerSlots;
  /** Of the chunk. */
  readonly weightBits: number;
  readonly hasAdd: boolean;
  /** `half-up` where it is left out. */
  readonly form?: RequantizationForm;
  /** The memory behind the chunk's port; that of the exploration where it is left out. */
  readonly memory?: Memory;
  /** What of the layer lies on the chunk's chip; nothing where it is left out. */
  readonly chip?: ChipUse;
}

/** Two layers with one signature cost the same everywhere. */
export function layerSignature(layer: Layer): string {
  const { kind, inputShape, outputShape, kernel, stride, padding, groups, permutation } = layer;
  const order = groups > 1 && permutation !== undefined ? permutation.join() : '';
  const { top, bottom, left, right } = padding;
  return `${kind} ${inputShape} ${outputShape} ${kernel} ${stride} ${top},${bottom},${left},${right} ${groups} ${order} ${layer.add === undefined ? '' : 'add'}`;
}

/** Array coordinates as indices into the space's lists. */
export interface ArrayIndex {
  readonly rows: number;
  readonly outputs: number;
  readonly inputs: number;
}

/** A number for each array of a space. */
export const arrayKey = (space: Space, { rows, outputs, inputs }: ArrayIndex): number =>
  (rows * space.outputs.length + outputs) * space.inputs.length + inputs;

/** The array's sizes; depthwise arrays have one input each. */
export function arrayOf(
  space: Space,
  kind: Chunk['kind'],
  { rows, outputs, inputs }: ArrayIndex,
): Pick<Chunk, 'rows' | 'outputs' | 'inputs'> {
  return {
    rows: defined(space.rows[rows], 'rows'),
    outputs: defined(space.outputs[outputs], 'outputs'),
    inputs: kind === 'depthwise' ? 1 : defined(space.inputs[inputs], 'inputs'),
  };
}

/** Tiles of a layer in certain slots, timed; shared by the tables of different chunks. */
export function timersOf(
  { layer, slots, form = 'half-up', chip }: Omit<LayerContext, 'weightBits' | 'hasAdd'>,
  tiles: readonly Tile[],
  busBits: 32 | 64,
  memory: Memory,
): TileTimer[] {
  return tiles.map((tile) => new TileTimer(layer, tile, slots, busBits, memory, form, chip));
}

/** Best tiles of one variant of an array: certain requantizers and accumulator buffers. */
export interface Variant {
  /** Per buffer level; Infinity where no tile fits. */
  readonly cycles: Float64Array;
  /** Per buffer level, index into the timers. */
  readonly tiles: Int16Array;
  /** The least of `cycles`. */
  readonly leastCycles: number;
  /** Per buffer level, energy of one image; only of tables that weigh it. */
  readonly femtojoules?: Float64Array;
}

/** What a chunk asks of the table of one of its layers. */
export type ChunkTable = Pick<
  LayerTable,
  'bounds' | 'timers' | 'chip' | 'chipBeats' | 'leastCycles' | 'timed' | 'variant'
> & {
  /** Energy of one image on an array at least; only of tables that weigh it. */
  leastFemtojoules?(index: ArrayIndex): number;
};

/** What is known of one array so far. */
interface ArrayEntry {
  /** Per tile, bit k set where its words fit level k. */
  readonly fits: Uint32Array;
  /** Per tile, what it takes at least with the most requantizers. */
  readonly least: Int32Array;
  /** The least of these over tiles that fit some level. */
  readonly leastCycles: number;
  readonly variants: (Variant | undefined)[];
}

/** Cycles known of the array looked at last, for each number of accumulator buffers. */
interface KnownCycles {
  readonly key: number;
  /** Per tile, and the requantizers it was taken with. */
  readonly of: ({ readonly requantizers: number; readonly cycles: Int32Array } | undefined)[];
}

const unusable = (levels: number): Variant => ({
  cycles: new Float64Array(levels).fill(Number.POSITIVE_INFINITY),
  tiles: new Int16Array(levels).fill(-1),
  leastCycles: Number.POSITIVE_INFINITY,
});

/** Variants of all arrays for one layer context. */
export class LayerTable {
  /** No tile is faster than these. */
  readonly bounds: LayerBounds;
  readonly #makeTimers: () => readonly TileTimer[];
  #timers: readonly TileTimer[] | undefined;
  readonly #context: LayerContext;
  readonly #space: Space;
  readonly #arrays = new Map<number, ArrayEntry>();
  #known: KnownCycles = { key: -1, of: [] };
  /** Tiles of the variant worked out last: likely to be good again. */
  #hints: Int16Array;
  readonly #unusable: Variant;
  readonly #outputLanes: number;
  readonly #operandLanes: number;
  /** Beats of the output on chip. */
  readonly #mapBeats: number;
  /** Layer evaluations made: one tile on one array. */
  evaluations = 0;

  /** @param makeTimers called when the first variant is worked out */
  constructor(
    context: LayerContext,
    tiles: readonly Tile[],
    makeTimers: () => readonly TileTimer[],
    busBits: 32 | 64,
    memory: Memory,
    space: Space,
  ) {
    this.#makeTimers = makeTimers;
    this.bounds = layerBounds(context, tiles, busBits, memory, space);
    this.#context = context;
    this.#space = space;
    this.#unusable = unusable(space.levels.length);
    this.#hints = this.#unusable.tiles;
    this.#outputLanes = lanesOf(busBits, context.slots.output);
    this.#operandLanes =
      context.layer.add === undefined ? 0 : lanesOf(busBits, context.slots.operand);
    this.#mapBeats = this.chip.output
      ? beatsOfTensor(context.layer.output.shape, this.#outputLanes)
      : 0;
  }

  /** All tiles of the layer. */
  get timers(): readonly TileTimer[] {
    this.#timers ??= this.#makeTimers();
    return this.#timers;
  }

  /** What of the layer lies on the chunk's chip. */
  get chip(): ChipUse {
    return this.#context.chip ?? noChipUse;
  }

  /** Beats that a tile of the layer takes of its chunk's on-chip memory. */
  chipBeats(timer: TileTimer, array: TimedArray): number {
    const { weights, parameters } = this.chip;
    return (
      this.#mapBeats +
      (weights ? timer.weightBeats(array) : 0) +
      (parameters ? timer.parameterBeats : 0)
    );
  }

  /** The array with which a variant is timed. */
  timed(index: ArrayIndex, requantizers: number, buffers: number): TimedArray {
    const { layer, weightBits, hasAdd, form = 'half-up' } = this.#context;
    return {
      kind: layer.kind,
      ...arrayOf(this.#space, layer.kind, index),
      weightBits,
      hasAdd,
      form,
      order: 'overlapped',
      requantizers: defined(this.#space.requantizers[requantizers], 'requantizers'),
      accumulatorBuffers: defined(this.#space.accumulatorBuffers[buffers], 'buffers'),
    };
  }

  /** Best tiles of a variant, worked out at the first call. */
  variant(index: ArrayIndex, requantizers: number, buffers: number): Variant {
    const key = arrayKey(this.#space, index);
    const entry = this.#entry(index);
    const at = requantizers * this.#space.accumulatorBuffers.length + buffers;
    const known = entry.variants[at];
    if (known !== undefined) return known;
    const array = this.timed(index, requantizers, buffers);
    if (this.#known.key !== key) this.#known = { key, of: [] };
    const made = this.isLegal(array)
      ? this.#evaluate(array, requantizers, buffers, entry)
      : this.#unusable;
    entry.variants[at] = made;
    return made;
  }

  #entry(index: ArrayIndex): ArrayEntry {
    const key = arrayKey(this.#space, index);
    let entry = this.#arrays.get(key);
    if (entry === undefined) {
      entry = this.#measure(this.timed(index, 0, 0));
      this.#arrays.set(key, entry);
    }
    return entry;
  }

  /** Per tile, bit k set where its words fit level k on an array. */
  fits(index: ArrayIndex): Uint32Array {
    return this.#entry(index).fits;
  }

  /** No tile is faster on an array, whatever the chunk's requantizers: dearer than `bounds`, cheaper than a variant. */
  leastCycles(index: ArrayIndex): number {
    return this.#entry(index).leastCycles;
  }

  #measure(array: TimedArray): ArrayEntry {
    const { timers } = this;
    const fits = new Uint32Array(timers.length);
    const least = new Int32Array(timers.length);
    let leastCycles = Number.POSITIVE_INFINITY;
    for (const [t, timer] of timers.entries()) {
      const measured = timer.measure(array);
      const fit = fittingLevels(measured.words, this.#space);
      fits[t] = fit;
      least[t] = measured.leastCycles;
      if (fit !== 0) leastCycles = Math.min(leastCycles, measured.leastCycles);
    }
    return { fits, least, leastCycles, variants: [] };
  }

  /** Whether the requantizers of an array suit the layer. */
  isLegal(array: TimedArray): boolean {
    const { requantizers } = array;
    return (
      array.outputs % requantizers === 0 &&
      this.#outputLanes % requantizers === 0 &&
      this.#operandLanes % requantizers === 0
    );
  }

  #evaluate(
    array: TimedArray,
    requantizers: number,
    buffers: number,
    { fits, least: leastOfTiles }: ArrayEntry,
  ): Variant {
    const { timers } = this;
    const levels = this.#space.levels.length;
    const { cycles, tiles } = unusable(levels);
    // Slower stores never make a tile faster: what it took with more requantizers bounds it from below. The space
    // lists the most first.
    const before = this.#known.of[buffers];
    const bound =
      before !== undefined && before.requantizers <= requantizers
        ? before.cycles
        : leastOfTiles.slice();
    this.#known.of[buffers] = { requantizers, cycles: bound };
    let leastCycles = Number.POSITIVE_INFINITY;
    // What was best just before is likely to be good again, and spares most of the others: it comes first.
    for (let turn = -levels; turn < timers.length; turn++) {
      const t = turn < 0 ? (this.#hints[turn + levels] ?? -1) : turn;
      if (t < 0 || (turn < 0 && t === this.#hints[turn + levels - 1])) continue;
      const fit = fits[t] ?? 0;
      const least = bound[t] ?? 0;
      let isOpen = false;
      for (let k = 0; k < levels; k++)
        // Of equally fast tiles the first is kept, in whatever order they come.
        if (((fit >> k) & 1) === 1 && isBetter(least, t, cycles[k] ?? 0, tiles[k] ?? 0))
          isOpen = true;
      if (!isOpen) continue;
      const taken = timers[t]?.cycles(array) ?? 0;
      this.evaluations++;
      bound[t] = taken;
      if (taken < leastCycles) leastCycles = taken;
      for (let k = 0; k < levels; k++)
        if (((fit >> k) & 1) === 1 && isBetter(taken, t, cycles[k] ?? 0, tiles[k] ?? 0)) {
          cycles[k] = taken;
          tiles[k] = t;
        }
    }
    this.#hints = tiles;
    return { cycles, tiles, leastCycles };
  }
}

const isBetter = (cycles: number, tile: number, than: number, thanTile: number): boolean =>
  cycles < than || (cycles === than && tile < thanTile);

const noWords = { input: 0, weights: 0, accumulators: 0 };

/** Bit k is set where a tile's words fit level k. Parameters and operands are small and take what they need. */
function fittingLevels(words: WordsNeeded, space: Space): number {
  let fits = 0;
  for (let k = 0; k < space.levels.length; k++) {
    const { input, weights, accumulators } = space.levels[k] ?? noWords;
    if (words.input <= input && words.weights <= weights && words.accumulators <= accumulators)
      fits |= 1 << k;
  }
  return fits;
}
