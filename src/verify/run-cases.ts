// Runs cases on one netlist in one process, and says what differs from the models: bits, cycles, commands.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Design } from '../cost/design.ts';
import { encodeCases, type Mode } from '../emit/case-file.ts';
import { runInteger } from '../integer/run.ts';
import { lowerDesign, type NetlistRoom } from '../lower/lower.ts';
import type { HardwarePlan } from '../lower/plan.ts';
import type { Memory } from '../schedule/memory.ts';
import { defined } from '../util/errors.ts';
import { compareCommands } from './compare.ts';
import {
  type BenchSources,
  buildSimulator,
  type CaseResult,
  netlistSources,
  runSimulator,
} from './simulator.ts';
import { judgeRun } from './verify.ts';

/** A design with what it is run under. */
export interface RunnableCase {
  /** How to repeat it, in one line. */
  readonly label: string;
  readonly design: Design;
  readonly memory: Memory;
  readonly mode: Mode;
  readonly imageCount: number;
  readonly images: Int32Array;
}

/** What is done to the bus, outside the memory contract. */
export interface BusTrouble {
  /** Seed of random stalls: bits must hold, cycles may only grow. */
  readonly stalls?: number;
  /** Answers that read beat (negative: write burst) with an error first; the restarted run must be exact. */
  readonly busError?: number;
}

/** How cases are run. */
export interface RunOptions extends BusTrouble {
  readonly signal?: AbortSignal | undefined;
  /** Puts other sources with the same ports in the place of the netlist's. */
  readonly change?: (sources: BenchSources) => Promise<BenchSources>;
}

/** Differences of a set of cases; all 0 where everything is equal. */
export interface Tally {
  readonly bitMismatches: number;
  readonly cycleMismatches: number;
  readonly commandMismatches: number;
  readonly commands: number;
  readonly simulatedCycles: number;
  readonly buildSeconds: number;
  readonly failures: readonly string[];
}

const LIMIT_FACTOR = 8;
const RECORD_WORDS = 8;

/** Records of each run of each layer, by case, chunk and run. */
function recordsByRun(commands: Uint32Array): ReadonlyMap<string, Uint32Array> {
  const ends = new Map<string, number[]>();
  for (let at = 0; at < commands.length; at += RECORD_WORDS) {
    const key = commands.subarray(at, at + 4).join(' ');
    const places = ends.get(key);
    if (places === undefined) ends.set(key, [at]);
    else places.push(at);
  }
  return new Map(
    [...ends].map(([key, places]) => [
      key,
      Uint32Array.from(places.flatMap((at) => [...commands.subarray(at, at + RECORD_WORDS)])),
    ]),
  );
}

/** Layers by `case chunk index`, as command records name them. */
const indexInChunk = (plan: HardwarePlan, l: number): number =>
  plan.layers.slice(0, l).filter(({ chunk }) => chunk === plan.layers[l]?.chunk).length;

interface Differences {
  readonly bits: readonly string[];
  readonly cycles: readonly string[];
}

function resultDifferences(
  plan: HardwarePlan,
  one: RunnableCase,
  result: CaseResult,
  trouble: BusTrouble,
): Differences {
  const { mode, memory, imageCount } = one;
  const verdict = judgeRun(plan, { mode, memory, images: imageCount }, result);
  const bits: string[] = [];
  const cycles: string[] = [];
  if (!result.stoppedOnError) bits.push('a bus error did not stop it');
  if (!verdict.bitExact) bits.push(verdict.problem ?? JSON.stringify(verdict.firstMismatch));
  if (trouble.stalls !== undefined) {
    plan.layers.forEach(({ chunk }, l) => {
      const { name, cycles: predicted } = defined(plan.prediction.layers[l], 'a prediction');
      const index = indexInChunk(plan, l);
      const lowest =
        result.layers.find((entry) => entry.chunk === chunk && entry.index === index)?.lowest ?? -1;
      if (lowest < predicted)
        cycles.push(`layer ${name} takes ${lowest} cycles in stalls, predicted ${predicted}`);
    });
    return { bits, cycles };
  }
  const { prologueCycles } = plan.prediction;
  if (trouble.busError === undefined && result.prologueCycles !== prologueCycles)
    cycles.push(`prologue takes ${result.prologueCycles} cycles, predicted ${prologueCycles}`);
  for (const layer of verdict.layers)
    if (layer.predictedCycles !== layer.simulatedCycles)
      cycles.push(
        `layer ${layer.name} takes ${layer.simulatedCycles} cycles, predicted ${layer.predictedCycles}`,
      );
  for (const [what, list] of [
    ['epoch', verdict.epochs],
    ['chunk', verdict.chunks],
  ] as const)
    list.forEach(({ predicted, simulated }, k) => {
      if (predicted !== simulated)
        cycles.push(`${what} ${k} takes ${simulated} cycles, predicted ${predicted}`);
    });
  return { bits, cycles };
}

function commandDifferences(
  plan: HardwarePlan,
  one: RunnableCase,
  index: number,
  records: ReadonlyMap<string, Uint32Array>,
): string[] {
  const found: string[] = [];
  plan.layers.forEach(({ chunk }, l) => {
    const at = indexInChunk(plan, l);
    let runs = 0;
    for (const [key, list] of records) {
      const [owner, ran, , layer] = key.split(' ').map(Number);
      if (owner !== index || ran !== chunk || layer !== at) continue;
      runs++;
      const mismatch = compareCommands(plan, l, one.memory, list);
      if (mismatch !== null) found.push(JSON.stringify(mismatch));
    }
    if (runs !== one.imageCount) found.push(`layer ${l} ran ${runs} times, not ${one.imageCount}`);
  });
  return found;
}

/** Runs the cases, all on the netlist that the first one gives in that room. */
export async function runCases(
  cases: readonly RunnableCase[],
  room: NetlistRoom,
  options: RunOptions = {},
): Promise<Tally> {
  const plans = cases.map(({ design, memory }) => lowerDesign(design, memory, room));
  const { change = async (sources: BenchSources) => sources } = options;
  const sources = await change(netlistSources(defined(plans[0], 'a case')));
  const simulator = await buildSimulator(sources);
  const folder = mkdtempSync(join(tmpdir(), 'autonba-cases-'));
  try {
    const caseFile = join(folder, 'cases.bin');
    const commandFile = join(folder, 'commands');
    const simulations = plans.map((plan, k) => {
      const { design, mode, memory, images, imageCount } = defined(cases[k], 'a case');
      const { latencyCycles, epochCycles, depth } = plan.prediction;
      const predicted = Math.max(latencyCycles, epochCycles) * (imageCount + depth);
      return {
        plan,
        mode,
        memory,
        images: imageCount,
        tensors: runInteger(design.network, images, imageCount),
        limitCycles: 20_000 + LIMIT_FACTOR * predicted,
      };
    });
    writeFileSync(caseFile, encodeCases(simulations));
    const { stalls, busError, signal } = options;
    const run = await runSimulator(simulator, caseFile, {
      commandFile,
      ...(stalls === undefined ? {} : { stalls }),
      ...(busError === undefined ? {} : { busError }),
      ...(signal === undefined ? {} : { signal }),
    });
    const isContract = stalls === undefined && busError === undefined;
    const records = isContract ? recordsByRun(run.commands) : new Map<string, Uint32Array>();
    let [bitMismatches, cycleMismatches, commandMismatches, simulatedCycles] = [0, 0, 0, 0];
    const failures: string[] = [];
    plans.forEach((plan, k) => {
      const one = defined(cases[k], 'a case');
      const result = run.cases[k];
      if (result === undefined) throw new Error(`the simulator gave no result for case ${k}`);
      simulatedCycles += result.cycles;
      const { bits, cycles } = resultDifferences(plan, one, result, options);
      const commands = isContract ? commandDifferences(plan, one, k, records) : [];
      bitMismatches += bits.length;
      cycleMismatches += cycles.length;
      commandMismatches += commands.length;
      for (const what of [...bits, ...cycles, ...commands]) failures.push(`${one.label}: ${what}`);
    });
    return {
      bitMismatches,
      cycleMismatches,
      commandMismatches,
      commands: run.commands.length / RECORD_WORDS,
      simulatedCycles,
      buildSeconds: simulator.buildSeconds,
      failures,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Tallies of several netlists as one. */
export function addTallies(a: Tally, b: Tally): Tally {
  return {
    bitMismatches: a.bitMismatches + b.bitMismatches,
    cycleMismatches: a.cycleMismatches + b.cycleMismatches,
    commandMismatches: a.commandMismatches + b.commandMismatches,
    commands: a.commands + b.commands,
    simulatedCycles: a.simulatedCycles + b.simulatedCycles,
    buildSeconds: a.buildSeconds + b.buildSeconds,
    failures: [...a.failures, ...b.failures],
  };
}

export const emptyTally: Tally = {
  bitMismatches: 0,
  cycleMismatches: 0,
  commandMismatches: 0,
  commands: 0,
  simulatedCycles: 0,
  buildSeconds: 0,
  failures: [],
};
