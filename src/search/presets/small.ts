import type { Preset } from '../preset.ts';
import { micro } from './micro.ts';

export const small: Preset = {
  name: 'small',
  summary:
    'six layers to 48 channels, nine blocks as a superkernel, bits 4, 6 and 8: within an hour',
  dataset: 'fashion-mnist',
  space: {
    input: [28, 28, 1],
    classes: 10,
    stem: { channels: 16, kernel: 3, stride: 2 },
    layers: [
      { channels: 16, stride: 1 },
      { channels: 24, stride: 2 },
      { channels: 24, stride: 1 },
      { channels: 40, stride: 1 },
      { channels: 40, stride: 1 },
      { channels: 48, stride: 1 },
    ],
    headChannels: 128,
    candidates: micro.space.candidates,
    bits: [4, 6, 8],
  },
  encoding: 'superkernel',
  search: { ...micro.search, images: 8000, batchSize: 50 },
  training: {
    images: 60000,
    batchSize: 128,
    floatEpochs: 8,
    quantizedEpochs: 4,
    learningRate: 0.2,
    momentum: 0.9,
    weightDecay: 1e-4,
    stepLearningRate: 0.01,
    augment: { shift: 1, flip: true },
  },
};
