// What explorations share: tables of layers and spaces of chunks, kept by what decides them and nothing else.

import type { MultiplierStyle, Tile } from '../accelerator/accelerator.ts';
import type { Layer } from '../accelerator/layers.ts';
import { multiplierStyles } from '../accelerator/multipliers.ts';
import { type PartRules, xilinxRules } from '../cost/part-rules.ts';
import type { TileTimer } from '../cost/tile-timer.ts';
import type { Memory } from '../schedule/memory.ts';
import { type ChipUse, noChipUse } from '../schedule/plan.ts';
import { defined } from '../util/errors.ts';
import { type ChunkFrame, legalArrays } from './chunk-frame.ts';
import { DesignedChunkSpace } from './chunk-space.ts';
import {
  type ChunkTable,
  type LayerContext,
  LayerTable,
  layerSignature,
  timersOf,
} from './layer-table.ts';
import { keptOf } from './residency.ts';
import { defaultSpace, type Space, tilings } from './space.ts';
import { tilesOf } from './tiles.ts';
import { TileEnergies, WeighedTable } from './weighed-table.ts';
import type { Weighing } from './weighing.ts';

const chipKey = ({ input, weights, parameters, operand, output }: ChipUse): string =>
  [input, weights, parameters, operand, output].map(Number).join('');

/** The memory contract and the space of a series of explorations; a joint search keeps one explorer throughout. */
export class Explorer {
  readonly memory: Memory;
  readonly busBits: 32 | 64;
  readonly space: Space;
  /** By which chunks are counted. */
  readonly rules: PartRules;
  /** What designs are weighed by beside cycles and resources. */
  readonly weighing: Weighing | undefined;
  readonly #signatures = new WeakMap<Layer, number>();
  /** Numbers in place of long texts. */
  readonly #ids = new Map<string, number>();
  readonly #tiles = new Map<number, readonly Tile[]>();
  readonly #timers = new Map<number, readonly TileTimer[]>();
  readonly #tables = new Map<number, LayerTable>();
  readonly #energies = new Map<number, TileEnergies>();
  readonly #weighed = new Map<number, readonly ChunkTable[]>();
  readonly #legal = new Map<string, Uint8Array>();
  /** Of this problem, and of the one before: searches ask for one after the other that differ by little. */
  #chunks = new Map<string, DesignedChunkSpace>();
  #chunksBefore: ReadonlyMap<string, DesignedChunkSpace> = new Map();

  constructor(
    memory: Memory,
    busBits: 32 | 64,
    space: Space = defaultSpace,
    rules: PartRules = xilinxRules,
    weighing?: Weighing,
  ) {
    this.weighing = weighing;
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

  /** The tables of a context: one, or where energy counts one for each rule of tiling. */
  #tablesOf(context: LayerContext): readonly ChunkTable[] {
    const table = this.#table(context);
    const energyTable = this.weighing?.energyTable;
    if (energyTable === undefined) return [table];
    const { table: own } = this.#keysOf(context);
    const known = this.#weighed.get(own);
    if (known !== undefined) return known;
    // Whatever memory is behind the port, energies are the same.
    const { memory: _, ...anyMemory } = context;
    const { table: key } = this.#keysOf(anyMemory);
    const energies = this.#energies.get(key) ?? new TileEnergies(energyTable);
    this.#energies.set(key, energies);
    const weighed = tilings.map((tiling) => new WeighedTable(table, energies, tiling, this.space));
    this.#weighed.set(own, weighed);
    return weighed;
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
    let chunk = this.#chunks.get(key) ?? this.#chunksBefore.get(key);
    if (chunk === undefined) {
      // Per policy and rule of tiling, the tables of the layers.
      const tables = [...kept.values()].flatMap((own) => {
        const ofLayers = own.map((context) => this.#tablesOf(context));
        return (ofLayers[0] ?? []).map((_, t) => ofLayers.map((all) => defined(all[t], 'table')));
      });
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
        this.weighing,
      );
    }
    this.#chunks.set(key, chunk);
    return chunk;
  }

  /** Forgets the chunks that the problem before the one that begins had no use for; tables of layers stay. */
  beginProblem(): void {
    this.#chunksBefore = this.#chunks;
    this.#chunks = new Map();
  }
}
