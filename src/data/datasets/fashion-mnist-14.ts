// Fashion-MNIST at half its resolution: for spaces small enough to be trained point by point.

import type { DatasetSource } from '../dataset.ts';
import { shrinkDataset } from '../shrink.ts';
import { fashionMnist } from './fashion-mnist.ts';

const name = 'fashion-mnist-14';

export const fashionMnist14 = {
  name,
  summary: 'Fashion-MNIST averaged over 2 x 2 pixels: 14 x 14',
  classes: fashionMnist.classes,
  load: () => shrinkDataset(fashionMnist.load(), 2, name),
} satisfies DatasetSource;
