// The fixture's images as a user's own data set: a folder of IDX files, to learn from and to be judged by.

import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fixtureFolder } from './fixture-images.ts';

/** Makes the folder; 256 images in both parts. */
export function makeIdxFolder(folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (const part of ['train', 't10k'])
    for (const file of ['images-idx3-ubyte.gz', 'labels-idx1-ubyte.gz'])
      cpSync(join(fixtureFolder, file), join(folder, `${part}-${file}`));
  return folder;
}
