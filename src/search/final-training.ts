// From derived choices to integers: train, measure batch norm's moments, place the logits' step, export, judge.

import { type Dataset, pixelsOf } from '../data/dataset.ts';
import { classify } from '../integer/run.ts';
import type { Network } from '../network/network.ts';
import { type Affines, affinesOf, affinesOfExport } from '../supernet/affine.ts';
import { indexRange, shuffledBatches } from '../supernet/batches.ts';
import { measureMoments, placeLogitStep } from '../supernet/calibrate.ts';
import { describeNetwork } from '../supernet/describe.ts';
import { accuracyOf, classifyFloat, wholeSet } from '../supernet/evaluate.ts';
import { exportNetwork } from '../supernet/export.ts';
import { type Inheritance, inherit } from '../supernet/inherit.ts';
import type { Choices, SearchSpace } from '../supernet/space.ts';
import {
  type TrainingHooks,
  type TrainingOptions,
  trainNetwork,
} from '../supernet/train-network.ts';
import { TrainableNetwork } from '../supernet/trainable-network.ts';
import { countCorrect } from '../tensor/index.ts';
import type { Rng } from '../util/rng.ts';

/** Shares of the test images classified rightly, 0..1. */
export interface Accuracy {
  /** The trained network in floating point, on the same levels as the integers. */
  readonly float: number;
  /** The same weights without any quantizer. */
  readonly unquantized: number;
  /** The exported network, computed in integers. */
  readonly integer: number;
  /** Test images that float and integer network put into the same class. */
  readonly sameClass: number;
  /** The same, once the float network carries the exported multipliers and biases: what the export itself gets wrong. */
  readonly exportAgreement: number;
}

/** A trained network of integers and how good it is. */
export interface TrainedDesign {
  readonly network: Network;
  readonly accuracy: Accuracy;
}

/** Batches that moments are measured on, and their size. */
const momentBatches = 20;
const momentBatchSize = 250;
/** Test images that are in memory at once where a set stays on disk. */
const integerBatch = 1000;

/** Trains the derived network with its bits and exports it; without epochs it is exported as it starts. */
export async function trainDesign(
  setup: {
    readonly space: SearchSpace;
    readonly choices: Choices;
    readonly name: string;
    readonly dataset: Dataset;
    readonly options: TrainingOptions;
    readonly rng: Rng;
    /** Weights to start from; random ones where absent. */
    readonly inheritance?: Inheritance | undefined;
  },
  hooks: TrainingHooks & { readonly onEvaluate?: (done: number, images: number) => void } = {},
): Promise<TrainedDesign> {
  const { space, choices, dataset, options, rng } = setup;
  const graph = describeNetwork(space, choices, setup.name);
  const trainable = new TrainableNetwork(graph, rng.fork('weights'));
  if (setup.inheritance !== undefined) inherit(trainable, setup.inheritance);
  const indices = indexRange(0, Math.min(options.images, dataset.train.count));
  await trainNetwork(trainable, dataset.train, indices, options, rng.fork('training'), hooks);

  const batchSize = Math.min(momentBatchSize, indices.length);
  const batches = shuffledBatches(indices, batchSize, rng.fork('moments')).slice(0, momentBatches);
  const affines = (quantize: boolean): Affines =>
    affinesOf(trainable, measureMoments(trainable, dataset.train, batches, quantize));
  const quantized = affines(true);
  placeLogitStep(trainable, dataset.train, batches, quantized);
  const network = exportNetwork(trainable, quantized);

  const { test } = dataset;
  const classesWith = (constants: Affines, quantize: boolean): Int32Array =>
    classifyFloat(trainable, test, wholeSet(test), constants, quantize);
  const float = classesWith(quantized, true);
  const unquantized = classesWith(affines(false), false);
  const imitated = classesWith(affinesOfExport(trainable, network, quantized), true);
  trainable.dispose();
  const integer = new Int32Array(test.count);
  for (let from = 0; from < test.count; from += integerBatch) {
    const count = Math.min(integerBatch, test.count - from);
    const classes = classify(network, pixelsOf(test, from, from + count), count, (done) => {
      hooks.onEvaluate?.(from + done, test.count);
    });
    integer.set(classes, from);
  }
  const accuracy = {
    float: accuracyOf(float, test),
    unquantized: accuracyOf(unquantized, test),
    integer: accuracyOf(integer, test),
    sameClass: countCorrect(float, integer) / test.count,
    exportAgreement: countCorrect(imitated, integer) / test.count,
  };
  return { network, accuracy };
}
