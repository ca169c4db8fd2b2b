// The longest path through a layer's commands without making them, tile class by tile class: the recursion of
// schedule/longest-path.ts over schedule/commands.ts, which keeps only the ends that later commands wait for.
//
// The recursion is linear in (max, +): it commutes with adding one number to every end it starts from. So once a tile
// has moved all of them by the same number of cycles, the tiles of its class that follow do too, and are skipped.

import { HANDSHAKE_CYCLES } from '../schedule/timing.ts';
import {
  type LayerCut,
  RUN_COUNT,
  RUN_FIELDS,
  RUN_INPUT_BLOCKS,
  RUN_LAST_INPUT_BLOCKS,
  RUN_LAST_WEIGHT_BEATS,
  RUN_LAST_WORDS,
  RUN_OPERAND_BLOCKS,
  RUN_OUTPUT_BLOCKS,
  RUN_PARAMETER_BEATS,
  RUN_READS_FIRST,
  RUN_STEPS,
  RUN_WEIGHT_BEATS,
  RUN_WORDS,
} from './layer-cut.ts';
import { chipBits } from './layer-numbers.ts';

/** The larger of two int32 whose difference is one; without a branch, since nobody could predict it. */
function max(a: number, b: number): number {
  const difference = (a - b) | 0;
  return (a - (difference & (difference >> 31))) | 0;
}

/** Cycles of a layer whose cut is plain, and whose units together take less than 2^31 cycles. */
export function walkPlainly(cut: LayerCut): number {
  const { rows, columns, runs, outputTiles, memories, chip, isOverlapped, hasTwoSums, hasAdd } =
    cut;
  const input = memories.at(chip, chipBits.input);
  const weights = memories.at(chip, chipBits.weights);
  const parameters = memories.at(chip, chipBits.parameters);
  const operand = memories.at(chip, chipBits.operand);
  const inputFixed = input.readFixed | 0;
  const inputBeat = input.beatCycles | 0;
  const weightFixed = weights.readFixed | 0;
  const weightBeat = weights.beatCycles | 0;
  const parameterFixed = parameters.readFixed | 0;
  const parameterBeat = parameters.beatCycles | 0;
  const operandFixed = operand.readFixed | 0;
  const operandBeat = operand.beatCycles | 0;
  const storeFixed = cut.storeFixed | 0;
  const storeBeat = cut.storeBeat | 0;
  const arrayFixed = (HANDSHAKE_CYCLES + cut.drainCycles) | 0;
  // Weights of a single step and records of a single tile are read once.
  const isSingleStep = cut.steps === 1;
  const hasTiles = outputTiles > 1;
  const endOfRuns = (cut.runCount * RUN_FIELDS) | 0;
  const arrayRows = cut.arrayRows | 0;

  // Ends of the last command of each unit and of the one before it: a buffer is free when the array or the store ended
  // that used it as many fills before as it holds. `input1` and `input2` are ends of arrays that released input buffers.
  let readEnd = -1;
  let arrayEnd = -1;
  let arrayEnd2 = -1;
  let storeEnd = -1;
  let storeEnd2 = -1;
  let input1 = -1;
  let input2 = -1;
  let isFirst = true;

  for (let r = 0; r < rows.tiles; r++) {
    const inputRows = rows.inputs(r) | 0;
    const outputRows = rows.outputs(r) | 0;
    const rowGroups = ((outputRows + arrayRows - 1) / arrayRows) | 0;
    const rowRead = readEnd;
    const rowArray = arrayEnd;
    const rowArray2 = arrayEnd2;
    const rowStore = storeEnd;
    const rowStore2 = storeEnd2;
    const rowInput1 = input1;
    const rowInput2 = input2;
    for (let c = 0; c < columns.tiles; c++) {
      const outputColumns = columns.outputs(c) | 0;
      const outputPositions = Math.imul(outputRows, outputColumns);
      const inputCycles = Math.imul(Math.imul(inputRows, columns.inputs(c)), inputBeat);
      const storeCycles = Math.imul(outputPositions, storeBeat);
      const operandCycles = Math.imul(outputPositions, operandBeat);
      const pixels = Math.imul(rowGroups, outputColumns);
      const tileRead = readEnd;
      const tileArray = arrayEnd;
      const tileArray2 = arrayEnd2;
      const tileStore = storeEnd;
      const tileStore2 = storeEnd2;
      const tileInput1 = input1;
      const tileInput2 = input2;
      for (let at = 0; at < endOfRuns; at = (at + RUN_FIELDS) | 0) {
        const steps = runs[at + RUN_STEPS] ?? 0;
        const readsFirst = runs[at + RUN_READS_FIRST] === 1;
        const lastInput =
          (inputFixed + Math.imul(inputCycles, runs[at + RUN_LAST_INPUT_BLOCKS] ?? 0)) | 0;
        const lastWeight =
          (weightFixed + Math.imul(weightBeat, runs[at + RUN_LAST_WEIGHT_BEATS] ?? 0)) | 0;
        const lastArray = (arrayFixed + Math.imul(pixels, runs[at + RUN_LAST_WORDS] ?? 0)) | 0;
        const store = (storeFixed + Math.imul(storeCycles, runs[at + RUN_OUTPUT_BLOCKS] ?? 0)) | 0;
        // Of every step but the last; of a single step as of the last.
        let moreInput = lastInput;
        let moreWeight = lastWeight;
        let moreArray = 0;
        if (steps > 1) {
          moreInput = (inputFixed + Math.imul(inputCycles, runs[at + RUN_INPUT_BLOCKS] ?? 0)) | 0;
          moreWeight = (weightFixed + Math.imul(weightBeat, runs[at + RUN_WEIGHT_BEATS] ?? 0)) | 0;
          moreArray = (arrayFixed + Math.imul(pixels, runs[at + RUN_WORDS] ?? 0)) | 0;
        }
        const records =
          (parameterFixed + Math.imul(parameterBeat, runs[at + RUN_PARAMETER_BEATS] ?? 0)) | 0;
        const operands =
          (operandFixed + Math.imul(operandCycles, runs[at + RUN_OPERAND_BLOCKS] ?? 0)) | 0;
        const next = at + RUN_FIELDS;
        const readsNextRun = next === endOfRuns || runs[next + RUN_READS_FIRST] === 1;
        let left = runs[at + RUN_COUNT] ?? 0;
        while (left > 0) {
          left = (left - 1) | 0;
          const outputRead = readEnd;
          const outputArray = arrayEnd;
          const outputArray2 = arrayEnd2;
          const outputStore = storeEnd;
          const outputStore2 = storeEnd2;
          const outputInput1 = input1;
          const outputInput2 = input2;
          // The first step, up to its array: it starts a sum, and its records are read behind its weights.
          if (readsFirst) readEnd = (max(readEnd, input2) + moreInput) | 0;
          if (!isSingleStep || isFirst) {
            const free = isOverlapped ? arrayEnd2 : arrayEnd;
            readEnd = (max(readEnd, free) + moreWeight) | 0;
          }
          let wait = max(readEnd, hasTwoSums ? storeEnd2 : storeEnd);
          let ready = -1;
          if (hasTiles || isFirst) {
            readEnd = (max(readEnd, isOverlapped ? storeEnd2 : storeEnd) + records) | 0;
            ready = readEnd;
          }
          isFirst = false;
          // All steps but the last, then what the last one reads.
          for (let more = steps - 1; more > 0; more = (more - 1) | 0) {
            const array = (max(arrayEnd, wait) + moreArray) | 0;
            arrayEnd2 = arrayEnd;
            arrayEnd = array;
            input2 = input1;
            input1 = arrayEnd;
            readEnd = (max(readEnd, input2) + (more > 1 ? moreInput : lastInput)) | 0;
            const free = isOverlapped ? arrayEnd2 : arrayEnd;
            readEnd = (max(readEnd, free) + (more > 1 ? moreWeight : lastWeight)) | 0;
            wait = readEnd;
          }
          if (hasAdd) {
            readEnd = (max(readEnd, isOverlapped ? storeEnd2 : storeEnd) + operands) | 0;
            ready = readEnd;
          }
          const array = (max(arrayEnd, wait) + lastArray) | 0;
          arrayEnd2 = arrayEnd;
          arrayEnd = array;
          if (left > 0 ? readsFirst : readsNextRun) {
            input2 = input1;
            input1 = arrayEnd;
          }
          const stored = (max(max(storeEnd, arrayEnd), ready) + store) | 0;
          storeEnd2 = storeEnd;
          storeEnd = stored;
          // The last tile of a run differs in whether the next one reads its input.
          if (left < 2) continue;
          const moved = (readEnd - outputRead) | 0;
          if (
            arrayEnd - outputArray === moved &&
            storeEnd - outputStore === moved &&
            arrayEnd2 - outputArray2 === moved &&
            storeEnd2 - outputStore2 === moved &&
            (!readsFirst || (input1 - outputInput1 === moved && input2 - outputInput2 === moved))
          ) {
            const shift = Math.imul(left - 1, moved);
            readEnd = (readEnd + shift) | 0;
            arrayEnd = (arrayEnd + shift) | 0;
            arrayEnd2 = (arrayEnd2 + shift) | 0;
            storeEnd = (storeEnd + shift) | 0;
            storeEnd2 = (storeEnd2 + shift) | 0;
            if (readsFirst) {
              input1 = (input1 + shift) | 0;
              input2 = (input2 + shift) | 0;
            }
            left = 1;
          }
        }
      }
      if (c < columns.first || c >= columns.last) continue;
      const moved = (readEnd - tileRead) | 0;
      if (
        arrayEnd - tileArray === moved &&
        storeEnd - tileStore === moved &&
        arrayEnd2 - tileArray2 === moved &&
        storeEnd2 - tileStore2 === moved &&
        input1 - tileInput1 === moved &&
        input2 - tileInput2 === moved
      ) {
        const shift = Math.imul(columns.last - c, moved);
        readEnd = (readEnd + shift) | 0;
        arrayEnd = (arrayEnd + shift) | 0;
        arrayEnd2 = (arrayEnd2 + shift) | 0;
        storeEnd = (storeEnd + shift) | 0;
        storeEnd2 = (storeEnd2 + shift) | 0;
        input1 = (input1 + shift) | 0;
        input2 = (input2 + shift) | 0;
        c = columns.last;
      }
    }
    if (r < rows.first || r >= rows.last) continue;
    const moved = (readEnd - rowRead) | 0;
    if (
      arrayEnd - rowArray === moved &&
      storeEnd - rowStore === moved &&
      arrayEnd2 - rowArray2 === moved &&
      storeEnd2 - rowStore2 === moved &&
      input1 - rowInput1 === moved &&
      input2 - rowInput2 === moved
    ) {
      const shift = Math.imul(rows.last - r, moved);
      readEnd = (readEnd + shift) | 0;
      arrayEnd = (arrayEnd + shift) | 0;
      arrayEnd2 = (arrayEnd2 + shift) | 0;
      storeEnd = (storeEnd + shift) | 0;
      storeEnd2 = (storeEnd2 + shift) | 0;
      input1 = (input1 + shift) | 0;
      input2 = (input2 + shift) | 0;
      r = rows.last;
    }
  }
  return max(max(readEnd, arrayEnd), storeEnd) + 1;
}
