// A generated directory against the integer model and against its own predictions: bits and cycles, tolerance 0.

import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { z } from 'zod';
import { type Design, epochsOf } from '../cost/design.ts';
import { readDesign } from '../cost/design-file.ts';
import { encodeCases, type Mode } from '../emit/case-file.ts';
import { runInteger } from '../integer/run.ts';
import { lowerDesign } from '../lower/lower.ts';
import type { HardwarePlan } from '../lower/plan.ts';
import type { Memory } from '../schedule/memory.ts';
import { InvalidConfigError } from '../util/errors.ts';
import { isMissingFile, readJson } from '../util/json.ts';
import { locateMismatch, type Mismatch } from './compare.ts';
import { buildSimulator, type CaseResult, runSimulator } from './simulator.ts';

/** Predicted and simulated cycles of one epoch (an image in latency mode). */
export interface EpochVerdict {
  readonly predicted: number;
  readonly simulated: number;
}

/** One run: a mode under a memory. */
export interface RunVerdict {
  readonly mode: Mode;
  readonly memory: Memory;
  readonly images: number;
  readonly bitExact: boolean;
  readonly cycleExact: boolean;
  readonly firstMismatch: Mismatch | null;
  readonly problem: string | null;
  readonly layers: readonly {
    readonly name: string;
    readonly chunk: number;
    readonly predictedCycles: number;
    readonly simulatedCycles: number;
  }[];
  /** Busy cycles of each chunk in the fullest epoch (throughput mode). */
  readonly chunks: readonly EpochVerdict[];
  readonly epochs: readonly EpochVerdict[];
  readonly simulatedCycles: number;
}

/** All runs of a verification, with what the simulator was. */
export interface Verdict {
  readonly bitExact: boolean;
  readonly cycleExact: boolean;
  readonly runs: readonly RunVerdict[];
  readonly buildSeconds: number;
  readonly simulator: {
    readonly name: string;
    readonly version: string;
    readonly kiloCyclesPerSecond: number;
  };
}

/** One run to make. */
export interface VerifyRun {
  readonly mode: Mode;
  readonly memory: Memory;
  readonly images: number;
}

const manifestSchema = z.object({
  format: z.literal('autonba-manifest'),
  design: z.string(),
  hash: z.string(),
  files: z.record(z.string(), z.string()),
  predicted: z.object({ epochCycles: z.number(), latencyCycles: z.number() }),
});

/** The package comes before the modules that name it; all else in alphabetical order. */
const byCompilation = (a: string, b: string): number =>
  Number(b === 'rtl/nba_pkg.sv') - Number(a === 'rtl/nba_pkg.sv') || (a < b ? -1 : 1);

/** A generated directory that is whole: every file as the manifest says. */
export interface GeneratedDirectory {
  readonly folder: string;
  readonly design: Design;
  /** Top module of the bench. */
  readonly top: string;
  readonly files: readonly string[];
}

/**
 * Reads a generated directory and checks every file against its hash in the manifest.
 * @throws InvalidConfigError naming the file that is missing or was changed
 */
export function readGenerated(folder: string): GeneratedDirectory {
  const path = join(folder, 'manifest.json');
  let content: unknown;
  try {
    content = readJson(path);
  } catch (error) {
    if (isMissingFile(error))
      throw new InvalidConfigError(
        `"${folder}" has no manifest.json`,
        'name a directory that `autonba generate` wrote',
      );
    throw error;
  }
  const manifest = manifestSchema.safeParse(content);
  if (!manifest.success)
    throw new InvalidConfigError(
      `"${path}" is not a manifest of a generated design`,
      'generate the directory again',
    );
  for (const [name, hash] of Object.entries(manifest.data.files)) {
    const file = resolve(folder, name);
    // The manifest is input too: it must not name files elsewhere.
    if (!file.startsWith(resolve(folder) + sep) || !existsSync(file))
      throw new InvalidConfigError(
        `"${join(folder, name)}" is missing`,
        'generate the directory again',
      );
    if (createHash('sha256').update(readFileSync(file)).digest('hex') !== hash)
      throw new InvalidConfigError(
        `"${join(folder, name)}" was changed since it was generated`,
        'generate the directory again',
      );
  }
  return {
    folder,
    design: readDesign(join(folder, 'design.json')),
    top: manifest.data.design,
    files: Object.keys(manifest.data.files).sort(byCompilation),
  };
}

/** One run's bits and cycles against the plan's predictions. */
export function judgeRun(plan: HardwarePlan, run: VerifyRun, result: CaseResult): RunVerdict {
  const { prediction } = plan;
  const position = plan.layersPerChunk.map(() => 0);
  const layers = prediction.layers.map(({ name, chunk, cycles }) => {
    const index = position[chunk] ?? 0;
    position[chunk] = index + 1;
    const measured = result.layers.find((entry) => entry.chunk === chunk && entry.index === index);
    const steady =
      measured !== undefined &&
      measured.lowest === measured.highest &&
      measured.runs === run.images;
    return { name, chunk, predictedCycles: cycles, simulatedCycles: steady ? measured.cycles : -1 };
  });
  const want =
    run.mode === 'throughput'
      ? epochsOf(prediction, run.images)
      : Array<number>(run.images).fill(prediction.latencyCycles);
  const epochs = want.map((predicted, e) => ({ predicted, simulated: result.epochs[e] ?? -1 }));
  const full = run.mode === 'throughput' && run.images > prediction.depth;
  const chunks = full
    ? prediction.chunkCycles.map((predicted, c) => ({
        predicted,
        simulated: result.chunks[c]?.[prediction.depth] ?? -1,
      }))
    : [];
  const equal = (pair: EpochVerdict) => pair.predicted === pair.simulated;
  const cycleExact =
    layers.every((layer) => layer.predictedCycles === layer.simulatedCycles) &&
    epochs.every(equal) &&
    chunks.every(equal) &&
    result.epochs.length === want.length;
  const busError = (result.status & 4) !== 0 ? 'a bus error was reported' : null;
  const problem = result.hang ?? (result.firstAxiError === '' ? busError : result.firstAxiError);
  return {
    ...run,
    bitExact: result.bitExact && problem === null,
    cycleExact,
    firstMismatch: locateMismatch(plan, result.firstMismatch),
    problem,
    layers,
    chunks,
    epochs,
    simulatedCycles: result.cycles,
  };
}

/** Options of a verification. */
export interface VerifyOptions {
  readonly runs: readonly VerifyRun[];
  /** Stored integers of the input tensor, at least as many images as the longest run takes. */
  readonly images: Int32Array | Uint8Array;
  readonly stalls?: number;
  readonly traceFile?: string;
  /** Of the simulator; 1 where left out. */
  readonly threads?: number;
  readonly onProgress?: (what: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Builds the directory's own files and runs them; differences are in the verdict, not thrown. */
export async function verifyGenerated(
  generated: GeneratedDirectory,
  options: VerifyOptions,
): Promise<Verdict> {
  const { folder, design, top, files } = generated;
  const plans = options.runs.map((run) => lowerDesign(design, run.memory));
  const first = plans[0];
  if (first === undefined)
    throw new InvalidConfigError('nothing to verify', 'ask for at least one image');
  const wanted = files.filter((path) =>
    /^(rtl|lint)\/|^tb\/(harness\.cpp|binding\.hpp)$/.test(path),
  );
  const sources = new Map(wanted.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
  options.onProgress?.('building the simulator');
  const simulator = await buildSimulator(
    { top, chunks: first.chunks.length, files: sources },
    { trace: options.traceFile !== undefined, threads: options.threads ?? 1 },
  );
  const most = Math.max(...options.runs.map((run) => run.images));
  options.onProgress?.('running the integer model');
  const tensors = runInteger(design.network, options.images, most);
  const working = mkdtempSync(join(tmpdir(), 'autonba-verify-'));
  const verdicts: RunVerdict[] = [];
  let kiloCyclesPerSecond = 0;
  try {
    for (const [k, run] of options.runs.entries()) {
      const plan = plans[k];
      if (plan === undefined) continue;
      options.onProgress?.(
        `simulating ${run.images} images, ${run.mode} mode, L = ${run.memory.readLatencyCycles}`,
      );
      const caseFile = join(working, 'cases.bin');
      const perImage = Math.max(plan.prediction.latencyCycles, plan.prediction.epochCycles);
      const limitCycles = Math.min(2 ** 32 - 1, 100_000 + 4 * perImage * (run.images + plan.depth));
      writeFileSync(caseFile, encodeCases([{ ...run, plan, tensors, limitCycles }]));
      const { cases, kiloCyclesPerSecond: speed } = await runSimulator(simulator, caseFile, {
        ...(options.stalls === undefined ? {} : { stalls: options.stalls }),
        ...(options.traceFile === undefined ? {} : { traceFile: options.traceFile }),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      });
      const result = cases[0];
      if (result === undefined) throw new Error('the simulator printed no result');
      kiloCyclesPerSecond = speed;
      verdicts.push(judgeRun(plan, run, result));
    }
  } finally {
    rmSync(working, { recursive: true, force: true });
  }
  return {
    bitExact: verdicts.every((run) => run.bitExact),
    cycleExact: verdicts.every((run) => run.cycleExact),
    runs: verdicts,
    buildSeconds: simulator.buildSeconds,
    simulator: { name: 'Verilator', version: simulator.version, kiloCyclesPerSecond },
  };
}
