// Training ends in integers that say what the trained network says.

import { expect, test } from 'vitest';
import { classify } from '../../src/integer/run.ts';
import { validateNetwork } from '../../src/network/validate.ts';
import { affinesOf, affinesOfExport } from '../../src/supernet/affine.ts';
import { indexRange } from '../../src/supernet/batches.ts';
import { measureMoments, placeLogitStep } from '../../src/supernet/calibrate.ts';
import { describeNetwork } from '../../src/supernet/describe.ts';
import { classifyFloat } from '../../src/supernet/evaluate.ts';
import { exportNetwork } from '../../src/supernet/export.ts';
import type { Choices, SearchSpace } from '../../src/supernet/space.ts';
import { type TrainingOptions, trainNetwork } from '../../src/supernet/train-network.ts';
import { TrainableNetwork } from '../../src/supernet/trainable-network.ts';
import { countCorrect, tensorCount, tensorFrom, tidy } from '../../src/tensor/index.ts';
import { hashOf } from '../../src/util/json.ts';
import { createRng } from '../../src/util/rng.ts';
import { loadFixtureImages } from '../support/fixture-images.ts';

const space: SearchSpace = {
  input: [28, 28, 1],
  classes: 10,
  stem: { channels: 8, kernel: 3, stride: 2 },
  layers: [
    { channels: 8, stride: 2 },
    { channels: 8, stride: 1 },
    { channels: 8, stride: 1 },
  ],
  headChannels: 16,
  candidates: ['k3e3', 'k3e1g2', 'skip'],
  bits: [4, 6, 8],
};
const choices: Choices = [
  { block: 'k3e3', bits: 8 },
  { block: 'k3e1g2', bits: 6 },
  { block: 'skip', bits: 4 },
];
const options: TrainingOptions = {
  images: 256,
  batchSize: 16,
  floatEpochs: 4,
  quantizedEpochs: 6,
  learningRate: 0.1,
  momentum: 0.9,
  weightDecay: 1e-4,
  stepLearningRate: 0.01,
};
const set = loadFixtureImages();
const indices = indexRange(0, set.count);
const graph = describeNetwork(space, choices, 'small');

async function train(seed: number) {
  const trainable = new TrainableNetwork(graph, createRng(seed));
  const losses: number[] = [];
  const counts = new Set<number>();
  await trainNetwork(trainable, set, indices, options, createRng(seed), {
    onStep: ({ loss, step }) => {
      losses.push(loss);
      if (step > 2) counts.add(tensorCount());
    },
  });
  const affines = affinesOf(trainable, measureMoments(trainable, set, [indices], true));
  placeLogitStep(trainable, set, [indices], affines);
  return { trainable, losses, counts, affines, network: exportNetwork(trainable, affines) };
}

test('a small network learns, and its integers agree with it', async () => {
  const before = tensorCount();
  const { trainable, losses, counts, affines, network } = await train(1);
  expect(losses[0]).toBeGreaterThan(2);
  const end = losses.slice(-16);
  expect(end.reduce((sum, loss) => sum + loss, 0) / end.length).toBeLessThan(1);
  expect(counts.size).toBe(1);
  validateNetwork(network);

  const float = classifyFloat(trainable, set, indices, affines, true);
  const integer = classify(network, set.images, set.count);
  expect(countCorrect(float, integer) / set.count).toBeGreaterThan(0.97);
  const constants = affinesOfExport(trainable, network, affines);
  const imitated = classifyFloat(trainable, set, indices, constants, true);
  expect(countCorrect(imitated, integer) / set.count).toBeGreaterThan(0.99);
  expect(countCorrect(integer, set.labels) / set.count).toBeGreaterThan(0.7);

  trainable.dispose();
  expect(tensorCount()).toBe(before);
});

test('the same seed gives the same integers, another seed others', async () => {
  const hashes: string[] = [];
  for (const seed of [5, 5, 6]) {
    const { network } = await train(seed);
    hashes.push(hashOf(JSON.stringify(network)));
  }
  expect(hashes[0]).toBe(hashes[1]);
  expect(hashes[2]).not.toBe(hashes[0]);
});

test('negative and dead gains export to multipliers that are not negative', async () => {
  const { trainable } = await train(2);
  const expand = trainable.trained('b0_expand');
  tidy(() => {
    const gains = Float32Array.from({ length: 24 }, (_, c) =>
      c % 3 === 0 ? 0 : c % 3 === 1 ? -1 : 1,
    );
    expand.gain?.assign(tensorFrom(gains, [24]));
  });
  const moments = measureMoments(trainable, set, [indices], true);
  const changed = affinesOf(trainable, moments);
  const network = exportNetwork(trainable, changed);
  validateNetwork(network);
  const constants = affinesOfExport(trainable, network, changed);
  const float = classifyFloat(trainable, set, indices, constants, true);
  const integer = classify(network, set.images, set.count);
  expect(countCorrect(float, integer) / set.count).toBeGreaterThan(0.99);
});
