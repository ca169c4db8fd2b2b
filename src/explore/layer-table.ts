// Best cycles of one layer on every array of the space, at every buffer level; worked out when asked for, then kept.

import type { Chunk } from '../accelerator/accelerator.ts';
import type { Layer } from '../accelerator/layers.ts';
import { type LayerSlots, TileTimer, type TimedArray } from '../cost/tile-timer.ts';
import type { WordsNeeded } from '../schedule/legality.ts';
import type { Memory } from '../schedule/memory.ts';
import { ceilDiv, lanesOf } from '../schedule/plan.ts';
import { defined } from '../util/errors.ts';
import type { Space } from './space.ts';
import { tilesOf } from './tiles.ts';

/** A layer as one chunk would run it: everything beside the array that decides its cycles. */
export interface LayerContext {
  readonly layer: Layer;
  readonly slots: LayerSlots;
  /** Of the chunk. */
  readonly weightBits: number;
  readonly hasAdd: boolean;
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

/** Cycles and tile of the best tile, [requantizers][accumulator buffers][level]; Infinity where none fits. */
export interface LayerRow {
  readonly cycles: Float64Array;
  readonly tiles: Int16Array;
}

/** Entry of a row. */
export const rowEntry = (space: Space, requantizers: number, buffers: number, level: number) =>
  (requantizers * space.accumulatorBuffers.length + buffers) * space.levels.length + level;

/** All tiles of a layer in certain slots, timed; shared by the tables of different chunks. */
export function timersOf(
  layer: Layer,
  slots: LayerSlots,
  busBits: 32 | 64,
  memory: Memory,
  space: Space,
): TileTimer[] {
  return tilesOf(layer, slots, busBits, space).map(
    (tile) => new TileTimer(layer, tile, slots, busBits, memory),
  );
}

/** Rows of one layer context. */
export class LayerTable {
  readonly timers: readonly TileTimer[];
  readonly #context: LayerContext;
  readonly #space: Space;
  readonly #rows = new Map<number, LayerRow>();
  readonly #outputLanes: number;
  readonly #operandLanes: number;
  /** Layer evaluations made: one tile on one array. */
  evaluations = 0;

  constructor(context: LayerContext, timers: readonly TileTimer[], busBits: 32 | 64, space: Space) {
    this.timers = timers;
    this.#context = context;
    this.#space = space;
    this.#outputLanes = lanesOf(busBits, context.slots.output);
    this.#operandLanes =
      context.layer.add === undefined ? 0 : lanesOf(busBits, context.slots.operand);
  }

  row(index: ArrayIndex): LayerRow {
    const { outputs, inputs } = this.#space;
    const key = (index.rows * outputs.length + index.outputs) * inputs.length + index.inputs;
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    const made = this.#evaluate(index);
    this.#rows.set(key, made);
    return made;
  }

  /** The array with which an entry of a row was timed. */
  timed(index: ArrayIndex, requantizers: number, buffers: number): TimedArray {
    const { layer, weightBits, hasAdd } = this.#context;
    return {
      kind: layer.kind,
      ...arrayOf(this.#space, layer.kind, index),
      weightBits,
      hasAdd,
      order: 'overlapped',
      requantizers: defined(this.#space.requantizers[requantizers], 'requantizers'),
      accumulatorBuffers: defined(this.#space.accumulatorBuffers[buffers], 'buffers'),
    };
  }

  /** Array words of the whole layer in one tile: no cutting takes fewer. */
  leastWords(array: Pick<Chunk, 'rows' | 'outputs' | 'inputs'>): number {
    const { layer } = this.#context;
    const [height, width, channels] = layer.outputShape;
    const products = layer.kind === 'depthwise' ? 1 : layer.inputShape[2] / layer.groups;
    return (
      ceilDiv(height, array.rows) *
      width *
      ceilDiv(channels, array.outputs) *
      Math.ceil(products / array.inputs) *
      layer.kernel[0] *
      layer.kernel[1]
    );
  }

  #isLegal(array: TimedArray): boolean {
    const { requantizers } = array;
    return (
      array.outputs % requantizers === 0 &&
      this.#outputLanes % requantizers === 0 &&
      this.#operandLanes % requantizers === 0
    );
  }

  #lowerBounds(array: TimedArray): Float64Array {
    return Float64Array.from(this.timers, (timer) => timer.lowerBoundCycles(array));
  }

  #evaluate(index: ArrayIndex): LayerRow {
    const { requantizers, accumulatorBuffers, levels } = this.#space;
    const size = requantizers.length * accumulatorBuffers.length * levels.length;
    const cycles = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
    const tiles = new Int16Array(size).fill(-1);
    // Slower stores or fewer buffers never make a tile faster: what it took with more bounds it from below. Both lists
    // of the space begin with the most.
    let fits: boolean[][] = [];
    const bounds: Float64Array[] = [];
    requantizers.forEach((_, q) => {
      accumulatorBuffers.forEach((_, b) => {
        const array = this.timed(index, q, b);
        if (!this.#isLegal(array)) return;
        if (fits.length === 0)
          fits = this.timers.map((timer) => fittingLevels(timer.words(array), this.#space));
        const bound = bounds[b] ?? this.#lowerBounds(array);
        bounds[b] = bound;
        const base = rowEntry(this.#space, q, b, 0);
        this.timers.forEach((timer, t) => {
          const fit = fits[t] ?? [];
          const least = bound[t] ?? 0;
          if (!levels.some((_, k) => fit[k] === true && least < (cycles[base + k] ?? 0))) return;
          const taken = timer.cycles(array);
          this.evaluations++;
          bound[t] = taken;
          for (let k = 0; k < levels.length; k++)
            if (fit[k] === true && taken < (cycles[base + k] ?? 0)) {
              cycles[base + k] = taken;
              tiles[base + k] = t;
            }
        });
      });
    });
    return { cycles, tiles };
  }
}

/** At which levels a tile's words fit. Parameters and operands are small and take what they need. */
function fittingLevels(words: WordsNeeded, space: Space): boolean[] {
  return space.levels.map(
    (level) =>
      words.input <= level.input &&
      words.weights <= level.weights &&
      words.accumulators <= level.accumulators,
  );
}
