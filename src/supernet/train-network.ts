// Quantization-aware training of one network: float epochs to find weights, then learned steps to find integers.

import type { Augmentation } from '../data/augment.ts';
import type { ImageSet } from '../data/dataset.ts';
import {
  at,
  cosineRate,
  createAdam,
  createMomentum,
  crossEntropy,
  gradientsOf,
  type OptimizerState,
  tensorFrom,
  tidy,
  valuesOf,
} from '../tensor/index.ts';
import { AutoNbaError } from '../util/errors.ts';
import type { Rng } from '../util/rng.ts';
import { augmentingOf, loadBatch, shuffledBatches } from './batches.ts';
import { startTensorSteps, startWeightSteps } from './calibrate.ts';
import type { TrainableNetwork } from './trainable-network.ts';

/** How to train; every number has a default in a preset. */
export interface TrainingOptions {
  /** Images of the training set to use. */
  readonly images: number;
  readonly batchSize: number;
  /** Epochs without quantization, then epochs with. */
  readonly floatEpochs: number;
  readonly quantizedEpochs: number;
  /** Momentum's rate at the start; a cosine over all epochs takes it to zero. */
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
  /** Adam's rate on the logarithms of quantization steps: at most this relative change a step. */
  readonly stepLearningRate: number;
  /** How training images are changed at random; not at all where absent. */
  readonly augment?: Augmentation;
}

/** Everything a training goes on from after an epoch. */
export interface TrainingState {
  readonly epoch: number;
  readonly variables: readonly Float32Array[];
  readonly weights: OptimizerState;
  readonly steps: OptimizerState;
}

/** What the caller hears of and may do between steps. */
export interface TrainingHooks {
  /** After each step; a rejected promise ends the training. */
  readonly onStep?: (progress: {
    readonly step: number;
    readonly steps: number;
    readonly loss: number;
  }) => Promise<void> | void;
  readonly onEpoch?: (state: TrainingState) => void;
  readonly resume?: TrainingState;
}

/** Trains in place. The same seed, images and thread count give the same bits, resumed or not. */
export async function trainNetwork(
  trainable: TrainableNetwork,
  set: ImageSet,
  indices: readonly number[],
  options: TrainingOptions,
  rng: Rng,
  hooks: TrainingHooks = {},
): Promise<void> {
  const weights = trainable.weightVariables();
  const weightVariables = weights.map(({ variable }) => variable);
  const stepVariables = trainable.stepVariables();
  const all = [...weightVariables, ...stepVariables];
  const decays = weights.map(({ isKernel }) => (isKernel ? options.weightDecay : 0));
  const momentum = createMomentum(weightVariables, options.momentum, decays);
  const adam = createAdam(stepVariables, 0.9, 0.999);
  const epochs = options.floatEpochs + options.quantizedEpochs;
  const stepsPerEpoch = Math.floor(indices.length / options.batchSize);
  const steps = epochs * stepsPerEpoch;
  const restore = ({ variables, weights: first, steps: second }: TrainingState): void => {
    tidy(() => {
      all.forEach((variable, i) => {
        variable.assign(tensorFrom(at(variables, i), variable.shape));
      });
    });
    momentum.restore(first);
    adam.restore(second);
  };
  const startSteps = (batch: readonly number[]): void => {
    startWeightSteps(trainable);
    startTensorSteps(trainable, set, batch);
  };
  try {
    if (hooks.resume !== undefined) restore(hooks.resume);
    for (let epoch = hooks.resume?.epoch ?? 0; epoch < epochs; epoch += 1) {
      const quantize = epoch >= options.floatEpochs;
      const chance = rng.fork(`epoch ${epoch}`);
      const augmenting = augmentingOf(options.augment, chance);
      const batches = shuffledBatches(indices, options.batchSize, chance);
      if (epoch === options.floatEpochs) startSteps(batches[0] ?? []);
      for (const [b, batchIndices] of batches.entries()) {
        const step = epoch * stepsPerEpoch + b;
        const rate = cosineRate(options.learningRate, step, steps);
        void set.reader?.prefetch(batches[b + 1] ?? []);
        const loss = tidy(() => {
          const batch = loadBatch(set, batchIndices, augmenting);
          const { loss: value, gradients } = gradientsOf(
            () => crossEntropy(trainable.forward(batch.images, { quantize }), batch.labels),
            quantize ? all : weightVariables,
          );
          momentum.step(gradients.slice(0, weightVariables.length), rate);
          if (quantize) {
            adam.step(
              gradients.slice(weightVariables.length),
              cosineRate(options.stepLearningRate, step, steps),
            );
          }
          return valuesOf(value)[0] ?? Number.NaN;
        });
        if (!Number.isFinite(loss))
          throw divergedError(
            'final training',
            epoch,
            'training.learningRate and go on with --resume',
          );
        await hooks.onStep?.({ step: step + 1, steps, loss });
      }
      hooks.onEpoch?.({
        epoch: epoch + 1,
        variables: all.map((variable) => valuesOf(variable).slice()),
        weights: momentum.state(),
        steps: adam.state(),
      });
    }
    if (options.quantizedEpochs === 0) startSteps(indices.slice(0, options.batchSize));
  } finally {
    momentum.dispose();
    adam.dispose();
  }
}

/** A loss that is no number any more. */
export function divergedError(what: string, epoch: number, setting: string): AutoNbaError {
  return new AutoNbaError(
    `the loss of the ${what} is not a number in epoch ${epoch + 1}`,
    `lower ${setting}; what the epochs before have saved is kept`,
  );
}
