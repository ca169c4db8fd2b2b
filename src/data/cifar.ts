// The binary layout of CIFAR: records of label bytes, then 32 x 32 red, green and blue planes.

import { join } from 'node:path';
import { createImageSet, type ImageSet } from './dataset.ts';
import { concatenate, readDataFile, refuseFile } from './files.ts';

const side = 32;
const channels = 3;
const planeBytes = side * side;

/** How a member of the family differs: label bytes a record has, and which of them counts. */
export interface CifarLayout {
  readonly name: string;
  readonly labelBytes: number;
  readonly labelAt: number;
  readonly classes: readonly string[];
}

/** Records of some files as one set, planes turned into channels last. */
export function readCifar(
  folder: string,
  files: readonly string[],
  { name, labelBytes, labelAt, classes }: CifarLayout,
): ImageSet {
  const recordBytes = labelBytes + channels * planeBytes;
  const records = concatenate(
    files.map((file) => {
      const path = join(folder, file);
      const bytes = readDataFile(path);
      if (bytes.length === 0 || bytes.length % recordBytes !== 0)
        refuseFile(
          path,
          `${bytes.length} bytes are no whole number of ${recordBytes}-byte records`,
        );
      return bytes;
    }),
  );
  const count = records.length / recordBytes;
  const images = new Uint8Array(count * channels * planeBytes);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i += 1) {
    const start = i * recordBytes;
    labels[i] = records[start + labelAt] ?? 0;
    for (let channel = 0; channel < channels; channel += 1) {
      const plane = start + labelBytes + channel * planeBytes;
      const first = i * channels * planeBytes + channel;
      for (let pixel = 0; pixel < planeBytes; pixel += 1)
        images[first + pixel * channels] = records[plane + pixel] ?? 0;
    }
  }
  return createImageSet(
    { images, count, rows: side, columns: side, channels },
    labels,
    classes,
    name,
  );
}
