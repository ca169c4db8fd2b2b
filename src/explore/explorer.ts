// What explorations share: tables of layers and spaces of chunks, kept by what decides them and nothing else.

import type { MultiplierStyle, Tile } from '../accelerator/accelerator.ts';
import type { Layer } from '../accelerator/layers.ts';
import { multiplierStyles } from '../accelerator/multipliers.ts';
import { type PartRules, xilinxRules } from '../cost/part-rules.ts';
import type { TileTimer } from '../cost/tile-timer.ts';
import type { Memory } from '../schedule/memory.ts';
import { type ChipUse, noChipUse } from '../schedule/plan.ts';
import { type ChunkFrame, legalArrays } from './chunk-frame.ts';
import { DesignedChunkSpace } from './chunk-space.ts';
import { type LayerContext, LayerTable, layerSignature, timersOf } from './layer-table.ts';
import { keptOf } from './residency.ts';
import { defaultSpace, type Space } from './space.ts';
import { tilesOf } from './tiles.ts';

const chipKey = ({ input, weights, parameters, operand, output }: ChipUse): string =>
  [input, weights, parameters, operand, output].map(Number).join('');

/** The memory contract and the space of a series of explorations; a joint search keeps one explorer throughout. */
export class Explorer {
  readonly memory: Memory;
  readonly busBits: 32 | 64;
  readonly space: Space;
  /** By which chunks are counted. */
  readonly rules: PartRules;
  readonly #signatures = new WeakMap<Layer, number>();
  /** Numbers in place of long texts. */
  readonly #ids = new Map<string, number>();
  readonly #tiles = new Map<number, readonly Tile[]>();
  readonly #timers = new Map<number, readonly TileTimer[]>();
  readonly #tables = new Map<number, LayerTable>();
  readonly #legal = new Map<string, Uint8Array>();
  readonly #chunks = new Map<string, DesignedChunkSpace>();

  constructor(
    memory: Memory,
    busBits: 32 | 64,
    space: Space = defaultSpace,
    rules: PartRules = xilinxRules,
  ) {
    this.rules = rules;
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

  /** A number for a text, the same for the same text. */
  #idOf(text: string): number {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const id = this.#ids.size;
    this.#ids.set(text, id);
    return id;
  }

  #signatureOf(layer: Layer): number {
    const known = this.#signatures.get(layer);
    if (known !== undefined) return known;
    const id = this.#idOf(layerSignature(layer));
    this.#signatures.set(layer, id);
    return id;
  }

  /** Keys of a context's timers and of its table. */
  #keysOf(context: LayerContext): { readonly timers: number; readonly table: number } {
    const { layer, slots, weightBits, hasAdd, form = 'half-up', chip = noChipUse } = context;
    const operand = layer.add === undefined ? 0 : slots.operand;
    const tile = [
      this.#signatureOf(layer),
      slots.input,
      slots.output,
      operand,
      form,
      chipKey(chip),
      context.memory === undefined ? '' : JSON.stringify(context.memory),
    ].join(' ');
    return { timers: this.#idOf(tile), table: this.#idOf(`${tile} ${weightBits} ${hasAdd}`) };
  }

  /** All tiles of a layer in certain slots, wherever its tensors lie. */
  #tilesOf({ layer, slots }: LayerContext): readonly Tile[] {
    const { input, output, operand } = slots;
    const key = this.#idOf(`tiles ${this.#signatureOf(layer)} ${input} ${output} ${operand}`);
    let tiles = this.#tiles.get(key);
    if (tiles === undefined) {
      tiles = tilesOf(layer, slots, this.busBits, this.space);
      this.#tiles.set(key, tiles);
    }
    return tiles;
  }

  /** All tiles of a layer in the slots of its context, timed. */
  timers(context: LayerContext): readonly TileTimer[] {
    const { timers: key } = this.#keysOf(context);
    let timers = this.#timers.get(key);
    if (timers === undefined) {
      timers = timersOf(
        context,
        this.#tilesOf(context),
        this.busBits,
        context.memory ?? this.memory,
      );
      this.#timers.set(key, timers);
    }
    return timers;
  }

  #table(context: LayerContext): LayerTable {
    const { table: key } = this.#keysOf(context);
    let table = this.#tables.get(key);
    if (table === undefined) {
      table = new LayerTable(
        context,
        this.#tilesOf(context),
        () => this.timers(context),
        this.busBits,
        context.memory ?? this.memory,
        this.space,
      );
      this.#tables.set(key, table);
    }
    return table;
  }

  #legalArrays(frame: ChunkFrame, styles: readonly MultiplierStyle[]): Uint8Array {
    const key = JSON.stringify(frame);
    let legal = this.#legal.get(key);
    if (legal === undefined) {
      legal = legalArrays(this.space, this.busBits, frame, styles);
      this.#legal.set(key, legal);
    }
    return legal;
  }

  /** The designs of a chunk that runs these layers; the contexts say what of each may lie on chip at most. */
  chunkSpace(frame: ChunkFrame, contexts: readonly LayerContext[]): DesignedChunkSpace {
    // Policies that come to the same, since no map may stay, are one.
    const kept = new Map<string, readonly LayerContext[]>();
    for (const residency of this.space.residencies) {
      const own = contexts.map(
        ({ chip = noChipUse, ...context }): LayerContext => ({
          ...context,
          chip: keptOf(chip, residency),
        }),
      );
      const key = own.map((context) => this.#keysOf(context).table).join(' ');
      if (!kept.has(key)) kept.set(key, own);
    }
    const key = [JSON.stringify(frame), ...kept.keys()].join(', ');
    let chunk = this.#chunks.get(key);
    if (chunk === undefined) {
      const tables = [...kept.values()].map((own) => own.map((context) => this.#table(context)));
      const styles = multiplierStyles(frame.kind, frame.slotBits, frame.weightBits);
      const legal = this.#legalArrays(frame, styles);
      chunk = new DesignedChunkSpace(
        this.space,
        this.busBits,
        this.rules,
        frame,
        tables,
        styles,
        legal,
      );
      this.#chunks.set(key, chunk);
    }
    return chunk;
  }
}
