import type { Preset } from '../preset.ts';
import { micro } from './micro.ts';

export const nano: Preset = {
  name: 'nano',
  summary: 'two layers, two blocks, bits 4 and 8: seconds, for tests',
  dataset: 'fashion-mnist',
  space: {
    input: [28, 28, 1],
    classes: 10,
    stem: { channels: 8, kernel: 3, stride: 2 },
    layers: [
      { channels: 8, stride: 2 },
      { channels: 8, stride: 1 },
    ],
    headChannels: 16,
    candidates: ['k3e3', 'skip'],
    bits: [4, 8],
  },
  encoding: 'superkernel',
  search: {
    ...micro.search,
    images: 256,
    batchSize: 16,
    floatEpochs: 1,
    quantizedEpochs: 1,
    searchEpochs: 2,
  },
  training: { ...micro.training, images: 512, batchSize: 16 },
};
