// A whole search in seconds: same seed same bytes, resumable, interruptible, and pulled the right way by cost.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { sliceImages } from '../../src/data/dataset.ts';
import { validateNetwork } from '../../src/network/validate.ts';
import type { Preset } from '../../src/search/preset.ts';
import { nano } from '../../src/search/presets/index.ts';
import {
  type SearchOptions,
  type SearchResult,
  searchDesign,
} from '../../src/search/search-design.ts';
import * as strategies from '../../src/search/strategies/index.ts';
import type { TraceRecord } from '../../src/search/trace.ts';
import { weightSources } from '../../src/search/weight-sources.ts';
import { pairsOf } from '../../src/supernet/space.ts';
import { hashOf } from '../../src/util/json.ts';
import { loadFixtureDataset } from '../support/fixture-images.ts';
import { macOracle } from './mac-oracle.ts';

const root = mkdtempSync(join(tmpdir(), 'autonba-search-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

const fixture = loadFixtureDataset();
const dataset = { ...fixture, test: sliceImages(fixture.test, 0, 16) };
const preset: Preset = {
  ...nano,
  search: { ...nano.search, images: 96, batchSize: 16 },
  training: { ...nano.training, images: 96, batchSize: 32 },
};

function options(folder: string, changes: Partial<SearchOptions> = {}): SearchOptions {
  const directory = join(root, folder);
  return {
    preset,
    dataset,
    strategy: strategies.autoNba,
    seed: 1,
    name: 'tiny',
    directory,
    ...changes,
  };
}

const records: TraceRecord[] = [];
let started: Promise<SearchResult<null>> | undefined;

/** One uninterrupted run that others are set beside. */
function whole(): Promise<SearchResult<null>> {
  started ??= searchDesign(options('whole'), macOracle, {
    onTrace: (record) => records.push(record),
  });
  return started;
}

const traceOf = (folder: string): string => readFileSync(join(root, folder, 'trace.jsonl'), 'utf8');

test('the same seed gives the same trace and network, another seed another trace', async () => {
  const first = await whole();
  const second = await searchDesign(options('second'), macOracle);
  validateNetwork(first.network);
  expect(first.network.operators.map(({ name }) => name)).toContain('classifier');
  expect(traceOf('whole')).toBe(traceOf('second'));
  expect(hashOf(JSON.stringify(first.network))).toBe(hashOf(JSON.stringify(second.network)));
  expect(first.accuracy).toEqual(second.accuracy);
  expect(first).toMatchObject({ strategy: 'auto-nba', preset: 'nano', seed: 1 });
  expect(first.peakResidentBytes).toBeGreaterThan(1e8);

  await searchDesign(options('third', { seed: 2 }), macOracle);
  expect(traceOf('third')).not.toBe(traceOf('whole'));
});

test('every step has a record, joint steps with both losses and the cost', async () => {
  await whole();
  expect(records.map(({ step }) => step)).toEqual(records.map((_, i) => i + 1));
  expect([...new Set(records.map(({ phase }) => phase))]).toEqual(['float', 'quantized', 'joint']);
  const last = records[records.length - 1];
  expect(last?.sampled).toHaveLength(2);
  expect(last?.expectedCycles).toBeGreaterThan(0);
  expect(last?.validationLoss).toBeGreaterThan(0);
});

test.each([
  ['search', 8],
  ['training', 5],
] as const)('a run stopped during %s resumes to the same end', async (stage, step) => {
  const { network } = await whole();
  const controller = new AbortController();
  const folder = `stopped-${stage}`;
  const stopped = searchDesign(options(folder, { signal: controller.signal }), macOracle, {
    onProgress: (progress) => {
      if (progress.stage === stage && progress.done === step) controller.abort();
    },
  });
  await expect(stopped).rejects.toThrow(/abort/i);
  const resumed = await searchDesign(options(folder, { resume: true }), macOracle);
  expect(traceOf(folder)).toBe(traceOf('whole'));
  expect(hashOf(JSON.stringify(resumed.network))).toBe(hashOf(JSON.stringify(network)));
});

test('a checkpoint of another request is refused', async () => {
  await whole();
  await expect(
    searchDesign(options('whole', { seed: 9, resume: true }), macOracle),
  ).rejects.toThrow(/belongs to another search$/);
});

test('a loss that is no number stops the search and keeps the last epoch', async () => {
  const wild = { ...preset, search: { ...preset.search, learningRate: 1e30 } };
  await expect(searchDesign(options('wild', { preset: wild }), macOracle)).rejects.toThrow(
    /^the loss of the search is not a number in epoch \d$/,
  );
});

test('wrong requests are one sentence', async () => {
  const space = { ...preset.space, input: [32, 32, 3] as const };
  await expect(
    searchDesign(options('x', { preset: { ...preset, space } }), macOracle),
  ).rejects.toThrow(/is for images of 32 x 32 x 3 in 10 classes, .* has 28 x 28 x 1 in 10$/);
  await expect(searchDesign(options('x', { targetEpochCycles: 1 }), macOracle)).rejects.toThrow(
    /^no network of preset "nano" meets the target: the smallest misses it by a factor of [\d.]+$/,
  );
  const greedy = { ...preset, search: { ...preset.search, images: 1e6 } };
  await expect(searchDesign(options('x', { preset: greedy }), macOracle)).rejects.toThrow(
    /the search wants 1000000 images/,
  );
});

test('an overwhelming cost takes the cheapest choices, none the validation loss alone', async () => {
  const derived = async (costWeight: number, folder: string): Promise<readonly string[]> => {
    const logits = { ...preset.search.logits, learningRate: 0.3 };
    const search = { ...preset.search, costWeight, logits };
    const { choices } = await searchDesign(
      options(folder, { preset: { ...preset, search } }),
      macOracle,
    );
    return choices.map(({ block, bits }) => `${block}:${bits}`);
  };
  const cheap = await derived(1e4, 'cheap');
  expect(cheap[0]).toBe('k3e3:4');
  expect(cheap[1]).toMatch(/^skip:/);
});

test('weights from the shared network, weights and activations of widths of their own', async () => {
  const pairs: Preset = { ...preset, space: { ...preset.space, bits: pairsOf([4, 8], [4, 8]) } };
  const run = (folder: string, weights: keyof typeof weightSources) => {
    const steps: number[] = [];
    const request = options(folder, { preset: pairs, weights: weightSources[weights] });
    const found = searchDesign(request, macOracle, {
      onProgress: ({ stage, done }) => {
        if (stage === 'training') steps.push(done);
      },
    });
    return found.then((result) => ({ ...result, steps: steps.length }));
  };
  const [warm, inherited] = [await run('warm', 'warm'), await run('inherited', 'inherit')];
  expect([warm.steps, inherited.steps]).toEqual([6, 0]);
  // The same search: only the weights differ.
  expect(warm.choices).toEqual(inherited.choices);
  expect(hashOf(JSON.stringify(warm.network))).not.toBe(hashOf(JSON.stringify(inherited.network)));
  validateNetwork(inherited.network);
  expect(inherited.accuracy.exportAgreement).toBeGreaterThan(0.9);
  expect(traceOf('warm')).toMatch(/:w(4a8|8a4)"/);
});
