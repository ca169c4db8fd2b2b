// Cycles that the pragmas of the HLS library ask for: one loop iteration a cycle, memory that never waits.
// An estimate. Nothing here was synthesized: pipeline fills, function starts and full streams are left out.

import type { HardwarePlan } from '../lower/plan.ts';
import { inputRuns, outputRuns } from '../schedule/commands.ts';
import type { LayerPlan } from '../schedule/plan.ts';

/** Iterations of each process of a layer (hw/hls/nba_chunk.hpp). */
export interface LayerEstimate {
  readonly readCycles: number;
  readonly arrayCycles: number;
  readonly storeCycles: number;
  readonly writeCycles: number;
  /** The processes run at once; one after the other where the chunk has on-chip memory. */
  readonly totalCycles: number;
}

const beatsOf = (runs: { outer: number; inner: number; length: number }): number =>
  runs.outer * runs.inner * runs.length;

/** Estimate of one layer of one image. */
export function estimateLayer(plan: LayerPlan): LayerEstimate {
  const { rows, columns, outputs, steps, layer } = plan;
  const [kernelRows, kernelColumns] = layer.kernel;
  let [readCycles, arrayCycles, storeCycles, writeCycles] = [0, 0, 0, 0];
  rows.forEach((row, r) => {
    columns.forEach((column, c) => {
      steps.forEach((step, x) => {
        const output = outputs[step.output];
        if (output === undefined) throw new Error('a step names an output tile that is not there');
        const isFirst = r === 0 && c === 0 && x === 0;
        const inputs = x === 0 || step.newInput ? beatsOf(inputRuns(plan, row, column, step)) : 0;
        const weights = isFirst || steps.length > 1 ? step.weightBeats : 0;
        const words =
          row.rowGroups *
          column.outputColumns *
          output.outputGroups *
          step.inputGroups *
          kernelRows *
          kernelColumns;
        readCycles += inputs + weights;
        arrayCycles += inputs + weights + words;
        if (step.first && (isFirst || outputs.length > 1)) {
          readCycles += output.parameterBeats;
          storeCycles += output.parameterBeats;
        }
        if (!step.last) return;
        const operand =
          layer.add === undefined ? 0 : beatsOf(outputRuns(plan, row, column, output, 'operand'));
        const beats = beatsOf(outputRuns(plan, row, column, output, 'output'));
        readCycles += operand;
        arrayCycles += beats * plan.piecesPerBeat;
        storeCycles += operand + beats * plan.piecesPerBeat;
        writeCycles += beats;
      });
    });
  });
  const all = [readCycles, arrayCycles, storeCycles, writeCycles];
  const isSequential = (plan.chunk.chipWords ?? 0) > 0;
  const totalCycles = isSequential
    ? all.reduce((sum, cycles) => sum + cycles, 0)
    : Math.max(...all);
  return { readCycles, arrayCycles, storeCycles, writeCycles, totalCycles };
}

/** Estimates of all layers, and of one image: alone, and where all chunks run at once. */
export function estimateDesign(plan: HardwarePlan): {
  readonly layers: readonly LayerEstimate[];
  readonly latencyCycles: number;
  readonly epochCycles: number;
} {
  const layers = plan.layers.map((layer) => estimateLayer(layer.plan));
  const perChunk = plan.chunks.map((_, c) =>
    layers.reduce(
      (sum, { totalCycles }, l) => sum + (plan.layers[l]?.chunk === c ? totalCycles : 0),
      0,
    ),
  );
  return {
    layers,
    latencyCycles: perChunk.reduce((sum, cycles) => sum + cycles, 0),
    epochCycles: Math.max(...perChunk),
  };
}
