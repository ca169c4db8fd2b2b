// A chunk in full: what follows from coordinates once every layer's best tile is known.

import type { Chunk, MultiplierStyle, Tile } from '../accelerator/accelerator.ts';
import { layerDescriptors, type ProgramRoom } from '../cost/memories.ts';
import type { ChipUse } from '../schedule/plan.ts';
import { defined } from '../util/errors.ts';
import { powerOfTwoFrom } from '../util/powers.ts';
import { type ChunkFrame, leastBuffers } from './chunk-frame.ts';
import type { Coordinates } from './coordinates.ts';
import { arrayOf, type ChunkTable } from './layer-table.ts';
import type { Space } from './space.ts';

/** A design in full: the chunk, its room for programs and the tile of each of its layers. */
export interface ChunkDesign {
  readonly chunk: Chunk;
  readonly room: ProgramRoom;
  readonly tiles: readonly Tile[];
  /** What of each layer lies on chip. */
  readonly chips: readonly ChipUse[];
}

/** The design at coordinates at which every layer has a tile. */
export function chunkDesign(
  space: Space,
  frame: ChunkFrame,
  tables: readonly ChunkTable[],
  styles: readonly MultiplierStyle[],
  at: Coordinates,
): ChunkDesign {
  const most: Record<keyof typeof leastBuffers, number> = { ...leastBuffers };
  const tiles: Tile[] = [];
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
  return {
    chunk: {
      ...frame,
      ...arrayOf(space, frame.kind, at),
      name: '',
      requantizers: defined(space.requantizers[at.requantizers], 'requantizers'),
      multiplier: defined(styles[at.style], 'style'),
      order: 'overlapped',
      accumulatorBuffers: defined(space.accumulatorBuffers[at.buffers], 'buffers'),
      buffers: {
        input: powerOfTwoFrom(2, most.input),
        weights: powerOfTwoFrom(2, most.weights),
        parameters: powerOfTwoFrom(2, most.parameters),
        accumulators: powerOfTwoFrom(2, most.accumulators),
        operand: frame.hasAdd ? powerOfTwoFrom(2, most.operand) : 0,
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
