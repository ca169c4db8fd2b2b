// Models of others, from their files to hardware: explored for a small board, generated, and simulated bit by bit.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pynqZ2 } from '../../src/accelerator/devices/index.ts';
import { generateDirectory } from '../../src/emit/generate.ts';
import { writeSourceTree } from '../../src/emit/source-tree.ts';
import { type ExploreResult, explore } from '../../src/explore/explore.ts';
import { compareWithReference, findBySources } from '../../src/import/compare.ts';
import { importModel } from '../../src/import/import-model.ts';
import { readReference } from '../../src/import/reference.ts';
import type { Network } from '../../src/network/network.ts';
import { defaultMemory } from '../../src/schedule/memory.ts';
import { readGenerated, type Verdict, verifyGenerated } from '../../src/verify/verify.ts';
import { loadFixtureImages } from '../support/fixture-images.ts';

// A guard against hanging, not a claim: each test builds a simulator.
const timeout = 1_200_000;
const fixture = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'imported-test-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The design with the least latency that fits a PYNQ-Z2. */
function exploreForBoard(network: Network): ExploreResult {
  const found = explore(network, pynqZ2, { objective: 'latency' });
  expect(found).toMatchObject({ fits: true, missing: {}, provenOptimal: true });
  const { dsp, bram18, lut } = found.resources;
  expect(dsp).toBeLessThanOrEqual(220);
  expect(bram18).toBeLessThanOrEqual(280);
  expect(lut).toBeLessThanOrEqual(53_200);
  return found;
}

async function verify(
  network: Network,
  { accelerator }: ExploreResult,
  images: Int32Array,
  counts: { readonly latency: number; readonly throughput: number },
): Promise<Verdict> {
  const provenance = { strategy: 'explore exact', seed: 1, device: 'pynq-z2' };
  const design = { name: network.name, network, accelerator, provenance };
  const directory = join(folder, network.name);
  writeSourceTree(directory, generateDirectory(design, defaultMemory));
  const runs = (['latency', 'throughput'] as const).map((mode) => ({
    mode,
    memory: defaultMemory,
    images: counts[mode],
  }));
  const verdict = await verifyGenerated(readGenerated(directory), { runs, images });
  for (const { problem, firstMismatch, layers } of verdict.runs) {
    expect({ problem, firstMismatch }).toEqual({ problem: null, firstMismatch: null });
    for (const layer of layers) expect(layer.simulatedCycles).toBe(layer.predictedCycles);
  }
  expect(verdict).toMatchObject({ bitExact: true, cycleExact: true });
  return verdict;
}

test('ResNet-8 of MLPerf Tiny: every operator of all seven inputs', { timeout }, async () => {
  const { network, sources } = importModel(fixture('mlperf-tiny-resnet8/resnet8.tflite'));
  const reference = readReference(fixture('mlperf-tiny-resnet8/vectors.json'));
  expect(reference.images).toBe(7);
  // The integers that the hardware is held to are those of TensorFlow Lite's own kernels.
  const { operators } = compareWithReference(network, reference, findBySources(sources));
  expect(operators.length).toBe(15);
  for (const { mismatches } of operators) expect(mismatches).toBe(0);
  const found = exploreForBoard(network);
  expect(found.accelerator.chunks.every(({ form }) => form === 'tflite')).toBe(true);
  const images = Int32Array.from(new Int8Array(reference.input));
  const { runs } = await verify(network, found, images, { latency: 7, throughput: 7 });
  for (const { simulated } of runs[0]?.epochs ?? [])
    expect(simulated).toBe(Math.round(found.latencyMilliseconds * pynqZ2.clockMegahertz * 1e3));
  expect(runs[0]?.epochs.length).toBe(7);
  // Two products a DSP block: no other design of the space is as fast.
  expect(found.chunks[0]?.multiplier).toBe('dsp2');
  expect(found.latencyMilliseconds).toBeLessThan(0.5);
});

test('TFC-2W2A: weights of two bits take no DSP', { timeout }, async () => {
  const { network } = importModel(fixture('qonnx-tfc-2w2a/tfc_2w2a.onnx'));
  const found = exploreForBoard(network);
  for (const { multiplier, weightBits } of found.accelerator.chunks)
    expect({ multiplier, weightBits }).toEqual({ multiplier: 'lut', weightBits: 2 });
  const { images } = loadFixtureImages();
  // The host's part: 2 x - 1, to the nearest of -1, 0, 1, of grey levels x from 0 to 1.
  const stored = Int32Array.from(images, (pixel) => Math.round((2 * pixel) / 255 - 1));
  const count = images.length / (28 * 28);
  expect(count).toBe(256);
  await verify(network, found, stored, { latency: count, throughput: count });
});
