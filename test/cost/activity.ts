// What a layer does for one image, counted command by command: the reference of the sums in src/cost/layer-sums.ts.

import { SUM_BITS } from '../../src/cost/memories.ts';
import { burstsOf, linearRuns, type Runs } from '../../src/schedule/bursts.ts';
import { inputRuns, outputRuns, type ReadKind } from '../../src/schedule/commands.ts';
import { chunkGeometry, type LayerPlan } from '../../src/schedule/plan.ts';
import { defined } from '../../src/util/errors.ts';

/** What one layer does for one image. */
export interface LayerActivity {
  /** Array words: each keeps every lane busy, useful or not. */
  readonly arrayWords: number;
  readonly laneOperations: number;
  readonly bufferBits: number;
  readonly memoryBits: number;
}

/** Beats that a layer's reads bring in, as often as the schedule reads them: over the port, and from on-chip memory. */
function readBeats(plan: LayerPlan): { readonly port: number; readonly chip: number } {
  const { rows, columns, outputs, steps, busBits } = plan;
  const beats = { port: 0, chip: 0 };
  const read = (kind: ReadKind, runs: Runs): void => {
    const count = burstsOf(runs, busBits).reduce((sum, burst) => sum + burst, 0);
    beats[plan.chip[kind] ? 'chip' : 'port'] += count;
  };
  rows.forEach((row, r) => {
    columns.forEach((column, c) => {
      const isFirstTile = r === 0 && c === 0;
      steps.forEach((step, x) => {
        const output = defined(outputs[step.output], 'output tile');
        const isFirst = isFirstTile && x === 0;
        if (x === 0 || step.newInput) read('input', inputRuns(plan, row, column, step));
        if (isFirst || steps.length > 1)
          read('weights', linearRuns(step.weightAddress, step.weightBeats));
        if (step.first && (isFirst || outputs.length > 1))
          read('parameters', linearRuns(output.parameterAddress, output.parameterBeats));
        if (step.last && plan.layer.add !== undefined)
          read('operand', outputRuns(plan, row, column, output, 'operand'));
      });
    });
  });
  return beats;
}

/** Counts what a layer does, from its plan. */
export function activityOf(plan: LayerPlan): LayerActivity {
  const { chunk, layer, rows, columns, outputs, steps, busBits } = plan;
  const geometry = chunkGeometry(chunk, busBits);
  const taps = layer.kernel[0] * layer.kernel[1];
  const sumWordBits = chunk.rows * chunk.outputs * SUM_BITS;
  let arrayWords = 0;
  let sumWords = 0;
  let writeBeats = 0;
  for (const row of rows)
    for (const column of columns) {
      const pixels = row.rowGroups * column.outputColumns;
      for (const step of steps) {
        const groups = defined(outputs[step.output], 'output tile').outputGroups;
        arrayWords += pixels * groups * step.inputGroups * taps;
        // Written once per step, read again by the next step or by the store.
        sumWords += 2 * pixels * groups;
      }
      for (const output of outputs)
        writeBeats += output.outputBlocks * row.outputRows * column.outputColumns;
    }
  const reads = readBeats(plan);
  const { output: isOnChip } = plan.chip;
  const wordBits = chunk.rows * geometry.activationLanes * chunk.slotBits + geometry.weightWordBits;
  return {
    arrayWords,
    laneOperations: arrayWords * chunk.rows * chunk.outputs * chunk.inputs,
    bufferBits:
      arrayWords * wordBits +
      sumWords * sumWordBits +
      (reads.port + 2 * reads.chip + (isOnChip ? writeBeats : 0)) * busBits,
    memoryBits: (reads.port + (isOnChip ? 0 : writeBeats)) * busBits,
  };
}
