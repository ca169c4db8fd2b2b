// What all designs of a chunk have in common, and which arrays the hardware can build for it.

import type { Chunk, ChunkKind, RequantizationForm, SlotBits } from '../accelerator/accelerator.ts';
import { chunkProblems } from '../schedule/legality.ts';
import { arrayOf } from './layer-table.ts';
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

/**
 * Which arrays with which requantizers the hardware has at all, 1 = legal, in the order of a chunk's first four
 * coordinates. Buffers are always made legal.
 */
export function legalArrays(
  space: Space,
  busBits: 32 | 64,
  { kind, slotBits, form }: Pick<ChunkFrame, 'kind' | 'slotBits' | 'form'>,
): Uint8Array {
  const legal: number[] = [];
  const inputs = kind === 'depthwise' ? 1 : space.inputs.length;
  for (let r = 0; r < space.rows.length; r++)
    for (let o = 0; o < space.outputs.length; o++)
      for (let i = 0; i < inputs; i++)
        for (const requantizers of space.requantizers) {
          const chunk: Chunk = {
            ...arrayOf(space, kind, { rows: r, outputs: o, inputs: i }),
            name: '',
            kind,
            slotBits,
            weightBits: 8,
            hasAdd: false,
            form,
            requantizers,
            multiplier: 'dsp1',
            order: 'overlapped',
            accumulatorBuffers: 1,
            buffers: leastBuffers,
          };
          legal.push(chunkProblems(chunk, busBits).length === 0 ? 1 : 0);
        }
  return Uint8Array.from(legal);
}
