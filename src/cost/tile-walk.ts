// One walk over a layer's tiles: the longest path through its commands, keeping only the last ends of each unit.

import type { Chunk } from '../accelerator/accelerator.ts';
import { ARRAY_DRAIN_CYCLES, HANDSHAKE_CYCLES } from '../schedule/timing.ts';

/** Flags of a channel step: it reads its input tile, it is the first or the last of its output tile. */
export const NEW_INPUT = 1;
export const FIRST_STEP = 2;
export const LAST_STEP = 4;

/** Durations of a layer's commands on one array. A tile is a row tile with a column tile; steps lie within it. */
export interface TileDurations {
  /** Output rows of each row tile, output columns of each column tile. */
  readonly rows: Int32Array;
  readonly columns: Int32Array;
  /** Output tile and flags of each channel step. */
  readonly stepOutput: Int32Array;
  readonly stepFlags: Int32Array;
  /** Array words of each channel step per row group and column. */
  readonly stepWords: Int32Array;
  /** [tile][step]. */
  readonly inputReads: Int32Array;
  /** [step]. */
  readonly weightReads: Int32Array;
  /** [output tile]. */
  readonly parameterReads: Int32Array;
  /** [tile][output tile]. */
  readonly operandReads: Int32Array;
  readonly stores: Int32Array;
  readonly hasAdd: boolean;
}

/** Cycles of the layer; the same recursion as schedule/longest-path.ts over schedule/commands.ts. */
export function walkTiles(
  durations: TileDurations,
  array: Pick<Chunk, 'rows' | 'order' | 'accumulatorBuffers'>,
): number {
  const { rows, columns, stepOutput, stepFlags, stepWords, weightReads, stores, hasAdd } =
    durations;
  const { inputReads, parameterReads, operandReads } = durations;
  const steps = stepFlags.length;
  const outputCount = parameterReads.length;
  const isDeep = array.order === 'overlapped';
  const hasTwoSums = isDeep && array.accumulatorBuffers === 2;
  let readEnd = -1;
  let arrayEnd = -1;
  let storeEnd = -1;
  // The last release of each buffer and the one before it: a fill waits for that of the fill `depth` before it.
  let inputRelease = -1;
  let inputRelease2 = -1;
  let weightRelease = -1;
  let weightRelease2 = -1;
  let storeRelease = -1;
  let storeRelease2 = -1;
  let at = 0;
  let tile = 0;
  for (let r = 0; r < rows.length; r++) {
    const rowGroups = Math.ceil((rows[r] ?? 0) / array.rows);
    for (let c = 0; c < columns.length; c++) {
      const pixels = rowGroups * (columns[c] ?? 0);
      let parametersEnd = -1;
      for (let x = 0; x < steps; x++) {
        const flags = stepFlags[x] ?? 0;
        const output = stepOutput[x] ?? 0;
        let wait = -1;
        if ((flags & NEW_INPUT) !== 0) {
          readEnd = Math.max(readEnd, inputRelease2) + HANDSHAKE_CYCLES + (inputReads[at] ?? 0);
          wait = readEnd;
        }
        if (steps > 1 || at === 0) {
          const free = isDeep ? weightRelease2 : weightRelease;
          readEnd = Math.max(readEnd, free) + HANDSHAKE_CYCLES + (weightReads[x] ?? 0);
          wait = readEnd;
        }
        if ((flags & FIRST_STEP) !== 0) {
          if (outputCount > 1 || at === 0) {
            const free = isDeep ? storeRelease2 : storeRelease;
            readEnd = Math.max(readEnd, free) + HANDSHAKE_CYCLES + (parameterReads[output] ?? 0);
            parametersEnd = readEnd;
          }
          wait = Math.max(wait, hasTwoSums ? storeRelease2 : storeRelease);
        }
        let operandEnd = -1;
        if (hasAdd && (flags & LAST_STEP) !== 0) {
          const free = isDeep ? storeRelease2 : storeRelease;
          const duration = operandReads[tile * outputCount + output] ?? 0;
          readEnd = Math.max(readEnd, free) + HANDSHAKE_CYCLES + duration;
          operandEnd = readEnd;
        }
        arrayEnd =
          Math.max(arrayEnd, wait) +
          HANDSHAKE_CYCLES +
          pixels * (stepWords[x] ?? 0) +
          ARRAY_DRAIN_CYCLES;
        if (x === steps - 1 || ((stepFlags[x + 1] ?? 0) & NEW_INPUT) !== 0) {
          inputRelease2 = inputRelease;
          inputRelease = arrayEnd;
        }
        weightRelease2 = weightRelease;
        weightRelease = arrayEnd;
        if ((flags & LAST_STEP) !== 0) {
          const ready = Math.max(storeEnd, arrayEnd, parametersEnd, operandEnd);
          storeEnd = ready + HANDSHAKE_CYCLES + (stores[tile * outputCount + output] ?? 0);
          storeRelease2 = storeRelease;
          storeRelease = storeEnd;
          parametersEnd = -1;
        }
        at++;
      }
      tile++;
    }
  }
  return Math.max(readEnd, arrayEnd, storeEnd) + 1;
}
