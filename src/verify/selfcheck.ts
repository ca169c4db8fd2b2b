// Random layers on random arrays under random memories: RTL against the integer model, bits and cycles, tolerance 0.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeCases } from '../emit/case-file.ts';
import { runInteger } from '../integer/run.ts';
import { lowerDesign } from '../lower/lower.ts';
import type { HardwarePlan } from '../lower/plan.ts';
import { compareCommands, locateMismatch } from './compare.ts';
import { packableSlots, type ShapeName, selfcheckShapes } from './netlists.ts';
import { type RandomCase, randomCase } from './random-case.ts';
import { buildSimulator, netlistSources, runSimulator } from './simulator.ts';

/** What `autonba selfcheck` prints. */
export interface SelfcheckResult {
  readonly designs: number;
  readonly netlists: number;
  readonly bitMismatches: number;
  readonly cycleMismatches: number;
  readonly commandMismatches: number;
  readonly commands: number;
  readonly simulatedCycles: number;
  readonly seconds: number;
  readonly failures: readonly string[];
  /** How demanding the cases were. */
  readonly manyTiles: number;
  readonly manyRagged: number;
}

export interface SelfcheckOptions {
  readonly designs: number;
  readonly seed: number;
  readonly shapes?: readonly ShapeName[];
  /** One case of the only shape, as a failure named it. */
  readonly caseSeed?: number;
  /** Random bus stalls outside the memory contract: bits must hold, cycles may only grow. */
  readonly stalls?: number;
  /** Answers that read beat (negative: write burst) with an error first; the restarted run must be exact. */
  readonly busError?: number;
  readonly onProgress?: (done: number, total: number, what: string) => void;
  readonly signal?: AbortSignal;
}

/** Room for every layer selfcheck draws, so that one netlist serves them all. */
function lowerCase(random: RandomCase): HardwarePlan {
  const slots = packableSlots(selfcheckShapes[random.shape]);
  const room = { layerCapacity: 4, tableDepth: 512, outputSlots: slots, operandSlots: slots };
  return lowerDesign(random.design, random.memory, room);
}

const LIMIT_FACTOR = 8;

/** Runs `designs` random layers, spread evenly over the shapes. */
export async function selfcheck(options: SelfcheckOptions): Promise<SelfcheckResult> {
  const started = performance.now();
  const shapes = options.shapes ?? (Object.keys(selfcheckShapes) as ShapeName[]);
  const failures: string[] = [];
  let done = 0;
  let [bitMismatches, cycleMismatches, commandMismatches] = [0, 0, 0];
  let [commands, simulatedCycles, manyTiles, manyRagged] = [0, 0, 0, 0];
  const folder = mkdtempSync(join(tmpdir(), 'autonba-selfcheck-'));
  try {
    for (const [s, shape] of shapes.entries()) {
      const count =
        Math.floor(options.designs / shapes.length) + (s < options.designs % shapes.length ? 1 : 0);
      if (count === 0) continue;
      options.onProgress?.(done, options.designs, `${shape}: building`);
      const cases = Array.from({ length: count }, (_, k) =>
        randomCase(shape, options.caseSeed ?? options.seed * 10_000 + s * 1000 + k),
      );
      const plans = cases.map(lowerCase);
      const first = plans[0];
      if (first === undefined) continue;
      const simulator = await buildSimulator(netlistSources(first));
      const caseFile = join(folder, `${shape}.bin`);
      const commandFile = join(folder, `${shape}.commands`);
      const simulations = plans.map((plan, k) => {
        const random = cases[k];
        if (random === undefined) throw new Error('a plan without its case');
        const tensors = runInteger(random.design.network, random.images, 1);
        const predicted = plan.prediction.latencyCycles;
        return {
          plan,
          mode: 'latency' as const,
          memory: random.memory,
          images: 1,
          tensors,
          limitCycles: 20_000 + LIMIT_FACTOR * predicted,
        };
      });
      writeFileSync(caseFile, encodeCases(simulations));
      options.onProgress?.(done, options.designs, `${shape}: simulating ${count} layers`);
      const run = await runSimulator(simulator, caseFile, {
        commandFile,
        ...(options.stalls === undefined ? {} : { stalls: options.stalls }),
        ...(options.busError === undefined ? {} : { busError: options.busError }),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      });
      commands += run.commands.length / 8;
      plans.forEach((plan, k) => {
        const result = run.cases[k];
        const random = cases[k];
        if (result === undefined || random === undefined)
          throw new Error(`the simulator gave no result for case ${k}`);
        if (!result.stoppedOnError)
          failures.push(`${shape} case ${random.seed}: a bus error did not stop it`);
        const where = `autonba selfcheck --shape ${shape} --case ${random.seed}`;
        simulatedCycles += result.cycles;
        if (random.tiles >= 8) manyTiles++;
        if (random.raggedDimensions >= 2) manyRagged++;
        if (
          !result.bitExact ||
          result.axiErrors > 0 ||
          result.hang !== null ||
          (result.status & 4) !== 0
        ) {
          bitMismatches++;
          const at = locateMismatch(plan, result.firstMismatch);
          const what = result.hang ?? (result.firstAxiError || JSON.stringify(at));
          failures.push(`${where}: ${what}`);
        }
        const prologue = plan.prediction.prologueCycles;
        const isRestart = options.stalls !== undefined || options.busError !== undefined;
        if (!isRestart && result.prologueCycles !== prologue) {
          cycleMismatches++;
          failures.push(
            `${where}: prologue takes ${result.prologueCycles} cycles, predicted ${prologue}`,
          );
        }
        plan.prediction.layers.forEach((layer, l) => {
          const measured = result.layers.find((entry) => entry.index === l)?.cycles ?? -1;
          const wrong =
            options.stalls === undefined ? measured !== layer.cycles : measured < layer.cycles;
          if (!wrong) return;
          cycleMismatches++;
          failures.push(
            `${where}: layer ${layer.name} takes ${measured} cycles, predicted ${layer.cycles}`,
          );
        });
        if (options.stalls !== undefined || options.busError !== undefined) return;
        plan.layers.forEach((_, l) => {
          const records = run.commands.filter((__, w) => {
            const at = w - (w % 8);
            return run.commands[at] === k && run.commands[at + 3] === l;
          });
          const mismatch = compareCommands(plan, l, random.memory, records);
          if (mismatch === null) return;
          commandMismatches++;
          failures.push(`${where}: ${JSON.stringify(mismatch)}`);
        });
      });
      done += count;
      options.onProgress?.(done, options.designs, shape);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    designs: done,
    netlists: shapes.length,
    bitMismatches,
    cycleMismatches,
    commandMismatches,
    commands,
    simulatedCycles,
    seconds: (performance.now() - started) / 1000,
    failures,
    manyTiles,
    manyRagged,
  };
}
