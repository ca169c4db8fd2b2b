import { readCifar } from '../cifar.ts';
import { hasFiles } from '../files.ts';
import type { DatasetFormat } from '../format.ts';

const train = [1, 2, 3, 4, 5].map((part) => `data_batch_${part}.bin`);
const layout = {
  name: 'cifar-10',
  labelBytes: 1,
  labelAt: 0,
  classes: [
    ...['airplane', 'automobile', 'bird', 'cat', 'deer'],
    ...['dog', 'frog', 'horse', 'ship', 'truck'],
  ],
} as const;

export const cifar10 = {
  summary: 'folder with data_batch_1.bin to data_batch_5.bin and test_batch.bin',
  source: 'Krizhevsky, The CIFAR-10 dataset: binary version',
  recognizes: (path) => hasFiles(path, ['data_batch_1.bin']),
  load: (path) => ({
    name: layout.name,
    classes: layout.classes,
    train: readCifar(path, train, layout),
    test: readCifar(path, ['test_batch.bin'], layout),
  }),
} satisfies DatasetFormat;
