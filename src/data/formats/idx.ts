import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createImageSet, type ImageSet } from '../dataset.ts';
import type { DatasetFormat } from '../format.ts';
import { parseIdxImages, parseIdxLabels, readCheckedFile } from '../idx.ts';

const remedy = 'give a folder with all four files';

/** The file, or its compressed form. */
function read(folder: string, file: string): Uint8Array {
  const path = join(folder, file);
  return readCheckedFile(existsSync(path) ? path : `${path}.gz`, { remedy });
}

function readPart(folder: string, part: 'train' | 't10k', classes: string[]): ImageSet {
  const images = parseIdxImages(read(folder, `${part}-images-idx3-ubyte`), `${part} images`);
  const labels = parseIdxLabels(read(folder, `${part}-labels-idx1-ubyte`), `${part} labels`);
  return createImageSet(images, labels, classes, part);
}

export const idx = {
  summary: 'folder with train-images-idx3-ubyte and the other three files of MNIST, gzip or not',
  source: 'LeCun, The MNIST database: the IDX file format',
  recognizes: (path) =>
    ['', '.gz'].some((end) => existsSync(join(path, `train-images-idx3-ubyte${end}`))),
  load(path) {
    const labels = parseIdxLabels(read(path, 'train-labels-idx1-ubyte'), 'train labels');
    const largest = labels.reduce((most, label) => Math.max(most, label), 0);
    const classes = Array.from({ length: largest + 1 }, (_, i) => String(i));
    const train = readPart(path, 'train', classes);
    return { name: 'idx', classes, train, test: readPart(path, 't10k', classes) };
  },
} satisfies DatasetFormat;
