// Every format read back from bytes that are written here as its publication says.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { afterAll, describe, expect, test } from 'vitest';
import { pixelsAt, pixelsOf, sliceImages } from '../../src/data/dataset.ts';
import { openDataset } from '../../src/data/open-dataset.ts';
import { tf } from '../../src/tensor/engine.ts';

const root = mkdtempSync(join(tmpdir(), 'autonba-formats-'));
afterAll(() => rmSync(root, { recursive: true }));

function folder(name: string, files: Readonly<Record<string, Uint8Array>>): string {
  const path = join(root, name);
  for (const [file, bytes] of Object.entries(files)) {
    mkdirSync(join(path, file, '..'), { recursive: true });
    writeFileSync(join(path, file), bytes);
  }
  return path;
}

const shape = [32, 32, 3] as const;
const pixelCount = 32 * 32;

/** Records whose planes are 1, 2 and 3 but for the first two pixels of red. */
function records(...heads: readonly (readonly number[])[]): Uint8Array {
  return Uint8Array.from(
    heads.flatMap((head) => [
      ...head,
      ...[9, 8],
      ...new Array<number>(pixelCount - 2).fill(1),
      ...new Array<number>(pixelCount).fill(2),
      ...new Array<number>(pixelCount).fill(3),
    ]),
  );
}

describe('CIFAR', () => {
  test('10: label, then planes', () => {
    const parts = [1, 2, 3, 4, 5].map((k) => [`data_batch_${k}.bin`, records([k])] as const);
    const path = folder('cifar10', {
      ...Object.fromEntries(parts),
      'test_batch.bin': records([9], [0]),
    });
    const { name, classes, train, test: held } = openDataset(path, shape);
    expect([name, classes[9], train.count, held.count]).toEqual(['cifar-10', 'truck', 5, 2]);
    expect([...train.labels]).toEqual([1, 2, 3, 4, 5]);
    expect([...pixelsAt(held, 1).subarray(0, 9)]).toEqual([9, 2, 3, 8, 2, 3, 1, 2, 3]);
  });

  test('100: coarse label, fine label, then planes', () => {
    const names = Buffer.from(Array.from({ length: 100 }, (_, i) => `name${i}`).join('\n'));
    const path = folder('cifar100', {
      'train.bin': records([3, 77], [4, 12]),
      'test.bin': records([0, 99]),
      'fine_label_names.txt': names,
    });
    const { classes, train } = openDataset(path, shape);
    expect([...train.labels]).toEqual([77, 12]);
    expect([classes.length, classes[77]]).toEqual([100, 'name77']);
  });

  test('half a record and a label out of range are refused', () => {
    const good = records([1]);
    const cut = folder('cut', { 'train.bin': good, 'test.bin': good });
    expect(() => openDataset(cut, shape)).toThrow(/3073 bytes are no whole number of 3074-byte/);
    const wrong = folder('wrong', { 'train.bin': records([0, 100]), 'test.bin': records([0, 1]) });
    expect(() => openDataset(wrong, shape)).toThrow(
      /image 0 has label 100, but there are 100 classes/,
    );
  });
});

/** One element of a MAT file, padded to eight bytes. */
function element(type: number, content: Uint8Array): Buffer {
  const tag = Buffer.alloc(8);
  tag.writeUInt32LE(type, 0);
  tag.writeUInt32LE(content.length, 4);
  return Buffer.concat([tag, content, Buffer.alloc((8 - (content.length % 8)) % 8)]);
}

const int32s = (...values: number[]): Buffer => Buffer.from(Int32Array.from(values).buffer);

function matrix(name: string, dimensions: number[], values: Uint8Array, compress: boolean): Buffer {
  // A name of up to four letters lies in its own tag.
  const small = Buffer.alloc(8);
  small.writeUInt32LE((name.length << 16) | 1, 0);
  small.write(name, 4, 'latin1');
  const content = Buffer.concat([
    element(6, int32s(9, 0)),
    element(5, int32s(...dimensions)),
    small,
    element(2, values),
  ]);
  const whole = element(14, content);
  if (!compress) return whole;
  const packed = deflateSync(whole);
  const tag = Buffer.alloc(8);
  tag.writeUInt32LE(15, 0);
  tag.writeUInt32LE(packed.length, 4);
  return Buffer.concat([tag, packed]);
}

function mat(...matrices: Buffer[]): Buffer {
  const header = Buffer.alloc(128, ' ');
  header.write('MATLAB 5.0 MAT-file', 0, 'latin1');
  header.writeUInt16LE(0x0100, 124);
  header.write('IM', 126, 'latin1');
  return Buffer.concat([header, ...matrices]);
}

describe('SVHN', () => {
  // X[row, column, channel, image] = 100 image + 10 row + 2 column + channel, stored by columns.
  const values: number[] = [];
  for (let image = 0; image < 2; image += 1)
    for (let channel = 0; channel < 3; channel += 1)
      for (let column = 0; column < 3; column += 1)
        for (let row = 0; row < 2; row += 1)
          values.push(100 * image + 10 * row + 2 * column + channel);
  const file = (compress: boolean): Buffer =>
    mat(
      matrix('X', [2, 3, 3, 2], Uint8Array.from(values), compress),
      matrix('y', [2, 1], Uint8Array.of(10, 3), compress),
    );

  test.each([true, false])(
    'columns become rows, 10 becomes the digit 0 (compressed: %s)',
    (compress) => {
      const path = folder(`svhn-${compress}`, {
        'train_32x32.mat': file(compress),
        'test_32x32.mat': file(!compress),
      });
      const { train, test: held } = openDataset(path, shape);
      expect(train).toMatchObject({ count: 2, rows: 2, columns: 3, channels: 3 });
      expect([...train.labels]).toEqual([0, 3]);
      expect([...pixelsAt(train, 1)]).toEqual(
        [0, 1].flatMap((row) =>
          [0, 1, 2].flatMap((column) => [0, 1, 2].map((c) => 100 + 10 * row + 2 * column + c)),
        ),
      );
      expect(Buffer.compare(train.images, held.images)).toBe(0);
    },
  );

  test('damaged files are refused', () => {
    const whole = file(true);
    const broken = (name: string, bytes: Uint8Array) =>
      folder(name, { 'train_32x32.mat': bytes, 'test_32x32.mat': whole });
    expect(() => openDataset(broken('short', whole.subarray(0, 180)), shape)).toThrow(
      /ends inside an element/,
    );
    expect(() => openDataset(broken('other', Buffer.alloc(200)), shape)).toThrow(
      /no little-endian MAT file/,
    );
    const flipped = Buffer.from(whole);
    flipped.fill(0, 140, 150);
    expect(() => openDataset(broken('flipped', flipped), shape)).toThrow(/cannot be decompressed/);
    const lonely = mat(matrix('X', [2, 3, 3, 2], Uint8Array.from(values), false));
    expect(() => openDataset(broken('lonely', lonely), shape)).toThrow(/holds no arrays X and y/);
  });
});

function npy(type: string, sizes: string, bytes: Uint8Array, order = 'False'): Uint8Array {
  const text = `{'descr': '${type}', 'fortran_order': ${order}, 'shape': (${sizes}), }`;
  const padded = `${text.padEnd(117)}\n`;
  const head = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, padded.length, 0]);
  return Buffer.concat([head, Buffer.from(padded), bytes]);
}

describe('NPZ', () => {
  const pixels = Uint8Array.from({ length: 2 * 2 * 3 }, (_, i) => i);
  const labels = Buffer.from(BigInt64Array.of(2n, 0n).buffer);
  const arrays = {
    'x_train.npy': npy('|u1', '2, 2, 3', pixels),
    'y_train.npy': npy('<i8', '2,', labels),
    'x_test.npy': npy('|u1', '2, 2, 3, 1', pixels),
    'y_test.npy': npy('|u1', '2, 1', Uint8Array.of(1, 1)),
  };
  const archive = (
    name: string,
    changes: Readonly<Record<string, Uint8Array>> = {},
    level: 0 | 6 = 6,
  ) => {
    const path = join(root, name);
    writeFileSync(path, zipSync({ ...arrays, ...changes }, { level }));
    return path;
  };

  test.each([0, 6] as const)('arrays by their names, stored or deflated (level %i)', (level) => {
    const { classes, train, test: held } = openDataset(archive(`${level}.npz`, {}, level), shape);
    expect(train).toMatchObject({ count: 2, rows: 2, columns: 3, channels: 1 });
    expect([...train.labels, ...held.labels]).toEqual([2, 0, 1, 1]);
    expect(classes).toEqual(['0', '1', '2']);
    expect([...pixelsAt(train, 1)]).toEqual([6, 7, 8, 9, 10, 11]);
  });

  test('what is no such archive is refused', () => {
    const attempt = (name: string, changes: Readonly<Record<string, Uint8Array>>) => () =>
      openDataset(archive(name, changes), shape);
    expect(attempt('a.npz', { 'x_train.npy': npy('<f4', '2, 2, 3', Buffer.alloc(48)) })).toThrow(
      /x_train: its values are of type "<f4"/,
    );
    expect(attempt('b.npz', { 'x_train.npy': npy('|u1', '3, 2, 3', pixels) })).toThrow(
      /announces 3 x 2 x 3/,
    );
    expect(attempt('c.npz', { 'x_train.npy': npy('|u1', '2, 2, 3', pixels, 'True') })).toThrow(
      /by columns/,
    );
    expect(attempt('d.npz', { 'y_train.npy': Uint8Array.of(1) })).toThrow(
      /does not start as an NPY file/,
    );
    writeFileSync(join(root, 'e.npz'), zipSync({ 'x_train.npy': arrays['x_train.npy'] }));
    expect(() => openDataset(join(root, 'e.npz'), shape)).toThrow(
      /holds no array y_train or train_labels/,
    );
    writeFileSync(join(root, 'f.npz'), 'no archive');
    expect(() => openDataset(join(root, 'f.npz'), shape)).toThrow(/no undamaged ZIP archive/);
  });
});

test('IDX, with one file compressed', () => {
  const header = (type: number, ...sizes: number[]) =>
    Buffer.from([0, 0, 8, type, ...sizes.flatMap((size) => [0, 0, 0, size])]);
  const images = Buffer.concat([header(3, 2, 1, 2), Buffer.of(1, 2, 3, 4)]);
  const labels = Buffer.concat([header(1, 2), Buffer.of(0, 4)]);
  const path = folder('idx', {
    'train-images-idx3-ubyte': images,
    'train-labels-idx1-ubyte.gz': gzipSync(labels),
    't10k-images-idx3-ubyte': images,
    't10k-labels-idx1-ubyte': labels,
  });
  const { classes, train } = openDataset(path, shape);
  expect([classes.length, train.count, train.columns]).toEqual([5, 2, 2]);
});

describe('a folder of pictures', async () => {
  const picture = async (rows: number, columns: number, value: number): Promise<Uint8Array> =>
    (tf as never as { node: { encodePng(image: unknown): Promise<Uint8Array> } }).node.encodePng(
      tf.fill([rows, columns, 3], value, 'int32'),
    );
  const [grey, light, wide] = [
    await picture(4, 4, 90),
    await picture(4, 4, 200),
    await picture(4, 8, 7),
  ];
  const path = folder('pictures', {
    'train/ant/a.png': grey,
    'train/bee/b.png': light,
    'train/bee/c.png': wide,
    'train/bee/notes.txt': Buffer.from('no picture'),
    'val/bee/d.png': light,
  });

  test('classes are folders in order; pictures are read on demand, scaled and cut', async () => {
    const { classes, train, test: held } = openDataset(path, [2, 2, 3]);
    expect(classes).toEqual(['ant', 'bee']);
    expect([...train.labels, ...held.labels]).toEqual([0, 1, 1, 1]);
    expect([train.images.length, train.count, held.count]).toEqual([0, 3, 1]);
    expect([...pixelsAt(train, 0)]).toEqual(new Array(12).fill(90));
    await train.reader?.prefetch([1, 2]);
    expect([...pixelsOf(train, 1, 3)]).toEqual([
      ...new Array(12).fill(200),
      ...new Array(12).fill(7),
    ]);
    const last = sliceImages(train, 2, 9);
    expect([last.count, pixelsAt(last, 0)[0], last.labels[0]]).toEqual([1, 7, 1]);
  });

  test('what was fetched ahead is used: the file may be gone by then', async () => {
    const gone = folder('gone', { 'train/a/x.png': grey, 'val/a/x.png': grey });
    const { train } = openDataset(gone, [4, 4, 1]);
    await train.reader?.prefetch([0]);
    rmSync(join(gone, 'train/a/x.png'));
    expect(pixelsAt(train, 0)[15]).toBe(90);
    expect(() => pixelsAt(train, 0)).toThrow(/ENOENT/);
  });

  test('a broken picture is named', () => {
    const broken = folder('broken', { 'train/a/x.png': Buffer.from('?'), 'val/a/x.png': grey });
    const { train } = openDataset(broken, [4, 4, 3]);
    expect(() => pixelsAt(train, 0)).toThrow(/x\.png: it is no picture/);
    const empty = folder('empty', { 'train/a/x.txt': grey, 'val/a/x.png': grey });
    expect(() => openDataset(empty, [4, 4, 3])).toThrow(/no picture in the folders of its classes/);
  });
});

test('a path of nothing known names what is', () => {
  expect(() => openDataset(folder('odd', { 'readme.txt': Buffer.of(1) }), shape)).toThrow(
    expect.objectContaining({ remedy: expect.stringContaining('file.npz with x_train') }),
  );
  expect(() => openDataset(join(root, 'nowhere'), shape)).toThrow(/nowhere" does not exist/);
  expect(() => openDataset('fashion-mist', shape)).toThrow(/unknown dataset "fashion-mist"/);
});
