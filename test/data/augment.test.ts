import fc from 'fast-check';
import { expect, test } from 'vitest';
import { augmentImage } from '../../src/data/augment.ts';
import { createRng } from '../../src/util/rng.ts';

const size = { rows: 3, columns: 4, channels: 2 };
const image = Uint8Array.from({ length: 24 }, (_, i) => i + 1);

test('without shift or flip an image stays', () => {
  expect([...augmentImage(image, size, { shift: 0, flip: false }, createRng(1))]).toEqual([
    ...image,
  ]);
});

test('every result is the image moved by whole pixels, mirrored or not', () => {
  const at = (row: number, column: number, channel: number): number =>
    row < 0 || row >= 3 || column < 0 || column >= 4
      ? 0
      : (image[(row * 4 + column) * 2 + channel] ?? 0);
  const moved = (down: number, right: number, mirrored: boolean): string =>
    Array.from({ length: 24 }, (_, i) => {
      const [row, column, channel] = [Math.floor(i / 8), Math.floor(i / 2) % 4, i % 2];
      const source = column - right;
      if (source < 0 || source >= 4) return 0;
      return at(row - down, mirrored ? 3 - source : source, channel);
    }).join();
  const all = new Map<string, boolean>();
  for (const down of [-1, 0, 1])
    for (const right of [-1, 0, 1])
      for (const mirrored of [false, true]) all.set(moved(down, right, mirrored), mirrored);
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const result = augmentImage(image, size, { shift: 1, flip: true }, createRng(seed)).join();
      expect(all.has(result)).toBe(true);
      seen.add(result);
    }),
    { numRuns: 500 },
  );
  expect(seen.size).toBe(all.size);
});
