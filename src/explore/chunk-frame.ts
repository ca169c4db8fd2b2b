// What all designs of a chunk have in common, and which arrays the hardware can build for it.

import type {
  BufferWords,
  Chunk,
  ChunkKind,
  MultiplierStyle,
  RequantizationForm,
  SlotBits,
} from '../accelerator/accelerator.ts';
import { multiplierProblem } from '../accelerator/multipliers.ts';
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
 * [rows][outputs][inputs][requantizers][style]. Buffers are always made legal. Of all rules only that of the
 * multipliers asks for the rows, so the others are tried once for all of them.
 */
export function legalArrays(
  space: Space,
  busBits: 32 | 64,
  frame: ChunkFrame,
  styles: readonly MultiplierStyle[],
): Uint8Array {
  const inputs = frame.kind === 'depthwise' ? 1 : space.inputs.length;
  const { rows, outputs, requantizers } = space;
  const legal = new Uint8Array(
    rows.length * outputs.length * inputs * requantizers.length * styles.length,
  );
  const rowWeight = legal.length / rows.length;
  const chunk = leastChunk(space, frame, { rows: 0, outputs: 0, inputs: 0 }, 0, 'lut');
  for (let o = 0; o < outputs.length; o++) {
    const multipliers = rows.map((ownRows) =>
      styles.map((multiplier) => {
        const styled = { ...chunk, rows: ownRows, outputs: outputs[o] ?? 1, multiplier };
        return multiplierProblem(styled) === undefined;
      }),
    );
    for (let i = 0; i < inputs; i++)
      for (let q = 0; q < requantizers.length; q++) {
        const shaped = leastChunk(space, frame, { rows: 0, outputs: o, inputs: i }, q, 'lut');
        if (chunkProblems(shaped, busBits).length > 0) continue;
        const at = ((o * inputs + i) * requantizers.length + q) * styles.length;
        multipliers.forEach((ofRows, r) => {
          ofRows.forEach((isLegal, s) => {
            if (isLegal) legal[r * rowWeight + at + s] = 1;
          });
        });
      }
  }
  return legal;
}
