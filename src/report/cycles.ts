// Predicted against simulated cycles: every run as a row, every layer as a row, and a bar for each layer.

import { splitLayers, splitParts, splitPercent } from '../cost/cycle-split.ts';
import { planDesign } from '../cost/design.ts';
import type { Memory } from '../schedule/memory.ts';
import { defined } from '../util/errors.ts';
import type { RunVerdict } from '../verify/verify.ts';
import { defineSection } from './html.ts';
import { grouped, percent, pixels } from './numbers.ts';
import { chunkClass } from './palette.ts';
import type { ReportData } from './report-data.ts';

interface Pair {
  readonly predicted: string;
  readonly simulated: string;
  readonly equalClass: 'equal' | 'differs';
}

interface CyclesView {
  readonly note: string;
  readonly hasRuns: boolean;
  readonly runs: readonly (Pair & {
    readonly mode: string;
    readonly memory: string;
    readonly images: string;
    readonly bits: string;
    readonly bitsClass: 'equal' | 'differs';
    readonly layers: string;
    readonly problem: string;
  })[];
  readonly parts: readonly string[];
  readonly columns: readonly { readonly mode: string; readonly memory: string }[];
  readonly layers: readonly {
    readonly name: string;
    readonly chunkClass: string;
    readonly predicted: string;
    readonly barWidth: string;
    readonly pairs: readonly Pair[];
    readonly shares: readonly string[];
  }[];
}

const render = defineSection<CyclesView>('cycles.html.hbs');

const BAR_PIXELS = 200;

/** A contract in the letters of docs/hardware.md 4. */
export function memoryText(memory: Memory): string {
  const { readLatencyCycles, beatCycles, outstandingBursts, writeLatencyCycles } = memory;
  return `L ${readLatencyCycles}, S ${beatCycles}, OT ${outstandingBursts}, Lw ${writeLatencyCycles}`;
}

const equality = (isEqual: boolean): 'equal' | 'differs' => (isEqual ? 'equal' : 'differs');

function pairOf(predicted: number, simulated: number): Pair {
  return {
    predicted: grouped(predicted),
    // A layer that took different times for different images has no one number.
    simulated: simulated < 0 ? 'varies' : grouped(simulated),
    equalClass: equality(predicted === simulated),
  };
}

function runView(run: RunVerdict): CyclesView['runs'][number] {
  const total = (key: 'predicted' | 'simulated') =>
    run.epochs.reduce((sum, epoch) => sum + epoch[key], 0);
  const equal = run.layers.filter((layer) => layer.predictedCycles === layer.simulatedCycles);
  return {
    ...pairOf(total('predicted'), total('simulated')),
    mode: run.mode,
    memory: memoryText(run.memory),
    images: grouped(run.images),
    bits: run.bitExact ? 'equal' : 'differ',
    bitsClass: equality(run.bitExact),
    layers: `${equal.length} of ${run.layers.length} equal`,
    problem: run.problem ?? '',
  };
}

/** Cycles of layers are the same in both modes, so that each memory needs one pair of columns only. */
function shownRuns(runs: readonly RunVerdict[]): RunVerdict[] {
  const seen = new Map<string, RunVerdict>();
  for (const run of runs) {
    const key = memoryText(run.memory);
    const earlier = seen.get(key);
    const isWorse = !run.cycleExact && earlier?.cycleExact === true;
    if (earlier === undefined || isWorse) seen.set(key, run);
  }
  return [...seen.values()];
}

/** All cycles; only the predicted ones where nothing was simulated. */
export function renderCycles({ design, prediction, verification, memory }: ReportData): string {
  const planned = planDesign(design.network, design.accelerator);
  const splits = planned.ok ? splitLayers(planned.plans, design.accelerator, memory) : [];
  const runs = verification?.runs ?? [];
  const columns = shownRuns(runs);
  const longest = Math.max(1, ...prediction.layers.map((layer) => layer.cycles));
  return render({
    note:
      runs.length === 0
        ? `Predicted under the memory contract ${memoryText(memory)}; nothing was simulated yet.`
        : 'Bits are compared at every tensor between layers, cycles with no tolerance. Memory contract: L cycles of read latency, S cycles a beat, OT bursts outstanding, Lw cycles to a write response.',
    hasRuns: runs.length > 0,
    runs: runs.map(runView),
    parts: splitParts,
    columns: columns.map((run) => ({ mode: run.mode, memory: memoryText(run.memory) })),
    layers: prediction.layers.map((layer, index) => ({
      name: layer.name,
      chunkClass: chunkClass(layer.chunk),
      predicted: grouped(layer.cycles),
      barWidth: pixels((BAR_PIXELS * layer.cycles) / longest),
      pairs: columns.map(({ layers }) => {
        const found = layers[index];
        return pairOf(found?.predictedCycles ?? 0, found?.simulatedCycles ?? -1);
      }),
      shares: splitPercent(defined(splits[index], 'split')).map((share) => percent(share / 100, 1)),
    })),
  });
}
