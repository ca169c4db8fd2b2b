import { expect, test } from 'vitest';
import { shrinkImages } from '../../src/data/shrink.ts';

const set = {
  images: Uint8Array.of(0, 2, 10, 20, 4, 7, 30, 40),
  labels: Uint8Array.of(1),
  count: 1,
  rows: 2,
  columns: 4,
  channels: 1,
};

test('a square becomes its mean, rounded', () => {
  const small = shrinkImages(set, 2);
  expect(small).toMatchObject({ count: 1, rows: 1, columns: 2, channels: 1, labels: set.labels });
  expect([...small.images]).toEqual([3, 25]);
});

test('channels stay apart', () => {
  const small = shrinkImages({ ...set, columns: 2, channels: 2 }, 2);
  expect([...small.images]).toEqual([Math.round((0 + 10 + 4 + 30) / 4), Math.round(69 / 4)]);
});

test('sides that cannot be cut are refused', () => {
  expect(() => shrinkImages(set, 3)).toThrowErrorMatchingInlineSnapshot(
    `[InvalidConfigError: images of 2 x 4 cannot be cut into squares of 3 x 3]`,
  );
});
