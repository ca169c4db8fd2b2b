// Where the cycles of a layer go: parts that sum to all of them.

import type { Accelerator } from '../accelerator/accelerator.ts';
import { type Command, schedule } from '../schedule/commands.ts';
import { type Interval, timeline } from '../schedule/longest-path.ts';
import type { Memory } from '../schedule/memory.ts';
import type { LayerPlan } from '../schedule/plan.ts';
import { chunkMemories } from '../schedule/ports.ts';
import { arrayDrainCycles, HANDSHAKE_CYCLES, LAYER_GAP_CYCLES } from '../schedule/timing.ts';

/**
 * A layer's cycles from the end of the one before it, times the lanes of its array: whole numbers, whose sum is
 * `(cycles + LAYER_GAP_CYCLES) * lanes`.
 */
export interface CycleSplit {
  /** Multiply-accumulates of the layer. */
  readonly useful: number;
  /** Lanes without work while the array runs: ragged rows and channels. */
  readonly edge: number;
  /** Each command's first cycle, and the array's pipeline running empty behind it. */
  readonly drain: number;
  /** The array waits for inputs or weights. */
  readonly read: number;
  /** The array waits for free sums, or has ended and the last tile is being stored. */
  readonly store: number;
  /** Between two layers. */
  readonly idle: number;
}

/** Multiply-accumulates of a layer; pooling and a lone add count one per value they touch. */
export function multiplyAccumulates({ layer }: Pick<LayerPlan, 'layer'>): number {
  const [rows, columns, channels] = layer.outputShape;
  const products = layer.kind === 'depthwise' ? 1 : layer.inputShape[2] / layer.groups;
  return rows * columns * channels * layer.kernel[0] * layer.kernel[1] * products;
}

/** Multipliers of a chunk's array. */
export const lanesOfArray = ({ chunk }: Pick<LayerPlan, 'chunk'>): number =>
  chunk.rows * chunk.outputs * chunk.inputs;

/** The split of a layer, from its commands and when they run. */
export function splitCycles(
  plan: LayerPlan,
  commands: readonly Command[],
  intervals: readonly Interval[],
): CycleSplit {
  const drainCycles = arrayDrainCycles(plan.chunk);
  let [words, drain, read, store] = [0, 0, 0, 0];
  let arrayEnd = -1;
  let lastEnd = -1;
  commands.forEach(({ unit, durationCycles, waits }, k) => {
    const { startCycle = 0, endCycle = 0 } = intervals[k] ?? {};
    lastEnd = Math.max(lastEnd, endCycle);
    if (unit !== 'array') return;
    let readEnd = arrayEnd;
    for (const wait of waits)
      if (commands[wait]?.unit === 'read')
        readEnd = Math.max(readEnd, intervals[wait]?.endCycle ?? -1);
    // What a command waits for has ended in the cycle before it starts.
    read += readEnd - arrayEnd;
    store += startCycle - HANDSHAKE_CYCLES - readEnd;
    words += durationCycles - drainCycles;
    drain += HANDSHAKE_CYCLES + drainCycles;
    arrayEnd = endCycle;
  });
  store += lastEnd - arrayEnd;
  const lanes = lanesOfArray(plan);
  const useful = multiplyAccumulates(plan);
  return {
    useful,
    edge: words * lanes - useful,
    drain: drain * lanes,
    read: read * lanes,
    store: store * lanes,
    idle: LAYER_GAP_CYCLES * lanes,
  };
}

/** The splits of a design's layers under a memory contract. */
export function splitLayers(
  plans: readonly LayerPlan[],
  { chunks, placements }: Accelerator,
  memory: Memory,
): readonly CycleSplit[] {
  const memories = chunkMemories(chunks, memory);
  return plans.map((plan, l) => {
    const commands = schedule(plan, memories[placements[l]?.chunk ?? -1] ?? memory);
    return splitCycles(plan, commands, timeline(commands));
  });
}

/** Parts in the order in which they are shown. */
export const splitParts = ['useful', 'edge', 'drain', 'read', 'store', 'idle'] as const;

/** Each part's share in percent; they sum to 100. */
export function splitPercent(split: CycleSplit): readonly number[] {
  const total = splitParts.reduce((sum, part) => sum + split[part], 0);
  return splitParts.map((part) => (100 * split[part]) / total);
}
