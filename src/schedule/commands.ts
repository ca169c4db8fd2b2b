// The command graph of one layer: what each unit does, how long, and which earlier commands it waits for.

import { burstsOf, linearRuns, type Runs } from './bursts.ts';
import { chipMemory, type Memory } from './memory.ts';
import type { ChannelStep, ColumnTile, LayerPlan, OutputTile, RowTile } from './plan.ts';
import { arrayDrainCycles, readCycles, storeCycles, storePipelineCycles } from './timing.ts';

export type Unit = 'read' | 'array' | 'store';
export type ReadKind = 'input' | 'weights' | 'parameters' | 'operand';

/** One command. `waits` are indices of earlier commands whose end it needs; program order within a unit is implied. */
export interface Command {
  readonly unit: Unit;
  readonly kind: ReadKind | 'array' | 'store';
  readonly durationCycles: number;
  readonly waits: readonly number[];
}

/** Runs of a rectangle: rows merge where it spans the width, planes where it spans the height too. */
export function rectangle(
  row: {
    readonly address: number;
    readonly rows: number;
    readonly merged: number;
    readonly full: boolean;
  },
  column: { readonly address: number; readonly columns: number; readonly full: boolean },
  channel: { readonly address: number; readonly blocks: number; readonly planes: number },
  map: { readonly rowBeats: number; readonly columnBeats: number; readonly planeBeats: number },
): Runs {
  const address = row.address + column.address + channel.address;
  if (!column.full)
    return {
      address,
      outer: channel.blocks,
      inner: row.rows,
      length: column.columns,
      outerStride: map.planeBeats,
      innerStride: map.rowBeats,
      step: map.columnBeats,
    };
  if (!row.full)
    return {
      address,
      outer: channel.blocks,
      inner: 1,
      length: row.merged,
      outerStride: map.planeBeats,
      innerStride: 0,
      step: 1,
    };
  return linearRuns(address, channel.planes);
}

/** Runs of an input tile, in beats from the input tensor's base. */
export function inputRuns(
  plan: LayerPlan,
  row: RowTile,
  column: ColumnTile,
  step: ChannelStep,
): Runs {
  return rectangle(
    {
      address: row.inputAddress,
      rows: row.inputRows,
      merged: row.inputMerged,
      full: row.inputFull,
    },
    { address: column.inputAddress, columns: column.inputColumns, full: column.inputFull },
    { address: step.inputAddress, blocks: step.inputBlocks, planes: step.inputPlanes },
    plan.input,
  );
}

/** Runs of an output tile in the output tensor (`output`) or of the same tile in the second operand. */
export function outputRuns(
  plan: LayerPlan,
  row: RowTile,
  column: ColumnTile,
  channel: OutputTile,
  which: 'output' | 'operand',
): Runs {
  const [height, width] = plan.layer.outputShape;
  return rectangle(
    {
      address: row.outputAddress,
      rows: row.outputRows,
      merged: row.outputMerged,
      full: row.outputFull,
    },
    { address: column.outputAddress, columns: column.outputColumns, full: column.outputFull },
    which === 'output'
      ? {
          address: channel.outputAddress,
          blocks: channel.outputBlocks,
          planes: channel.outputPlanes,
        }
      : {
          address: channel.operandAddress,
          blocks: channel.operandBlocks,
          planes: channel.operandPlanes,
        },
    { rowBeats: width, columnBeats: 1, planeBeats: height * width },
  );
}

/** Cycles of one clipped tile on the array: ceil(r/Pr) * c * ceil(m/Pm) * ceil(n/Pn) * Kh * Kw + drain. */
export function arrayCycles(
  plan: LayerPlan,
  row: RowTile,
  column: ColumnTile,
  channel: OutputTile,
  step: ChannelStep,
): number {
  const [kernelRows, kernelColumns] = plan.layer.kernel;
  const words =
    row.rowGroups *
    column.outputColumns *
    channel.outputGroups *
    step.inputGroups *
    kernelRows *
    kernelColumns;
  return words + arrayDrainCycles(plan.chunk);
}

/** A double buffer's tokens: a fill waits for the release of the fill `depth` before it. */
interface Token {
  readonly depth: number;
  fills: number;
  readonly releases: number[];
}

const token = (depth: number): Token => ({ depth, fills: 0, releases: [] });

function takeFree(buffer: Token, waits: number[]): void {
  const release = buffer.releases[buffer.fills - buffer.depth];
  buffer.fills++;
  if (release !== undefined) waits.push(release);
}

/** Token depths of the two orders: the paper double-buffers only the input. */
export function tokenDepths(plan: LayerPlan): {
  readonly input: number;
  readonly weights: number;
  readonly parameters: number;
  readonly operand: number;
  readonly accumulators: number;
} {
  const overlapped = plan.chunk.order === 'overlapped';
  const depth = overlapped ? 2 : 1;
  return {
    input: 2,
    weights: depth,
    parameters: depth,
    operand: depth,
    accumulators: overlapped ? plan.chunk.accumulatorBuffers : 1,
  };
}

/** Commands of one layer in program order: rows, columns, channel steps; reads before the array, the store last. */
export function schedule(plan: LayerPlan, memory: Memory): Command[] {
  const commands: Command[] = [];
  const depths = tokenDepths(plan);
  const buffers = {
    input: token(depths.input),
    weights: token(depths.weights),
    parameters: token(depths.parameters),
    operand: token(depths.operand),
    accumulators: token(depths.accumulators),
  };
  const add = (
    unit: Unit,
    kind: Command['kind'],
    durationCycles: number,
    waits: readonly number[],
  ): number => commands.push({ unit, kind, durationCycles, waits }) - 1;
  const read = (kind: ReadKind, runs: Runs): number => {
    const waits: number[] = [];
    takeFree(buffers[kind], waits);
    return add(
      'read',
      kind,
      readCycles(burstsOf(runs, plan.busBits), plan.chip[kind] ? chipMemory : memory),
      waits,
    );
  };
  const pipeline = storePipelineCycles(plan.chunk);
  const { rows, columns, outputs, steps } = plan;
  const tiles = rows.length * columns.length;
  rows.forEach((row, r) => {
    columns.forEach((column, c) => {
      let parameters: number | undefined;
      let operand: number | undefined;
      steps.forEach((step, x) => {
        const channel = outputs[step.output];
        if (channel === undefined)
          throw new Error('a channel step names an output tile that is not there');
        const isFirst = r === 0 && c === 0 && x === 0;
        const isLast = r * columns.length + c === tiles - 1 && x === steps.length - 1;
        const newInput = x === 0 || step.newInput;
        const newWeights = isFirst || steps.length > 1;
        const newParameters = step.first && (isFirst || outputs.length > 1);
        const waits: number[] = [];
        if (newInput) waits.push(read('input', inputRuns(plan, row, column, step)));
        if (newWeights)
          waits.push(read('weights', linearRuns(step.weightAddress, step.weightBeats)));
        if (newParameters)
          parameters = read(
            'parameters',
            linearRuns(channel.parameterAddress, channel.parameterBeats),
          );
        if (step.last && plan.layer.add !== undefined)
          operand = read('operand', outputRuns(plan, row, column, channel, 'operand'));
        if (step.first) takeFree(buffers.accumulators, waits);
        const array = add('array', 'array', arrayCycles(plan, row, column, channel, step), waits);
        const next = steps[x + 1];
        if (next === undefined || next.newInput) buffers.input.releases.push(array);
        if (isLast || steps.length > 1) buffers.weights.releases.push(array);
        if (!step.last) return;
        const storeWaits = [array];
        if (parameters !== undefined) storeWaits.push(parameters);
        if (operand !== undefined) storeWaits.push(operand);
        const runs = outputRuns(plan, row, column, channel, 'output');
        const duration = storeCycles(
          burstsOf(runs, plan.busBits),
          plan.piecesPerBeat,
          pipeline,
          plan.chip.output ? chipMemory : memory,
        );
        const store = add('store', 'store', duration, storeWaits);
        buffers.accumulators.releases.push(store);
        if (isLast || outputs.length > 1) buffers.parameters.releases.push(store);
        if (operand !== undefined) buffers.operand.releases.push(store);
        parameters = undefined;
        operand = undefined;
      });
    });
  });
  return commands;
}
