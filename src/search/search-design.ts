// One co-search from a preset to a trained network of integers, resumable at every epoch.

import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Dataset } from '../data/dataset.ts';
import type { Network } from '../network/network.ts';
import * as encodings from '../supernet/encodings/index.ts';
import { type Choices, checkBits } from '../supernet/space.ts';
import type { TrainingState } from '../supernet/train-network.ts';
import { type EngineRecord, engineRecord } from '../tensor/index.ts';
import { AutoNbaError, answerIsNo, InvalidConfigError } from '../util/errors.ts';
import { hashOf } from '../util/json.ts';
import { pick } from '../util/pick.ts';
import { createRng } from '../util/rng.ts';
import type { Architecture } from './architecture.ts';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { type Accuracy, trainDesign } from './final-training.ts';
import { CostModel, type GammaStar, type HardwareOracle } from './hardware.ts';
import type { CostTerm } from './objective.ts';
import type { Preset } from './preset.ts';
import { relativeCost, smallestChoices } from './reference.ts';
import { type Settled, searchChoices } from './search-choices.ts';
import type { Strategy } from './strategy.ts';
import { TraceFile, type TraceRecord } from './trace.ts';
import { type WeightSource, weightSources } from './weight-sources.ts';

/** What to search; the rest is in the preset. */
export interface SearchOptions {
  readonly preset: Preset;
  readonly dataset: Dataset;
  readonly strategy: Strategy;
  readonly seed: number;
  /** Where the derived network's weights come from; trained from scratch where nothing is said. */
  readonly weights?: WeightSource | undefined;
  /** Name of the network that comes out. */
  readonly name: string;
  /** Epoch cycles (or the oracle's other figure) to reach; without it cost is linear, relative to the space's largest network. */
  readonly targetEpochCycles?: number | undefined;
  /** Keeps `checkpoint.bin` and `trace.jsonl`; nothing is written without it. */
  readonly directory?: string | undefined;
  /** Goes on from the directory's checkpoint where there is one. */
  readonly resume?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Progress of a stage, often enough for a bar. */
export interface SearchProgress {
  readonly stage: 'search' | 'training' | 'evaluation';
  readonly done: number;
  readonly total: number;
  readonly loss?: number;
}

export interface SearchCallbacks {
  readonly onProgress?: (progress: SearchProgress) => void;
  readonly onTrace?: (record: TraceRecord) => void;
}

/** A finished search. */
export interface SearchResult<Gamma> {
  readonly choices: Choices;
  readonly network: Network;
  readonly accuracy: Accuracy;
  /** gamma* of the derived network. */
  readonly hardware: GammaStar<Gamma>;
  readonly cost: CostTerm;
  readonly strategy: string;
  readonly preset: string;
  readonly seed: number;
  readonly engine: EngineRecord;
  /** Wall time of the joint loop and of final training with evaluation, this process only. */
  readonly searchSeconds: number;
  readonly trainingSeconds: number;
  readonly peakResidentBytes: number;
}

/** Facts of a checkpoint beside its tensors. */
interface RunFacts {
  readonly stage: 'search' | 'training';
  /** Of space, strategy, seed, cost, hardware and threads: another search must not go on from this state. */
  readonly request: string;
  /** Of how the result is trained: another training starts anew with the choices that were found. */
  readonly training: string;
  readonly epoch: number;
  readonly architecture: Architecture;
  /** Settled once the search is over. */
  readonly choices?: Choices;
  readonly traceBytes: number;
}

/** Variables come first in a training's checkpoint; then one momentum vector and Adam's three. */
const optimizerArrays = 4;

function trainingState({ facts, arrays }: Checkpoint<RunFacts>): TrainingState {
  const variables = arrays.slice(0, arrays.length - optimizerArrays);
  const [weights = [], ...steps] = arrays
    .slice(arrays.length - optimizerArrays)
    .map((array) => [array]);
  return { epoch: facts.epoch, variables, weights, steps: steps.flat() };
}

function openCheckpoint(
  path: string | undefined,
  request: string,
  resume: boolean,
): Checkpoint<RunFacts> | undefined {
  if (path === undefined || !resume) return undefined;
  const found = readCheckpoint<RunFacts>(path);
  if (found === undefined || found.facts.request === request) return found;
  throw new InvalidConfigError(
    `${path} belongs to another search`,
    'resume with the configuration and seed it was started with, or choose another folder',
  );
}

/** How cost enters: by a target, or relative to the space's largest network. */
function costTerm(preset: Preset, costModel: CostModel<unknown>, target?: number): CostTerm {
  return target === undefined
    ? relativeCost(preset, costModel)
    : { weight: preset.search.costWeight, form: 'hinge', targetCycles: target };
}

/** A target that not even the smallest network meets is refused before anything is trained. */
function checkTarget({ name, space }: Preset, costModel: CostModel<unknown>, cost: CostTerm): void {
  if (cost.form !== 'hinge') return;
  const { epochCycles } = costModel.solve(smallestChoices(space));
  const times = epochCycles / cost.targetCycles;
  if (times <= 1) return;
  throw new AutoNbaError(
    `no network of preset "${name}" meets the target: the smallest misses it by a factor of ${times.toPrecision(3)}`,
    'ask for less, or choose a larger device or a smaller space',
    answerIsNo,
  );
}

/** A data set that the space was not made for is refused before anything is trained. */
function checkDataset({ name, space, search }: Preset, dataset: Dataset): void {
  const { rows, columns, channels, count } = dataset.train;
  const [given, wanted] = [[rows, columns, channels].join(' x '), space.input.join(' x ')];
  if (given !== wanted || dataset.classes.length !== space.classes)
    throw new InvalidConfigError(
      `preset "${name}" is for images of ${wanted} in ${space.classes} classes, ${dataset.name} has ${given} in ${dataset.classes.length}`,
      'choose the data set that belongs to the preset, or another preset',
    );
  if (search.images > count)
    throw new InvalidConfigError(
      `the search wants ${search.images} images, ${dataset.name} has ${count}`,
      'lower search.images',
    );
}

/** Only a shared network has weights to hand on. */
function checkWeights({ inherits }: WeightSource, { name, supernet }: Strategy): void {
  if (inherits && !supernet)
    throw new InvalidConfigError(
      `strategy "${name}" trains no shared network whose weights could be inherited`,
      'train from scratch, or choose another strategy',
    );
}

/** Searches, derives, trains and exports. The same options on the same machine give the same network and trace. */
export async function searchDesign<Gamma>(
  options: SearchOptions,
  oracle: HardwareOracle<Gamma>,
  callbacks: SearchCallbacks = {},
): Promise<SearchResult<Gamma>> {
  const { preset, dataset, seed, directory, signal, strategy } = options;
  const { weights = weightSources.scratch } = options;
  const { space } = preset;
  checkBits(space);
  pick('encoding', encodings, preset.encoding);
  checkDataset(preset, dataset);
  checkWeights(weights, strategy);
  const costModel = new CostModel(space, oracle);
  const cost = costTerm(preset, costModel, options.targetEpochCycles);
  checkTarget(preset, costModel, cost);
  const { training: trainingOptions, ...searched } = preset;
  const training = hashOf({ ...trainingOptions, ...weights });
  const request = hashOf({
    preset: searched,
    strategy: strategy.name,
    seed,
    cost,
    hardware: oracle.identity ?? '',
    engine: engineRecord(),
  });
  const path = directory === undefined ? undefined : join(directory, 'checkpoint.bin');
  const found = openCheckpoint(path, request, options.resume ?? false);
  const trace =
    directory === undefined
      ? undefined
      : new TraceFile(join(directory, 'trace.jsonl'), found?.facts.traceBytes ?? 0);
  const save = (
    facts: Omit<RunFacts, 'request' | 'training' | 'traceBytes'>,
    arrays: readonly Float32Array[],
  ): void => {
    if (path === undefined) return;
    writeCheckpoint<RunFacts>(path, {
      facts: { ...facts, request, training, traceBytes: trace?.bytes ?? 0 },
      arrays,
    });
  };
  const rng = createRng(seed);
  const started = performance.now();

  const { choices, architecture, inheritance } = await settle();
  const settledAt = performance.now();
  const resume = isTraining(found) ? trainingState(found) : undefined;
  const { network, accuracy } = await trainDesign(
    {
      space,
      choices,
      name: options.name,
      dataset,
      options: weights.trains
        ? preset.training
        : { ...preset.training, floatEpochs: 0, quantizedEpochs: 0 },
      inheritance: weights.inherits ? inheritance : undefined,
      rng: rng.fork('training'),
    },
    {
      ...(resume === undefined ? {} : { resume }),
      onStep: async ({ step, steps, loss }) => {
        callbacks.onProgress?.({ stage: 'training', done: step, total: steps, loss });
        await setImmediate();
        signal?.throwIfAborted();
      },
      onEpoch: (state) => {
        const arrays = [...state.variables, ...state.weights, ...state.steps];
        save({ stage: 'training', epoch: state.epoch, architecture, choices }, arrays);
      },
      onEvaluate: (done, total) => callbacks.onProgress?.({ stage: 'evaluation', done, total }),
    },
  );
  return {
    choices,
    network,
    accuracy,
    hardware: costModel.solve(choices),
    cost,
    strategy: strategy.name,
    preset: preset.name,
    seed,
    engine: engineRecord(),
    searchSeconds: (settledAt - started) / 1000,
    trainingSeconds: (performance.now() - settledAt) / 1000,
    // The kernel counts kibibytes.
    peakResidentBytes: process.resourceUsage().maxRSS * 1024,
  };

  function isTraining(state: typeof found): state is Checkpoint<RunFacts> {
    return state?.facts.stage === 'training' && state.facts.training === training;
  }

  async function settle(): Promise<Settled> {
    const { choices: known, architecture: learned, epoch } = found?.facts ?? {};
    // Other weights than random ones are gone once training has begun, and come back by searching again.
    if (known && learned && (isTraining(found) || !weights.inherits))
      return { choices: known, architecture: learned };
    if (known !== undefined)
      throw new InvalidConfigError(
        `${path} has begun to train the network in another way`,
        'resume with the training it was started with, or choose another folder',
      );
    return await searchChoices(
      { preset, strategy, dataset, costModel, cost, rng },
      {
        resume: found &&
          learned && { epoch: epoch ?? 0, architecture: learned, arrays: found.arrays },
        signal,
        onTrace: (record) => {
          trace?.append(record);
          callbacks.onTrace?.(record);
        },
        onStep: ({ step, steps, loss }) => {
          callbacks.onProgress?.({ stage: 'search', done: step, total: steps, loss });
        },
        onState: ({ arrays, ...facts }) => save({ stage: 'search', ...facts }, arrays),
      },
    );
  }
}
