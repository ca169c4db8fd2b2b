// Fashion-MNIST: 70,000 grey 28 x 28 pictures of clothes from Zalando's shop, MIT licence.

import { join } from 'node:path';
import { defined } from '../../util/errors.ts';
import { cacheFolder } from '../../util/paths.ts';
import { createImageSet, type Dataset, type DatasetSource, type ImageSet } from '../dataset.ts';
import { parseIdxImages, parseIdxLabels, readCheckedFile } from '../idx.ts';
import list from './fashion-mnist.json' with { type: 'json' };

const name = 'fashion-mnist';
const checksums: Readonly<Record<string, { readonly sha256: string }>> = list.files;

/** Reads the four files from any folder that holds the originals. */
export function loadFashionMnist(folder: string): Dataset {
  const load = (part: string): ImageSet => {
    const images = readOriginal(folder, `${part}-images-idx3-ubyte`);
    const labels = readOriginal(folder, `${part}-labels-idx1-ubyte`);
    return createImageSet(
      parseIdxImages(images, `${name} ${part} images`),
      parseIdxLabels(labels, `${name} ${part} labels`),
      list.classes,
      `${name} ${part}`,
    );
  };
  return { name, classes: list.classes, train: load('train'), test: load('t10k') };
}

function readOriginal(folder: string, file: string): Uint8Array {
  const { sha256 } = defined(checksums[file], `checksum of ${file}`);
  const remedy = 'run `node setup.mjs`, which fetches the data set and checks it';
  return readCheckedFile(join(folder, file), { sha256, remedy });
}

/** The registry's entry; reads what set-up fetched. */
export const fashionMnist = {
  name,
  summary: '60,000 + 10,000 grey pictures of clothes, 28 x 28, ten classes',
  classes: list.classes,
  load: () => loadFashionMnist(join(cacheFolder, 'data', name)),
} satisfies DatasetSource;
