import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { decodeImage } from '../../tensor/index.ts';
import type { ImageReader, ImageSet } from '../dataset.ts';
import { isFolder, namesIn, refuseFile } from '../files.ts';
import type { DatasetFormat, ImageShape } from '../format.ts';

const pictures = new Set(['.png', '.jpg', '.jpeg', '.JPEG', '.gif', '.bmp']);
/** Files fetched ahead at most; more would only wait. */
const mostAhead = 1024;

/** Reads and decodes on demand; what was announced is fetched meanwhile and taken from memory then. */
function createReader(paths: readonly string[], shape: ImageShape): ImageReader {
  const ahead = new Map<string, Uint8Array | undefined>();
  const pathOf = (index: number): string =>
    paths[index] ?? refuseFile(String(index), 'no such image');
  return {
    read(index) {
      const path = pathOf(index);
      const bytes = ahead.get(path) ?? readFileSync(path);
      ahead.delete(path);
      try {
        return decodeImage(bytes, shape);
      } catch (error) {
        const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
        return refuseFile(path, `it is no picture (${reason})`);
      }
    },
    async prefetch(indices) {
      const wanted = [...new Set(indices.map(pathOf))].filter((path) => !ahead.has(path));
      const room = wanted.slice(0, mostAhead - ahead.size);
      for (const path of room) ahead.set(path, undefined);
      await Promise.all(
        room.map(async (path) => {
          // Reading it in its turn says what is wrong with it.
          const bytes = await readFile(path).catch(() => undefined);
          if (bytes === undefined) ahead.delete(path);
          else if (ahead.has(path)) ahead.set(path, bytes);
        }),
      );
    },
  };
}

function openPart(folder: string, classes: readonly string[], shape: ImageShape): ImageSet {
  const files = classes.flatMap((name, label) => {
    const own = join(folder, name);
    const names = isFolder(own) ? namesIn(own).filter((file) => pictures.has(extname(file))) : [];
    return names.map((file) => ({ path: join(own, file), label }));
  });
  if (files.length === 0) refuseFile(folder, 'there is no picture in the folders of its classes');
  const [rows, columns, channels] = shape;
  return {
    images: new Uint8Array(0),
    reader: createReader(
      files.map(({ path }) => path),
      shape,
    ),
    labels: Uint16Array.from(files, ({ label }) => label),
    count: files.length,
    ...{ rows, columns, channels },
  };
}

/** The part that is judged on goes by either name. */
const heldOut = (path: string): string => join(path, isFolder(join(path, 'val')) ? 'val' : 'test');

export const imageFolder = {
  summary:
    'folder with train/CLASS/*.jpg and val/CLASS/*.jpg (or test/), as ImageNet is laid out; read as it is needed',
  source: 'Russakovsky et al., ImageNet Large Scale Visual Recognition Challenge, IJCV 2015',
  recognizes: (path) => isFolder(join(path, 'train')) && isFolder(heldOut(path)),
  load(path, shape) {
    const train = join(path, 'train');
    const classes = namesIn(train).filter((name) => isFolder(join(train, name)));
    return {
      name: 'image-folder',
      classes,
      train: openPart(train, classes, shape),
      test: openPart(heldOut(path), classes, shape),
    };
  },
} satisfies DatasetFormat;
