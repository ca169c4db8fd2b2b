import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCifar } from '../cifar.ts';
import { hasFiles } from '../files.ts';
import type { DatasetFormat } from '../format.ts';

const classCount = 100;
const namesFile = 'fine_label_names.txt';

/** The names lie beside the images; without them classes are numbers. */
function classesIn(folder: string): string[] {
  const names = hasFiles(folder, [namesFile])
    ? readFileSync(join(folder, namesFile), 'utf8').split(/\s+/).filter(Boolean)
    : [];
  return Array.from({ length: classCount }, (_, i) => names[i] ?? String(i));
}

export const cifar100 = {
  summary: 'folder with train.bin and test.bin; the fine labels are learned',
  source: 'Krizhevsky, The CIFAR-100 dataset: binary version',
  recognizes: (path) => hasFiles(path, ['train.bin', 'test.bin']),
  load(path) {
    const layout = { name: 'cifar-100', labelBytes: 2, labelAt: 1, classes: classesIn(path) };
    const { name, classes } = layout;
    const train = readCifar(path, ['train.bin'], layout);
    return { name, classes, train, test: readCifar(path, ['test.bin'], layout) };
  },
} satisfies DatasetFormat;
