// The whole path on one page: search -> generate -> verify -> report. No other file knows the order.

import { join } from 'node:path';
import * as devices from './accelerator/devices/index.ts';
import { type Design, type Prediction, planDesign, predict } from './cost/design.ts';
import { writeDesign } from './cost/design-file.ts';
import { pixelsOf, sliceImages } from './data/dataset.ts';
import { openDataset } from './data/open-dataset.ts';
import { generateDirectory } from './emit/generate.ts';
import { writeSourceTree } from './emit/source-tree.ts';
import { type ExploreResult, explore } from './explore/explore.ts';
import * as solvers from './explore/solvers/index.ts';
import { classify } from './integer/run.ts';
import { picturesDocument } from './report/picture-file.ts';
import { readRun } from './report/read-run.ts';
import { renderReport } from './report/render-report.ts';
import { defaultMemory, type Memory } from './schedule/memory.ts';
import {
  exploredHardware,
  type Figure,
  type HardwareOptions,
  type Preset,
  type SearchProgress,
  type SearchResult,
  searchDesign,
  strategies,
  weightSources,
} from './search/index.ts';
import { DoesNotFitError } from './util/errors.ts';
import { writeFileIfChanged, writeJson } from './util/json.ts';
import { pick } from './util/pick.ts';
import { verifyDocument } from './verify/document.ts';
import { lintFolder } from './verify/simulator.ts';
import { readGenerated, type VerifyRun, verifyGenerated } from './verify/verify.ts';

/** What to search for; names are those of the registries. */
export interface SearchProblem {
  readonly preset: Preset;
  readonly dataset: string;
  readonly device: string;
  readonly strategy: string;
  /** How gamma* is found while the search goes on; the accelerator of the result is always the exact solver's. */
  readonly solver?: string;
  /** Where the found network's weights come from; trained from scratch where nothing is said. */
  readonly weights?: string;
  readonly seed: number;
  /** Figure to reach, in the unit of its option; without it cycles are weighed against accuracy. */
  readonly target?: Target | undefined;
  /** Name of the design. */
  readonly name: string;
  /** Run folder: checkpoint, trace, design.json, search.json, images.json. */
  readonly folder: string;
  readonly resume: boolean;
  readonly memory?: Memory | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a design should reach. */
export interface Target {
  readonly figure: Figure;
  readonly value: number;
}

/** Who watches a run. */
export interface Watcher {
  onSearch(progress: SearchProgress): void;
  onStage(what: string): void;
}

/** A finished search. */
export interface Found {
  readonly design: Design;
  readonly hardware: ExploreResult;
  readonly search: SearchResult<unknown>;
  /** The search document of the interface, as written to search.json. */
  readonly document: Readonly<Record<string, unknown>>;
}

/** Images in images.json, for the report. */
const PICTURES = 16;

/** Designs that a solver without a proof may look at for each gamma*. */
const solverPoints = 500;

function searchEffort({ solver = 'exact', seed }: SearchProblem): Partial<HardwareOptions> {
  return { solver: pick('solver', solvers, solver), points: solverPoints, seed };
}

/** Searches network, bits and accelerator together, and keeps the design in the run folder. */
export async function findDesign(problem: SearchProblem, watcher: Watcher): Promise<Found> {
  const device = pick('device', devices, problem.device);
  const dataset = openDataset(problem.dataset, problem.preset.space.input);
  const memory = problem.memory ?? defaultMemory;
  const { target } = problem;
  const search = await searchDesign(
    {
      preset: problem.preset,
      dataset,
      strategy: pick('strategy', strategies, problem.strategy),
      seed: problem.seed,
      weights: pick('source of weights', weightSources, problem.weights ?? 'scratch'),
      name: problem.name,
      targetEpochCycles: target?.figure.allowed(target.value, device),
      directory: problem.folder,
      resume: problem.resume,
      signal: problem.signal,
    },
    exploredHardware(device, {
      memory,
      ...searchEffort(problem),
      ...(target && { figure: target.figure }),
    }),
    { onProgress: (progress) => watcher.onSearch(progress) },
  );
  const objective = target?.figure.objective ?? 'throughput';
  const hardware = explore(search.network, device, { memory, objective });
  if (!hardware.fits)
    throw new DoesNotFitError(`the accelerator for "${problem.name}" on ${problem.device}`, {
      ...hardware.missing,
    });
  const design: Design = {
    name: problem.name,
    network: search.network,
    accelerator: hardware.accelerator,
    provenance: {
      strategy: search.strategy,
      seed: problem.seed,
      device: problem.device,
      dataset: problem.dataset,
    },
  };
  const path = join(problem.folder, 'design.json');
  writeDesign(path, design);
  const document = {
    design: path,
    accuracy: search.accuracy,
    framesPerSecond: hardware.framesPerSecond,
    latencyMilliseconds: hardware.latencyMilliseconds,
    epochCycles: hardware.epochCycles,
    fits: hardware.fits,
    provenOptimal: hardware.provenOptimal,
    resources: hardware.resources,
    choices: search.choices,
    searchSeconds: search.searchSeconds,
    trainingSeconds: search.trainingSeconds,
    peakResidentBytes: search.peakResidentBytes,
    strategy: search.strategy,
    solver: problem.solver ?? 'exact',
    weights: problem.weights ?? 'scratch',
    preset: search.preset,
    dataset: problem.dataset,
    device: problem.device,
    seed: problem.seed,
    energyMillijoules: hardware.energyMillijoules,
    targetFps: target?.figure.option === 'target-fps' ? target.value : null,
    target: target === undefined ? null : { option: target.figure.option, value: target.value },
    metTarget: target === undefined || target.figure.reached(hardware, target.value),
    engine: search.engine,
  };
  writeJson(join(problem.folder, 'search.json'), document);
  const first = sliceImages(dataset.test, 0, PICTURES);
  const pictures = { ...first, images: pixelsOf(first, 0, PICTURES) };
  const predictions = classify(design.network, pictures.images, PICTURES);
  writeJson(
    join(problem.folder, 'images.json'),
    picturesDocument(pictures, dataset.classes, predictions),
  );
  return { design, hardware, search, document };
}

/** Every cycle of a design that is known to be legal. */
export function predictDesign({ network, accelerator }: Design, memory: Memory): Prediction {
  const planned = planDesign(network, accelerator);
  if (!planned.ok)
    throw new Error(`a design that was explored is not legal: ${planned.problems.join('; ')}`);
  return predict(planned.plans, planned.delays, accelerator, memory);
}

/** What a whole run answers. */
export interface Outcome {
  readonly found: Found;
  readonly verification: Readonly<Record<string, unknown>>;
  readonly isGood: boolean;
  readonly report: string;
}

/** A memory so slow that reads, not the array, decide: the second contract every design is verified under. */
export const slowMemory: Memory = {
  readLatencyCycles: 48,
  beatCycles: 2,
  outstandingBursts: 4,
  writeLatencyCycles: 24,
};

/** Runs of a full verification: both modes, two memories. */
export function verificationRuns(
  memory: Memory,
  latencyImages: number,
  throughputImages: number,
): VerifyRun[] {
  return [
    { mode: 'latency', memory, images: latencyImages },
    { mode: 'throughput', memory, images: throughputImages },
    { mode: 'latency', memory: slowMemory, images: throughputImages },
    { mode: 'throughput', memory: slowMemory, images: throughputImages },
  ];
}

/** Search, generate, verify on real test images, report: what `npm start` runs. */
export async function runWholePath(
  problem: SearchProblem,
  images: { readonly latency: number; readonly throughput: number },
  watcher: Watcher,
): Promise<Outcome> {
  const memory = problem.memory ?? defaultMemory;
  const { folder } = problem;
  const found = await findDesign(problem, watcher);
  const { test } = openDataset(problem.dataset, problem.preset.space.input);
  const benchImages = pixelsOf(test, 0, Math.max(images.latency, images.throughput));

  watcher.onStage('generating');
  const directory = join(folder, 'generated');
  writeSourceTree(directory, generateDirectory(found.design, memory, benchImages));
  const generated = readGenerated(directory);
  const rtl = generated.files.filter((path) => path.startsWith('rtl/'));

  watcher.onStage('linting');
  await lintFolder(directory, generated.top, rtl);
  const verdict = await verifyGenerated(generated, {
    runs: verificationRuns(memory, images.latency, images.throughput),
    images: benchImages,
    signal: problem.signal,
    onProgress: (what) => watcher.onStage(what),
  });
  const { epochCycles, latencyCycles } = predictDesign(found.design, memory);
  const verification = verifyDocument(verdict, {
    device: pick('device', devices, problem.device),
    epochCycles,
    latencyCycles,
    accuracy: found.search.accuracy.integer,
  });
  writeJson(join(folder, 'verify.json'), verification);

  const report = join(folder, 'report.html');
  writeFileIfChanged(report, renderReport(readRun(folder, memory)));
  return { found, verification, isGood: verdict.bitExact && verdict.cycleExact, report };
}
