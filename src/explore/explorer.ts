// What explorations share: tables of layers and spaces of chunks, kept by what decides them and nothing else.

import type { Layer } from '../accelerator/layers.ts';
import type { TileTimer } from '../cost/tile-timer.ts';
import type { Memory } from '../schedule/memory.ts';
import { type ChunkFrame, legalArrays } from './chunk-frame.ts';
import { DesignedChunkSpace } from './chunk-space.ts';
import { type LayerContext, LayerTable, layerSignature, timersOf } from './layer-table.ts';
import { defaultSpace, type Space } from './space.ts';

/** The memory contract and the space of a series of explorations; a joint search keeps one explorer throughout. */
export class Explorer {
  readonly memory: Memory;
  readonly busBits: 32 | 64;
  readonly space: Space;
  readonly #signatures = new WeakMap<Layer, string>();
  readonly #timers = new Map<string, readonly TileTimer[]>();
  readonly #tables = new Map<string, LayerTable>();
  readonly #legal = new Map<string, Uint8Array>();
  readonly #chunks = new Map<string, DesignedChunkSpace>();

  constructor(memory: Memory, busBits: 32 | 64, space: Space = defaultSpace) {
    this.memory = memory;
    this.busBits = busBits;
    this.space = space;
  }

  /** Layer evaluations so far: one tile on one array, tables kept from before not counted again. */
  get evaluations(): number {
    let evaluations = 0;
    for (const table of this.#tables.values()) evaluations += table.evaluations;
    return evaluations;
  }

  #keyOf({
    layer,
    slots,
    weightBits,
    hasAdd,
    form = 'half-up',
  }: LayerContext): readonly [string, string] {
    let signature = this.#signatures.get(layer);
    if (signature === undefined) {
      signature = layerSignature(layer);
      this.#signatures.set(layer, signature);
    }
    const operand = layer.add === undefined ? 0 : slots.operand;
    const timers = `${signature}|${slots.input},${slots.output},${operand},${form}`;
    return [timers, `${timers}|${weightBits},${hasAdd}`];
  }

  /** All tiles of a layer in the slots of its context, timed. */
  timers(context: LayerContext): readonly TileTimer[] {
    const [key] = this.#keyOf(context);
    let timers = this.#timers.get(key);
    if (timers === undefined) {
      timers = timersOf(context, this.busBits, this.memory, this.space);
      this.#timers.set(key, timers);
    }
    return timers;
  }

  #table(context: LayerContext): LayerTable {
    const [, key] = this.#keyOf(context);
    let table = this.#tables.get(key);
    if (table === undefined) {
      table = new LayerTable(context, this.timers(context), this.busBits, this.space);
      this.#tables.set(key, table);
    }
    return table;
  }

  #legalArrays(frame: ChunkFrame): Uint8Array {
    const key = `${frame.kind} ${frame.slotBits} ${frame.form}`;
    let legal = this.#legal.get(key);
    if (legal === undefined) {
      legal = legalArrays(this.space, this.busBits, frame);
      this.#legal.set(key, legal);
    }
    return legal;
  }

  /** The designs of a chunk that runs these layers. */
  chunkSpace(frame: ChunkFrame, contexts: readonly LayerContext[]): DesignedChunkSpace {
    const keys = contexts.map((context) => this.#keyOf(context)[1]);
    const key = [JSON.stringify(frame), ...keys].join('\n');
    let chunk = this.#chunks.get(key);
    if (chunk === undefined) {
      const tables = contexts.map((context) => this.#table(context));
      const legal = this.#legalArrays(frame);
      chunk = new DesignedChunkSpace(this.space, this.busBits, frame, tables, legal);
      this.#chunks.set(key, chunk);
    }
    return chunk;
  }
}
