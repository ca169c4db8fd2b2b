import type { Preset } from '../preset.ts';
import { layersOfStages } from '../stages.ts';
import { autoNbaCifar } from './auto-nba-cifar.ts';

/** Auto-NBA (Fu et al., ICML 2021) at ImageNet's strides; a hundred classes of it, as is usual, are a data set too. */
export const autoNbaImagenet: Preset = {
  ...autoNbaCifar,
  name: 'auto-nba-imagenet',
  summary:
    "the paper's 22 layers, nine separate blocks, bits 4, 6 and 8, on ImageNet's folders: a GPU, days",
  dataset: './data/imagenet',
  space: {
    ...autoNbaCifar.space,
    input: [224, 224, 3],
    classes: 1000,
    stem: { channels: 16, kernel: 3, stride: 2 },
    layers: layersOfStages([
      [16, 1, 1],
      [24, 4, 2],
      [32, 4, 2],
      [64, 4, 2],
      [112, 4, 1],
      [184, 4, 2],
      [352, 1, 1],
    ]),
    headChannels: 1984,
  },
  search: {
    ...autoNbaCifar.search,
    images: 128_000,
    batchSize: 192,
    augment: { shift: 16, flip: true },
  },
  training: {
    ...autoNbaCifar.training,
    images: 1_281_167,
    batchSize: 256,
    floatEpochs: 100,
    quantizedEpochs: 50,
    weightDecay: 4e-5,
    augment: { shift: 16, flip: true },
  },
};
