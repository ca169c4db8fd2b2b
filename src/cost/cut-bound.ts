// A bound on a layer's cycles from its cut alone: what comes before the first array word and behind the last one cannot
// overlap with the array, however much else does.

import { HANDSHAKE_CYCLES } from '../schedule/timing.ts';
import {
  type LayerCut,
  RUN_FIELDS,
  RUN_INPUT_BLOCKS,
  RUN_LAST_INPUT_BLOCKS,
  RUN_LAST_WEIGHT_BEATS,
  RUN_LAST_WORDS,
  RUN_OPERAND_BLOCKS,
  RUN_OUTPUT_BLOCKS,
  RUN_PARAMETER_BEATS,
  RUN_STEPS,
  RUN_WEIGHT_BEATS,
  RUN_WORDS,
} from './layer-cut.ts';
import { chipBits } from './layer-numbers.ts';
import type { LayerSums } from './layer-sums.ts';

/** Cycles of one plain read, and the least of any. */
function readOf(cut: LayerCut, bit: number, beats: number): number {
  const { readFixed, beatCycles } = cut.memories.at(cut.chip, bit);
  return readFixed + beats * beatCycles;
}

/**
 * No array does the layer in fewer cycles. Each unit takes all its commands one after the other; the array waits for
 * the first inputs and weights, the stores for the first output tile's sums, and the last store for everything else.
 */
export function leastCyclesOfCut(cut: LayerCut, sums: LayerSums): number {
  const { rows, columns, runs, outputTiles } = cut;
  const arrayFixed = HANDSHAKE_CYCLES + cut.drainCycles;
  const steps = runs[RUN_STEPS] ?? 0;
  const isSingleStep = steps === 1;
  const fill =
    readOf(
      cut,
      chipBits.input,
      (runs[isSingleStep ? RUN_LAST_INPUT_BLOCKS : RUN_INPUT_BLOCKS] ?? 0) *
        rows.inputs(0) *
        columns.inputs(0),
    ) +
    readOf(
      cut,
      chipBits.weights,
      runs[isSingleStep ? RUN_LAST_WEIGHT_BEATS : RUN_WEIGHT_BEATS] ?? 0,
    );
  const firstPixels = Math.ceil(rows.outputs(0) / cut.arrayRows) * columns.outputs(0);
  const firstWords = (steps - 1) * (runs[RUN_WORDS] ?? 0) + (runs[RUN_LAST_WORDS] ?? 0);
  const firstSums = steps * arrayFixed + firstPixels * firstWords;
  const last = (cut.runCount - 1) * RUN_FIELDS;
  const lastRows = rows.outputs(rows.tiles - 1);
  const lastColumns = columns.outputs(columns.tiles - 1);
  const lastArray =
    arrayFixed +
    Math.ceil(lastRows / cut.arrayRows) * lastColumns * (runs[last + RUN_LAST_WORDS] ?? 0);
  const positions = lastRows * lastColumns;
  const lastStore =
    cut.storeFixed + cut.storeBeat * positions * (runs[last + RUN_OUTPUT_BLOCKS] ?? 0);
  // Reads that only the last store waits for; the last step of the array waits for all before them.
  const readsRecords =
    runs[last + RUN_STEPS] === 1 && (outputTiles > 1 || rows.tiles * columns.tiles === 1);
  const behind =
    (readsRecords ? readOf(cut, chipBits.parameters, runs[last + RUN_PARAMETER_BEATS] ?? 0) : 0) +
    (cut.hasAdd
      ? readOf(cut, chipBits.operand, positions * (runs[last + RUN_OPERAND_BLOCKS] ?? 0))
      : 0);
  const { readCycles, arrayCycles, storeCycles } = sums;
  return Math.max(
    readCycles + lastStore,
    readCycles - behind + lastArray + lastStore,
    fill + arrayCycles + (cut.hasTwoSums ? lastStore : storeCycles),
    fill + firstSums + storeCycles,
  );
}
