// Real images for tests that must not depend on a download: 256 of Fashion-MNIST's test images.

import { fileURLToPath } from 'node:url';
import {
  createImageSet,
  type Dataset,
  type ImageSet,
  sliceImages,
} from '../../src/data/dataset.ts';
import { fashionMnist } from '../../src/data/datasets/index.ts';
import { parseIdxImages, parseIdxLabels, readCheckedFile } from '../../src/data/idx.ts';

/** Where the committed files lie. */
export const fixtureFolder = fileURLToPath(new URL('../fixtures/fashion-mnist/', import.meta.url));

/** The 256 images with their labels. */
export function loadFixtureImages(): ImageSet {
  const read = (file: string) =>
    readCheckedFile(`${fixtureFolder}${file}`, { remedy: 'restore it from the repository' });
  return createImageSet(
    parseIdxImages(read('images-idx3-ubyte.gz'), 'fixture images'),
    parseIdxLabels(read('labels-idx1-ubyte.gz'), 'fixture labels'),
    fashionMnist.classes,
    'fixture',
  );
}

/** The same as a data set: 192 images to learn from, 64 to be judged by. */
export function loadFixtureDataset(): Dataset {
  const all = loadFixtureImages();
  return {
    name: 'fashion-mnist-fixture',
    classes: fashionMnist.classes,
    train: sliceImages(all, 0, 192),
    test: sliceImages(all, 192, 256),
  };
}
