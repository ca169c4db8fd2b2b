// The truth about a space small enough to be known: every network and bitwidth trained once per seed.

import { type Dataset, sliceImages } from '../data/dataset.ts';
import { affinesOf } from '../supernet/affine.ts';
import { indexRange, shuffledBatches } from '../supernet/batches.ts';
import { measureMoments } from '../supernet/calibrate.ts';
import { describeNetwork } from '../supernet/describe.ts';
import { accuracyOf, classifyFloat, wholeSet } from '../supernet/evaluate.ts';
import { type Inheritance, inherit } from '../supernet/inherit.ts';
import {
  type Choices,
  extremeBits,
  type LayerChoice,
  layersOf,
  type SearchSpace,
} from '../supernet/space.ts';
import { trainNetwork } from '../supernet/train-network.ts';
import { TrainableNetwork } from '../supernet/trainable-network.ts';
import type { Rng } from '../util/rng.ts';
import type { Preset } from './preset.ts';

/** Training images that batch norm's moments are measured on, at once. */
const momentBatchSize = 250;

/** Every distinct point of a space, in the order of its lists. */
export function allPoints(space: SearchSpace): Choices[] {
  let points: LayerChoice[][] = [[]];
  for (const { candidates } of layersOf(space))
    points = points.flatMap((before) =>
      candidates.flatMap((block) =>
        (block === 'skip' ? [extremeBits(space.bits, 'most')] : space.bits).map((bits) => [
          ...before,
          { block, bits },
        ]),
      ),
    );
  return points;
}

/**
 * Trains one point by the preset's recipe, from scratch or from inherited weights; share of the first `testImages` test
 * images that it gets right.
 */
export async function trainPoint(
  { space, training }: Pick<Preset, 'space' | 'training'>,
  choices: Choices,
  dataset: Dataset,
  rng: Rng,
  testImages: number,
  inheritance?: Inheritance,
): Promise<number> {
  const trainable = new TrainableNetwork(
    describeNetwork(space, choices, 'point'),
    rng.fork('weights'),
  );
  try {
    if (inheritance !== undefined) inherit(trainable, inheritance);
    const indices = indexRange(0, Math.min(training.images, dataset.train.count));
    await trainNetwork(trainable, dataset.train, indices, training, rng.fork('training'));
    const size = Math.min(momentBatchSize, indices.length);
    const batches = shuffledBatches(indices, size, rng.fork('moments'));
    const affines = affinesOf(trainable, measureMoments(trainable, dataset.train, batches, true));
    const test = sliceImages(dataset.test, 0, testImages);
    return accuracyOf(classifyFloat(trainable, test, wholeSet(test), affines, true), test);
  } finally {
    trainable.dispose();
  }
}
