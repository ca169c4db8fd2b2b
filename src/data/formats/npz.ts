import { unzipSync } from 'fflate';
import { createImageSet, type Dataset, type ImageSet } from '../dataset.ts';
import { readDataFile, refuseFile } from '../files.ts';
import type { DatasetFormat } from '../format.ts';
import { type NpyArray, parseNpy } from '../npy.ts';

/** Names that are common for the four arrays, by Keras, MedMNIST and others. */
const names = {
  trainImages: ['x_train', 'train_images'],
  trainLabels: ['y_train', 'train_labels'],
  testImages: ['x_test', 'test_images'],
  testLabels: ['y_test', 'test_labels'],
} as const;

function unzip(path: string): Readonly<Record<string, Uint8Array>> {
  try {
    return unzipSync(readDataFile(path));
  } catch (error) {
    if (error instanceof Error && 'code' in error)
      return refuseFile(path, `it is no undamaged ZIP archive (${error.message})`);
    throw error;
  }
}

function joined(path: string, images: NpyArray, labels: NpyArray, classes: string[]): ImageSet {
  const [count = 0, rows = 0, columns = 0, channels = 1] = images.shape;
  const isMap = images.shape.length === 3 || images.shape.length === 4;
  if (!isMap || images.bits !== 8 || !(images.values instanceof Uint8Array))
    refuseFile(path, 'its images are no bytes of shape [count, rows, columns(, channels)]');
  // Some sets store a column of labels.
  const flat = Uint16Array.from({ length: labels.values.length }, (_, i) => labels.values[i] ?? 0);
  const pixels = { images: images.values, count, rows, columns, channels };
  return createImageSet(pixels, flat, classes, path);
}

export const npz = {
  summary: 'file.npz with x_train, y_train, x_test, y_test (or train_images and so on)',
  source: 'NumPy, numpy.lib.format: NPY 1.0 to 3.0; arrays zipped by numpy.savez',
  recognizes: (path) => path.endsWith('.npz'),
  load(path): Dataset {
    const files = unzip(path);
    const arrayOf = (candidates: readonly string[]): NpyArray => {
      const name = candidates.find((candidate) => files[`${candidate}.npy`] !== undefined);
      const bytes = files[`${name}.npy`];
      if (bytes === undefined)
        return refuseFile(path, `it holds no array ${candidates.join(' or ')}`);
      return parseNpy(bytes, `${path}: ${name}`);
    };
    const labels = [arrayOf(names.trainLabels), arrayOf(names.testLabels)] as const;
    const largest = Math.max(
      ...labels.map(({ values }) => Array.from(values).reduce((a, b) => Math.max(a, b), 0)),
    );
    const classes = Array.from({ length: largest + 1 }, (_, i) => String(i));
    return {
      name: 'npz',
      classes,
      train: joined(path, arrayOf(names.trainImages), labels[0], classes),
      test: joined(path, arrayOf(names.testImages), labels[1], classes),
    };
  },
} satisfies DatasetFormat;
