// Energy of one image by a stated table: for ranking designs, not a promise about any part.

import { burstsOf, linearRuns, type Runs } from '../schedule/bursts.ts';
import { inputRuns, outputRuns, type ReadKind } from '../schedule/commands.ts';
import { chunkGeometry, type LayerPlan } from '../schedule/plan.ts';
import { defined } from '../util/errors.ts';
import { SUM_BITS } from './memories.ts';

/** Picojoules of each action; printed with every result that was made with it. */
export interface EnergyTable {
  readonly name: string;
  readonly source: string;
  /** One multiplication of 8 by 8 bits; others in proportion to the product of their widths. */
  readonly multiply8Picojoules: number;
  /** One 32-bit addition. */
  readonly addPicojoules: number;
  /** 64 bits out of or into a buffer of 8 kB. */
  readonly buffer64Picojoules: number;
  /** 64 bits over the memory port. */
  readonly memory64Picojoules: number;
}

/** The table used unless another is named. */
export const horowitz45: EnergyTable = {
  name: 'horowitz-45nm',
  source:
    'M. Horowitz, "Computing\'s energy problem", ISSCC 2014: 45 nm, 0.9 V; DRAM at the low end of 1,300 to 2,600 pJ per 64 bits',
  multiply8Picojoules: 0.2,
  addPicojoules: 0.1,
  buffer64Picojoules: 10,
  memory64Picojoules: 1300,
};

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

/** Millijoules of one layer for one image. */
export function layerEnergy(plan: LayerPlan, table: EnergyTable = horowitz45): number {
  const { laneOperations, bufferBits, memoryBits } = activityOf(plan);
  const product = (plan.chunk.slotBits * plan.chunk.weightBits) / 64;
  const picojoules =
    laneOperations * (product * table.multiply8Picojoules + table.addPicojoules) +
    (bufferBits / 64) * table.buffer64Picojoules +
    (memoryBits / 64) * table.memory64Picojoules;
  return picojoules / 1e9;
}
