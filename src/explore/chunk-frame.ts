// What all designs of a chunk have in common, and which arrays the hardware can build for it.

import type {
  BufferWords,
  Chunk,
  ChunkKind,
  MultiplierStyle,
  RequantizationForm,
  SlotBits,
} from '../accelerator/accelerator.ts';
import { chunkProblems } from '../schedule/legality.ts';
import { defined } from '../util/errors.ts';
import { type ArrayIndex, arrayOf } from './layer-table.ts';
import type { Space } from './space.ts';

/** What all designs of a chunk have in common. */
export interface ChunkFrame {
  readonly kind: ChunkKind;
  readonly slotBits: SlotBits;
  readonly weightBits: number;
  readonly hasAdd: boolean;
  readonly form: RequantizationForm;
}

/** The smallest legal buffers. */
export const leastBuffers = {
  input: 2,
  weights: 2,
  parameters: 2,
  accumulators: 2,
  operand: 2,
} as const;

/** The chunk with the smallest buffers there are, or that its layers need. */
export function leastChunk(
  space: Space,
  frame: ChunkFrame,
  array: ArrayIndex,
  requantizers: number,
  multiplier: MultiplierStyle,
  buffers: BufferWords = leastBuffers,
): Chunk {
  return {
    ...frame,
    ...arrayOf(space, frame.kind, array),
    name: '',
    requantizers: defined(space.requantizers[requantizers], 'requantizers'),
    multiplier,
    order: 'overlapped',
    accumulatorBuffers: 1,
    buffers,
  };
}

/**
 * Which arrays with which requantizers and multipliers the hardware has at all, 1 = legal, by
 * [rows][outputs][inputs][requantizers][style]. Buffers are always made legal.
 */
export function legalArrays(
  space: Space,
  busBits: 32 | 64,
  frame: ChunkFrame,
  styles: readonly MultiplierStyle[],
): Uint8Array {
  const legal: number[] = [];
  const inputs = frame.kind === 'depthwise' ? 1 : space.inputs.length;
  for (let r = 0; r < space.rows.length; r++)
    for (let o = 0; o < space.outputs.length; o++)
      for (let i = 0; i < inputs; i++)
        for (let q = 0; q < space.requantizers.length; q++)
          for (const style of styles) {
            const array = { rows: r, outputs: o, inputs: i };
            const chunk = leastChunk(space, frame, array, q, style);
            legal.push(chunkProblems(chunk, busBits).length === 0 ? 1 : 0);
          }
  return Uint8Array.from(legal);
}
