import { expect, test } from 'vitest';
import { createImageSet, sliceImages } from '../../src/data/dataset.ts';
import { loadFixtureDataset, loadFixtureImages } from '../support/fixture-images.ts';

const two = { images: Uint8Array.of(1, 2, 3, 4), count: 2, rows: 1, columns: 2, channels: 1 };

test('images and labels become a set', () => {
  const set = createImageSet(two, Uint8Array.of(1, 0), ['no', 'yes'], 'toy');
  expect(set).toEqual({ ...two, labels: Uint8Array.of(1, 0) });
});

test('a set that contradicts itself is refused', () => {
  const labels = (...values: number[]) => Uint8Array.from(values);
  expect(() =>
    createImageSet(two, labels(1), ['no', 'yes'], 'toy'),
  ).toThrowErrorMatchingInlineSnapshot(`[InvalidConfigError: toy: 2 images have 1 labels]`);
  expect(() =>
    createImageSet(two, labels(1, 2), ['no', 'yes'], 'toy'),
  ).toThrowErrorMatchingInlineSnapshot(
    `[InvalidConfigError: toy: image 1 has label 2, but there are 2 classes]`,
  );
});

test('a slice shares the bytes and stays inside', () => {
  const set = createImageSet(two, Uint8Array.of(1, 0), ['no', 'yes'], 'toy');
  const last = sliceImages(set, 1, 9);
  expect(last).toMatchObject({ images: Uint8Array.of(3, 4), labels: Uint8Array.of(0), count: 1 });
  expect(last.images.buffer).toBe(set.images.buffer);
  expect(sliceImages(set, 5, 9).count).toBe(0);
  expect(sliceImages(set, -3, -1).count).toBe(0);
});

test('the fixture holds real pictures of every class', () => {
  const set = loadFixtureImages();
  expect(set).toMatchObject({ count: 256, rows: 28, columns: 28, channels: 1 });
  expect(new Set(set.labels).size).toBe(10);
  const brightest = Math.max(...set.images.subarray(0, 784));
  expect(brightest).toBe(255);
  const { train, test: held } = loadFixtureDataset();
  expect([train.count, held.count, held.images.length]).toEqual([192, 64, 64 * 784]);
});
