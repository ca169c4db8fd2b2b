import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeDesign } from '../../src/cost/design-file.ts';
import { picturesDocument } from '../../src/report/picture-file.ts';
import { readRun } from '../../src/report/read-run.ts';
import { InvalidConfigError } from '../../src/util/errors.ts';
import { writeJson } from '../../src/util/json.ts';
import { runCli } from '../support/run-cli.ts';
import { tinyDesign } from '../synth/tiny-directory.ts';
import { full } from './sample.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'autonba-report-'));
  writeDesign(join(folder, 'design.json'), tinyDesign);
});
afterEach(() => rmSync(folder, { recursive: true }));

const images = {
  images: Uint8Array.of(1, 2, 3, 4, 5, 6),
  labels: Uint8Array.of(0, 1, 1),
  count: 3,
  rows: 1,
  columns: 2,
  channels: 1,
};

function writeAll(): void {
  const { verification, search, trace = [] } = full;
  writeJson(join(folder, 'verify.json'), { ...verification, images: 100, more: 'keys' });
  writeJson(join(folder, 'search.json'), { ...search, design: 'design.json', seed: 1 });
  writeJson(join(folder, 'images.json'), picturesDocument(images, ['a', 'b'], [0, 1, 0]));
  const lines = trace.map((record) => `${JSON.stringify(record)}\n`).join('');
  writeFileSync(join(folder, 'trace.jsonl'), `${lines}{"step":`);
  mkdirSync(join(folder, 'generated'));
  writeFileSync(join(folder, 'generated', 'README.md'), '');
}

test('a design is enough', () => {
  const data = readRun(folder);
  expect(data.device?.name).toBe('zc706');
  expect(data.resources?.dsp).toBe(12);
  expect(data.prediction.layers).toHaveLength(3);
  expect([data.search, data.trace, data.verification, data.pictures]).toEqual(
    new Array(4).fill(undefined),
  );
  expect(data.files).toEqual(['design.json']);
});

test('reads everything a run leaves, and drops the line that a killed run did not finish', () => {
  writeAll();
  const data = readRun(folder);
  expect(data.verification).toEqual(full.verification);
  expect(data.search).toEqual(full.search);
  expect(data.trace).toEqual(full.trace);
  expect(data.pictures?.images[2]).toEqual({
    label: 1,
    predicted: 0,
    pixels: Uint8Array.of(5, 6),
  });
  expect(data.files).toContain('generated/README.md');
});

test.each([
  ['search.json', '{"accuracy":{"float":2,"integer":0}}', /search.json: accuracy.float: /],
  ['verify.json', '{', /verify.json is not JSON/],
  ['trace.jsonl', '{"step":1}\n', /trace.jsonl, line 1: epoch: /],
  ['trace.jsonl', 'x\n', /trace.jsonl, line 1 is not JSON/],
  [
    'images.json',
    JSON.stringify({
      ...(picturesDocument(images, [], [0]) as object),
      columns: 3,
    }),
    /images.json: an image has another size/,
  ],
])('a broken %s is named', (name, content, message) => {
  writeFileSync(join(folder, name), content);
  expect(() => readRun(folder)).toThrow(InvalidConfigError);
  expect(() => readRun(folder)).toThrow(message);
});

test('autonba report writes the page once', async () => {
  writeAll();
  const first = await runCli(['report', folder, '--json']);
  expect(first.stderr).toBe('');
  const page = join(folder, 'report.html');
  expect(JSON.parse(first.stdout)).toEqual({ report: page, changed: true });
  expect(readFileSync(page, 'utf8')).toContain('bit-exact and cycle-exact');
  const second = await runCli(['report', folder, '--json']);
  expect(JSON.parse(second.stdout)).toEqual({ report: page, changed: false });
});

test('a folder that is no run is refused', async () => {
  const run = await runCli(['report', join(folder, 'nothing')]);
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toMatch(/design.json": does not exist/);
});
