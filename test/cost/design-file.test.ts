import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Design, planDesign } from '../../src/cost/design.ts';
import { readDesign, writeDesign } from '../../src/cost/design-file.ts';
import { InvalidConfigError } from '../../src/util/errors.ts';
import { tinyChunk } from '../accelerator/tiny-chunk.ts';
import { tiny } from '../network/tiny.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'design-file-'));
  path = join(folder, 'design.json');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const tile = { rows: 3, columns: 3, outputs: 8, inputs: 8 };
const design: Design = {
  name: 'tiny',
  network: tiny,
  accelerator: {
    busBits: 64,
    chunks: [tinyChunk, { ...tinyChunk, name: 'depthwise', kind: 'depthwise', inputs: 1 }],
    placements: [
      { layer: 'conv', chunk: 0, tile },
      { layer: 'pool', chunk: 1, tile },
      { layer: 'classes', chunk: 0, tile },
    ],
  },
  provenance: { strategy: 'hand', seed: 1, device: 'zc706' },
};

/** What readDesign says of an edited file, without the folder's name. */
function complaint(from: string | RegExp, to: string): string {
  writeDesign(path, design);
  const text = readFileSync(path, 'utf8');
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  writeFileSync(path, changed);
  try {
    readDesign(path);
    return 'read';
  } catch (error) {
    if (!(error instanceof InvalidConfigError)) throw error;
    return error.message.replaceAll(folder, '');
  }
}

test('what is written is read back, and twice gives the same bytes', () => {
  writeDesign(path, design);
  const before = readFileSync(path, 'hex');
  const read = readDesign(path);
  expect(read).toEqual(design);
  writeDesign(path, read);
  expect(readFileSync(path, 'hex')).toBe(before);
  expect(planDesign(read.network, read.accelerator)).toMatchObject({ ok: true });
});

test('a file that cannot be a design is one sentence with its place', () => {
  expect(complaint('"rows": 1', '"rows": null')).toMatchInlineSnapshot(
    `"design "/design.json": accelerator.chunks.0.rows: Invalid input: expected number, received null"`,
  );
  expect(complaint('"weightBits": 8', '"weightBits": "8"')).toMatchInlineSnapshot(
    `"design "/design.json": accelerator.chunks.0.weightBits: Invalid input: expected number, received string"`,
  );
  expect(complaint('"kind": "depthwise"', '"kind": "pooling"')).toMatchInlineSnapshot(
    `"design "/design.json": accelerator.chunks.1.kind: Invalid option: expected one of "standard"|"depthwise""`,
  );
  expect(complaint('"hasAdd": true', '"hasAdd": true, "colour": 1')).toMatchInlineSnapshot(
    `"design "/design.json": accelerator.chunks.0: Unrecognized key: "colour""`,
  );
  expect(complaint('"chunk": 1', '"chunk": 9')).toMatchInlineSnapshot(
    `"design "/design.json": accelerator.placements.1.chunk: there is no chunk 9 among 2"`,
  );
  expect(complaint(/"sha256": "[0-9a-f]{8}/, '"sha256": "00000000')).toMatchInlineSnapshot(
    `"design "/design.json": its network "design.network.json" is not the one it was made for"`,
  );
  expect(complaint('design.network.json', '../design.network.json')).toMatchInlineSnapshot(
    `"design "/design.json": network.file: Invalid string: must match pattern /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,150}\\.json$/"`,
  );
  expect(complaint('"version": 1', '"version": 2')).toMatchInlineSnapshot(
    `"design "/design.json": version: Invalid input: expected 1"`,
  );
  expect(complaint('{', '')).toMatch(/is not JSON/);
  expect(() => readDesign(folder)).toThrow(/is not a file/);
  expect(() => readDesign(join(folder, 'none.json'))).toThrow(/does not exist/);
});
