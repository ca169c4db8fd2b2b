import { join } from 'node:path';
import { createImageSet, type ImageSet } from '../dataset.ts';
import { hasFiles, readDataFile, refuseFile } from '../files.ts';
import type { DatasetFormat } from '../format.ts';
import { parseMat } from '../mat5.ts';

const classes = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** X is [rows, columns, channels, images] by columns; y is 1 to 9, and 10 for the digit 0. */
function readPart(folder: string, part: 'train' | 'test'): ImageSet {
  const path = join(folder, `${part}_32x32.mat`);
  const arrays = parseMat(readDataFile(path), path);
  const [x, y] = [arrays.get('X'), arrays.get('y')];
  if (x === undefined || y === undefined) return refuseFile(path, 'it holds no arrays X and y');
  const [rows = 0, columns = 0, channels = 0, count = 1] = x.dimensions;
  const images = new Uint8Array(rows * columns * channels * count);
  if (x.values.length !== images.length)
    refuseFile(path, `X holds ${x.values.length} values, not ${x.dimensions.join(' x ')}`);
  let from = 0;
  for (let image = 0; image < count; image += 1)
    for (let channel = 0; channel < channels; channel += 1)
      for (let column = 0; column < columns; column += 1)
        for (let row = 0; row < rows; row += 1) {
          images[((image * rows + row) * columns + column) * channels + channel] =
            x.values[from] ?? 0;
          from += 1;
        }
  const labels = Uint8Array.from({ length: y.values.length }, (_, i) => (y.values[i] ?? 0) % 10);
  return createImageSet({ images, count, rows, columns, channels }, labels, classes, path);
}

export const svhn = {
  summary: 'folder with train_32x32.mat and test_32x32.mat, the cropped digits',
  source:
    'Netzer et al., The Street View House Numbers dataset, format 2; MAT-File Format, level 5',
  recognizes: (path) => hasFiles(path, ['train_32x32.mat']),
  load: (path) => ({
    name: 'svhn',
    classes,
    train: readPart(path, 'train'),
    test: readPart(path, 'test'),
  }),
} satisfies DatasetFormat;
