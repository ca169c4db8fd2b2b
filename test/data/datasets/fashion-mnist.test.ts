import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { fashionMnist, loadFashionMnist } from '../../../src/data/datasets/fashion-mnist.ts';
import { cacheFolder } from '../../../src/util/paths.ts';
import { loadFixtureImages } from '../../support/fixture-images.ts';

const folder = join(cacheFolder, 'data', 'fashion-mnist');
const scratch = mkdtempSync(join(tmpdir(), 'autonba-fashion-'));
afterAll(() => rmSync(scratch, { recursive: true }));

// Set-up says why where it could not fetch the files.
const testWithData = test.skipIf(!existsSync(folder));

testWithData('all 70,000 images are there, and the fixture is their beginning', () => {
  const { train, test: held, classes } = fashionMnist.load();
  expect([train.count, held.count, classes.length]).toEqual([60_000, 10_000, 10]);
  const fixture = loadFixtureImages();
  expect(Buffer.compare(held.images.subarray(0, 256 * 784), fixture.images)).toBe(0);
  expect([...held.labels.subarray(0, 256)]).toEqual([...fixture.labels]);
  // Each class has as many images as any other.
  const counts = new Array<number>(10).fill(0);
  for (const label of train.labels) counts[label] = (counts[label] ?? 0) + 1;
  expect(counts).toEqual(new Array(10).fill(6000));
});

testWithData('a file that was touched is refused', () => {
  cpSync(folder, scratch, { recursive: true });
  const path = join(scratch, 'train-labels-idx1-ubyte');
  writeFileSync(path, Buffer.alloc(60_008));
  expect(() => loadFashionMnist(scratch)).toThrow(`${path} is not the original file`);
});

test('a missing folder names the cure', () => {
  expect(() => loadFashionMnist(join(scratch, 'none'))).toThrow(
    expect.objectContaining({ remedy: expect.stringContaining('node setup.mjs') }),
  );
});
