import type { Preset } from '../preset.ts';
import { micro } from './micro.ts';

/** Small enough that every point is trained: see bench/toy-truth.ts. */
export const toy: Preset = {
  name: 'toy',
  summary:
    'two layers, five blocks and skip, bits 3, 4 and 8, 14 x 14 images: the optimum is known',
  dataset: 'fashion-mnist-14',
  space: {
    input: [14, 14, 1],
    classes: 10,
    stem: { channels: 8, kernel: 3, stride: 2 },
    layers: [
      { channels: 8, stride: 1 },
      { channels: 16, stride: 2 },
    ],
    headChannels: 0,
    candidates: ['k3e1', 'k3e3', 'k3e6', 'k5e3', 'k5e6', 'skip'],
    bits: [3, 4, 8],
  },
  encoding: 'superkernel',
  search: {
    ...micro.search,
    images: 2000,
    batchSize: 50,
    floatEpochs: 1,
    quantizedEpochs: 1,
    searchEpochs: 6,
    learningRate: 0.2,
    logits: { learningRate: 0.1, beta1: 0.5, beta2: 0.999 },
    temperatureDecay: 0.65,
    costWeight: 0.25,
    costForm: 'log',
    exchanges: true,
    finalists: 6,
  },
  training: {
    images: 2000,
    batchSize: 50,
    floatEpochs: 3,
    quantizedEpochs: 2,
    learningRate: 0.2,
    momentum: 0.9,
    weightDecay: 1e-4,
    stepLearningRate: 0.01,
  },
};
