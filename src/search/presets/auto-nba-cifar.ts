import type { Preset } from '../preset.ts';
import { layersOfStages } from '../stages.ts';
import { micro } from './micro.ts';

/** Auto-NBA (Fu et al., ICML 2021): FBNet's space at CIFAR's strides, with the released schedule. */
export const autoNbaCifar: Preset = {
  name: 'auto-nba-cifar',
  summary:
    "the paper's 22 layers, nine separate blocks, bits 4, 6 and 8, on CIFAR-10: days, or a GPU",
  dataset: './data/cifar-10',
  space: {
    input: [32, 32, 3],
    classes: 10,
    stem: { channels: 16, kernel: 3, stride: 1 },
    layers: layersOfStages([
      [16, 1, 1],
      [24, 4, 1],
      [32, 4, 2],
      [64, 4, 2],
      [112, 4, 1],
      [184, 4, 2],
      [352, 1, 1],
    ]),
    headChannels: 1504,
    candidates: micro.space.candidates,
    bits: [4, 6, 8],
  },
  encoding: 'separate',
  search: {
    ...micro.search,
    images: 50_000,
    batchSize: 64,
    floatEpochs: 0,
    quantizedEpochs: 30,
    searchEpochs: 90,
    learningRate: 0.025,
    weightDecay: 5e-4,
    logits: { learningRate: 3e-4, beta1: 0.5, beta2: 0.999 },
    temperature: 5,
    temperatureDecay: 0.975,
    refreshSteps: 100,
    augment: { shift: 4, flip: true },
  },
  training: {
    ...micro.training,
    images: 50_000,
    floatEpochs: 400,
    quantizedEpochs: 200,
    weightDecay: 5e-4,
    augment: { shift: 4, flip: true },
  },
};
