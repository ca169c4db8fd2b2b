// The cells of a chunk's space: array x requantizers x policy x multipliers, each with bounds that all its designs keep.

import type { BufferWords, MultiplierStyle } from '../accelerator/accelerator.ts';
import { fittedLogic, logicFits } from '../cost/logic-fit.ts';
import { layerDescriptors } from '../cost/memories.ts';
import type { PartRules } from '../cost/part-rules.ts';
import type { Resources } from '../cost/resources.ts';
import { MAX_CHIP_WORDS } from '../schedule/legality.ts';
import { FIRST_LAYER_CYCLES, LAYER_GAP_CYCLES } from '../schedule/timing.ts';
import { powerOfTwoFrom } from '../util/powers.ts';
import { type ChunkFrame, leastBuffers, leastChunk } from './chunk-frame.ts';
import { leastOfLayer } from './layer-bounds.ts';
import type { ChunkTable } from './layer-table.ts';
import { type Prices, priceKey, priceOf } from './prices.ts';
import type { Space } from './space.ts';

/** Cells as columns; the order is [rows][outputs][inputs][requantizers][residency][style]. */
export interface Cells {
  readonly shape: readonly number[];
  /** No design of the cell takes fewer; Infinity where there is none. Raised as more is known. */
  readonly cycles: Float64Array;
  readonly dsp: Int32Array;
  readonly bram18: Int32Array;
  readonly lut: Int32Array;
  readonly ff: Int32Array;
}

/** Resources that every design of a cell needs at least. */
export const cellResources = (cells: Cells, cell: number): Resources => ({
  dsp: cells.dsp[cell] ?? 0,
  bram18: cells.bram18[cell] ?? 0,
  lut: cells.lut[cell] ?? 0,
  ff: cells.ff[cell] ?? 0,
});

/** Cycles of a chunk's epoch in which none of its so many layers is at work. */
export const overheadCycles = (layers: number): number =>
  FIRST_LAYER_CYCLES + layers * LAYER_GAP_CYCLES;

/** Cycles of a layer on an array and beats on chip of all layers, at least. */
function chunkBounds(
  tables: readonly ChunkTable[],
  requantizers: number,
  array: { readonly index: number; readonly pair: number },
): { readonly cycles: number; readonly chipBeats: number } {
  let cycles = overheadCycles(tables.length);
  let chipBeats = 0;
  for (const { bounds } of tables) {
    cycles += leastOfLayer(bounds, array, requantizers);
    chipBeats += bounds.chipBeats[array.pair] ?? 0;
  }
  return { cycles, chipBeats };
}

/** Buffers that no design of an array does without; parameters and operands may be small. */
function buffersFor(tables: readonly ChunkTable[], array: number): BufferWords {
  const most = { input: 2, weights: 2, accumulators: 2 };
  for (const { bounds } of tables)
    for (const name of ['input', 'weights', 'accumulators'] as const)
      most[name] = Math.max(most[name], bounds.words[name][array] ?? 0);
  return {
    ...leastBuffers,
    input: powerOfTwoFrom(2, most.input),
    weights: powerOfTwoFrom(2, most.weights),
    accumulators: powerOfTwoFrom(2, most.accumulators),
  };
}

/**
 * All cells of a chunk.
 * @param tables per residency, one a layer
 * @param legal by [rows][outputs][inputs][requantizers][style], 1 = the hardware has it
 */
export function cellsOf(
  space: Space,
  busBits: 32 | 64,
  rules: PartRules,
  frame: ChunkFrame,
  tables: readonly (readonly ChunkTable[])[],
  styles: readonly MultiplierStyle[],
  legal: Uint8Array,
): Cells {
  const inputs = frame.kind === 'depthwise' ? 1 : space.inputs.length;
  const shape = [
    space.rows.length,
    space.outputs.length,
    inputs,
    space.requantizers.length,
    tables.length,
    styles.length,
  ];
  const count = shape.reduce((product, size) => product * size, 1);
  const column = () => new Int32Array(count);
  const cells: Cells = {
    shape,
    cycles: new Float64Array(count).fill(Number.POSITIVE_INFINITY),
    dsp: column(),
    bram18: column(),
    lut: column(),
    ff: column(),
  };
  const room = {
    layerCapacity: powerOfTwoFrom(2, layerDescriptors(tables[0]?.length ?? 0)),
    tableDepth: 16,
  };
  let cell = 0;
  for (let r = 0; r < space.rows.length; r++)
    for (let o = 0; o < space.outputs.length; o++)
      for (let i = 0; i < inputs; i++) {
        const index = (r * space.outputs.length + o) * inputs + i;
        const pair = o * inputs + i;
        const buffers = buffersFor(tables[0] ?? [], index);
        // Deeper buffers take no LUT, so their logic is left out; parameters always may be small.
        const chunk = leastChunk(
          space,
          frame,
          { rows: r, outputs: o, inputs: i },
          0,
          'dsp1',
          buffers,
        );
        const { bram18 } = rules.count(chunk, room, busBits);
        for (let q = 0; q < space.requantizers.length; q++) {
          const needs = styles.map((multiplier, s) => {
            const at = (index * space.requantizers.length + q) * styles.length + s;
            if (legal[at] !== 1) return undefined;
            const requantizers = space.requantizers[q] ?? 1;
            const styled = Object.assign(chunk, { requantizers, multiplier });
            return {
              dsp: rules.dspOf(styled),
              bram18,
              lut: Math.floor(rules.lutFactor * fittedLogic(logicFits.lut, styled, 0)),
              ff: fittedLogic(logicFits.ff, styled, 0),
            };
          });
          for (const own of tables) {
            const { cycles, chipBeats } = chunkBounds(own, q, { index, pair });
            const chipWords = chipBeats === 0 ? 0 : powerOfTwoFrom(2, chipBeats);
            for (let s = 0; s < styles.length; s++, cell++) {
              const needed = needs[s];
              if (needed === undefined || chipWords > MAX_CHIP_WORDS) continue;
              cells.cycles[cell] = cycles;
              cells.dsp[cell] = needed.dsp;
              cells.bram18[cell] =
                needed.bram18 + (chipWords === 0 ? 0 : rules.leastRam(busBits, chipWords));
              cells.lut[cell] = needed.lut;
              cells.ff[cell] = needed.ff;
            }
          }
        }
      }
  return cells;
}

/** What cells cost at prices, worked out when asked for, then kept. */
export class CellPrices {
  readonly #cells: Cells;
  readonly #prices = new Map<string, Float64Array>();
  readonly #orders = new Map<string, Uint32Array>();

  constructor(cells: Cells) {
    this.#cells = cells;
  }

  /** What each cell's designs cost at least; Infinity where there is none. */
  of(prices: Prices): Float64Array {
    const key = priceKey(prices);
    const price =
      this.#prices.get(key) ??
      Float64Array.from(this.#cells.cycles, (cycles, cell) =>
        cycles === Number.POSITIVE_INFINITY
          ? cycles
          : priceOf(prices, cellResources(this.#cells, cell)),
      );
    this.#prices.set(key, price);
    return price;
  }

  /** Cells that have designs, by ascending price. */
  order(prices: Prices): Uint32Array {
    const key = priceKey(prices);
    const price = this.of(prices);
    const order =
      this.#orders.get(key) ??
      Uint32Array.from(price, (_, cell) => cell)
        .filter((cell) => (price[cell] ?? 0) < Number.POSITIVE_INFINITY)
        .sort((left, right) => (price[left] ?? 0) - (price[right] ?? 0));
    this.#orders.set(key, order);
    return order;
  }
}
