// What `autonba search` says to requests it cannot serve: one sentence, the cure, the exit code, nothing half-written.

import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { makeIdxFolder } from '../support/idx-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'autonba-search-errors-'));
afterAll(() => rmSync(root, { recursive: true }));
afterEach(() => {
  vi.restoreAllMocks();
});

const dataset = makeIdxFolder(join(root, 'images'));
const out = join(root, 'run');

/** Numbers that make a search a matter of seconds. */
const short = {
  preset: 'nano',
  dataset,
  search: { images: 64, searchEpochs: 1, quantizedEpochs: 1, floatEpochs: 1 },
  training: { images: 64, floatEpochs: 1, quantizedEpochs: 1 },
};

/** Runs a search by a configuration file; what it answers, and what it says on stderr. */
async function search(config: object, ...words: string[]) {
  const path = join(root, 'c.yaml');
  writeFileSync(path, JSON.stringify({ ...short, ...config }));
  let said = '';
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
  const exitCode = await main(['search', path, '--out', out, '--quiet', ...words]);
  vi.restoreAllMocks();
  return { exitCode, said: said.replaceAll(root, '') };
}

const target = 'no network of preset "nano" meets the target';
const learning = { ...short.search, learningRate: 1e30 };

test.each<[what: string, config: object, exitCode: number, sentence: string, cure: string]>([
  ['an unknown preset', { preset: 'micr' }, 2, 'unknown preset "micr"', 'did you mean "micro"?'],
  ['an unknown strategy', { strategy: 'dart' }, 2, 'unknown strategy "dart"', 'mean "darts"?'],
  ['an unknown solver', { solver: 'exat' }, 2, 'unknown solver "exat"', 'mean "exact"?'],
  ['unknown weights', { weights: 'worm' }, 2, 'unknown source of weights "worm"', 'mean "warm"?'],
  ['an unknown encoding', { encoding: 'seperate' }, 2, 'unknown encoding', 'mean "separate"?'],
  ['an unknown block', { candidates: ['k3e9'] }, 2, 'unknown block "k3e9"', 'choose one of'],
  ['an unknown key', { serch: {} }, 2, 'unknown key "serch"', 'did you mean "search"?'],
  ['1 bit', { bits: [1, 8] }, 2, 'bits: 1 is no width', 'whole numbers from 2 to 16'],
  ['33 bits', { bits: [8, 33] }, 2, 'bits: 33 is no width', 'whole numbers from 2 to 16'],
  ['4.5 bits', { bits: { weights: [4.5], activations: [8] } }, 2, '4.5 is no width', 'whole'],
  ['no bits', { bits: [] }, 2, 'c.yaml: bits', 'correct this entry'],
  ['a target that nobody meets', { targetFps: 1e9 }, 1, target, 'ask for less'],
  ['data that are not there', { dataset: '/no/such' }, 2, 'does not exist', 'that is there'],
  ['an unknown data set', { dataset: 'fashion' }, 2, 'unknown dataset "fashion"', 'choose one of'],
  ['data of another shape', { preset: 'toy' }, 2, 'is for images of 14 x 14 x 1', 'another preset'],
  ['too few images', { search: { images: 999 } }, 2, 'wants 999 images', 'lower search.images'],
  [
    'weights of no network',
    { strategy: 'random', weights: 'warm' },
    2,
    'strategy "random" trains no shared network',
    'train from scratch',
  ],
])('%s', async (_what, config, exitCode, sentence, cure) => {
  const answer = await search(config);
  expect(answer.exitCode).toBe(exitCode);
  expect(answer.said).toContain(sentence);
  expect(answer.said).toContain(cure);
  // "autonba: " and one sentence, then the cure.
  expect(answer.said.trimEnd().split('\n')).toHaveLength(2);
  expect(existsSync(out)).toBe(false);
});

test('damaged data', async () => {
  const damaged = join(root, 'damaged');
  cpSync(dataset, damaged, { recursive: true });
  const path = join(damaged, 'train-images-idx3-ubyte.gz');
  writeFileSync(path, readFileSync(path).subarray(0, 1000));
  const answer = await search({ dataset: damaged });
  expect(answer.exitCode).toBe(2);
  expect(answer.said).toMatch(/train-images-idx3-ubyte.gz cannot be decompressed/);
  expect(answer.said).toContain('give a folder with all four files');
});

test('a loss that is no number: in the search, then in the training, which goes on at another rate', async () => {
  const wild = await search({ search: learning });
  expect(wild.exitCode).toBe(2);
  expect(wild.said).toMatch(
    /the loss of the search is not a number in epoch \d\n {2}lower search\.learn/,
  );
  rmSync(out, { recursive: true });

  const training = await search({ training: { ...short.training, learningRate: 1e30 } });
  expect(training.exitCode).toBe(2);
  expect(training.said).toMatch(/the loss of the final training is not a number in epoch 1\n/);
  expect(training.said).toContain('lower training.learningRate and go on with --resume');
  const trace = readFileSync(join(out, 'trace.jsonl'));
  const resumed = await search({}, '--resume');
  expect(resumed).toEqual({ exitCode: 0, said: '' });
  // No step of the search was taken again.
  expect(readFileSync(join(out, 'trace.jsonl')).equals(trace)).toBe(true);
  expect(existsSync(join(out, 'design.json'))).toBe(true);
});

test('a checkpoint that was touched', async () => {
  writeFileSync(join(out, 'checkpoint.bin'), 'no checkpoint');
  const answer = await search({}, '--resume');
  expect(answer.exitCode).toBe(2);
  expect(answer.said).toMatch(/checkpoint\.bin is damaged\n {2}delete it/);
});
