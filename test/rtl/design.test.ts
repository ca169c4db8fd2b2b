// A trained network as generated hardware: lint, bits and cycles of real images, and what must be noticed.

import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Design } from '../../src/cost/design.ts';
import { encodeCases } from '../../src/emit/case-file.ts';
import { generateDirectory } from '../../src/emit/generate.ts';
import { writeSourceTree } from '../../src/emit/source-tree.ts';
import { accuracy, runInteger } from '../../src/integer/run.ts';
import { lowerDesign } from '../../src/lower/lower.ts';
import type { Operator } from '../../src/network/network.ts';
import { defaultMemory } from '../../src/schedule/memory.ts';
import { defined, InvalidConfigError } from '../../src/util/errors.ts';
import { findTool } from '../../src/util/tools.ts';
import { locateMismatch, type Mismatch } from '../../src/verify/compare.ts';
import { buildSimulator, lintFolder, runSimulator } from '../../src/verify/simulator.ts';
import {
  type GeneratedDirectory,
  readGenerated,
  verifyGenerated,
} from '../../src/verify/verify.ts';
import { fixtureInput, loadFixtureDesign } from '../support/fixture-design.ts';
import { loadFixtureImages } from '../support/fixture-images.ts';

// A guard against hanging, not a claim: two simulators are built.
const timeout = 1_200_000;
const design = loadFixtureDesign();
const images = fixtureInput(16);
const slow = { readLatencyCycles: 47, beatCycles: 2, outstandingBursts: 3, writeLatencyCycles: 21 };
let folder = '';
let generated: GeneratedDirectory;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'design-test-'));
  writeSourceTree(folder, generateDirectory(design, defaultMemory, images));
  generated = readGenerated(folder);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('the network is the trained one', () => {
  const { images: pixels, labels } = loadFixtureImages();
  expect(accuracy(design.network, pixels, labels)).toBeGreaterThan(0.8);
});

test('it lints without a warning', { timeout }, async () => {
  const rtl = generated.files.filter((path) => path.startsWith('rtl/'));
  expect(rtl.length).toBeGreaterThan(15);
  await lintFolder(folder, generated.top, rtl);
});

test('real images: every bit and every cycle, two memories, both modes', { timeout }, async () => {
  const runs = [defaultMemory, slow].flatMap((memory) => [
    { mode: 'latency' as const, memory, images: 2 },
    { mode: 'throughput' as const, memory, images: 13 },
  ]);
  const verdict = await verifyGenerated(generated, { runs, images });
  expect(verdict.bitExact).toBe(true);
  expect(verdict.cycleExact).toBe(true);
  verdict.runs.forEach((run, k) => {
    expect(run.problem).toBe(null);
    expect(run.firstMismatch).toBe(null);
    expect(run.layers.length).toBe(16);
    for (const layer of run.layers) expect(layer.simulatedCycles).toBe(layer.predictedCycles);
    const isThroughput = run.mode === 'throughput';
    // Eleven epochs to fill and drain; with 13 images, epoch 10 has every layer of both chunks at work.
    expect(run.epochs.length).toBe(isThroughput ? 13 + 10 : 2);
    for (const { predicted, simulated } of run.epochs) expect(simulated).toBe(predicted);
    expect(run.chunks.length).toBe(isThroughput ? 2 : 0);
    for (const { predicted, simulated } of run.chunks) expect(simulated).toBe(predicted);
    expect(run.memory).toEqual(runs[k]?.memory);
  });
  const [fast, , slower] = verdict.runs;
  expect(slower?.simulatedCycles).toBeGreaterThan(fast?.simulatedCycles ?? 0);
});

test.each([1, 2])('stalls of seed %i cost cycles, never bits', { timeout }, async (stalls) => {
  const runs = [{ mode: 'latency' as const, memory: defaultMemory, images: 1 }];
  const verdict = await verifyGenerated(generated, { runs, images, stalls });
  expect(verdict.bitExact).toBe(true);
  expect(verdict.cycleExact).toBe(false);
  for (const { layers } of verdict.runs)
    for (const { simulatedCycles, predictedCycles } of layers)
      expect(simulatedCycles).toBeGreaterThan(predictedCycles);
});

/** Runs one image on the hardware of one design against the tensors of a model; where they first differ. */
async function firstDifference(
  hardware: Design,
  tensors: ReadonlyMap<string, Int32Array>,
): Promise<Mismatch | null> {
  const plan = lowerDesign(hardware, defaultMemory);
  // The files that verifyGenerated builds from, so that both share one simulator.
  const wanted = generated.files.filter((path) =>
    /^(rtl|lint)\/|^tb\/(harness\.cpp|binding\.hpp)$/.test(path),
  );
  const files = new Map(wanted.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
  const simulator = await buildSimulator({ top: generated.top, chunks: plan.chunks.length, files });
  const caseFile = join(folder, 'one-image.bin');
  const simulation = { plan, memory: defaultMemory, tensors, limitCycles: 1_000_000 };
  writeFileSync(caseFile, encodeCases([{ ...simulation, mode: 'latency', images: 1 }]));
  const { cases } = await runSimulator(simulator, caseFile);
  expect(cases.length).toBe(1);
  return locateMismatch(plan, cases[0]?.firstMismatch ?? null);
}

test('one weight that differs is found in its layer and channel', { timeout }, async () => {
  const tensors = runInteger(design.network, images, 1);
  expect(await firstDifference(design, tensors)).toBe(null);

  const channel = 5;
  const operators = design.network.operators.map((operator): Operator => {
    if (operator.kind !== 'conv' || operator.name !== 'stem') return operator;
    const parameters = defined(operator.parameters, 'weights of the stem');
    const weights = Int16Array.from(parameters.weights);
    const centre = channel * 9 + 4;
    weights[centre] = (weights[centre] ?? 0) ^ 16;
    return { ...operator, parameters: { ...parameters, weights } };
  });
  const found = await firstDifference(
    { ...design, network: { ...design.network, operators } },
    tensors,
  );
  expect(found).toMatchObject({ layer: 'stem', image: 0, channel });
  expect(found?.got).not.toBe(found?.expected);
});

test('one expected value that differs is found where it is', { timeout }, async () => {
  const tensors = new Map(runInteger(design.network, images, 1));
  const name = 'b2_add';
  const values = Int32Array.from(defined(tensors.get(name), name));
  const [row, column, channel] = [3, 6, 17];
  const at = (row * 7 + column) * 24 + channel;
  const got = defined(values[at], 'a value');
  values[at] = got ^ 1;
  tensors.set(name, values);
  expect(await firstDifference(design, tensors)).toEqual({
    layer: 'b2_project',
    image: 0,
    channel,
    row,
    column,
    expected: got ^ 1,
    got,
  });
});

/** A folder of everything on PATH but node and what comes with it. */
function pathWithoutNode(into: string): string {
  mkdirSync(into);
  const seen = new Set(['node', 'nodejs', 'npm', 'npx', 'corepack', 'tsx']);
  for (const part of (process.env.PATH ?? '').split(delimiter)) {
    if (part === '' || part.includes('node_modules') || !existsSync(part)) continue;
    for (const name of readdirSync(part)) {
      if (seen.has(name)) continue;
      seen.add(name);
      symlinkSync(join(part, name), join(into, name));
    }
  }
  return into;
}

test('on a machine without node, `make lint sim` passes with the promised cycles', {
  timeout,
}, async () => {
  const place = mkdtempSync(join(tmpdir(), 'design-make-'));
  try {
    const copy = join(place, 'copied');
    cpSync(folder, copy, { recursive: true });
    const tool = findTool('verilator');
    const env = {
      PATH: pathWithoutNode(join(place, 'bin')),
      ...(tool.root === null ? {} : { VERILATOR_ROOT: tool.root }),
    };
    const options = { cwd: copy, env, extendEnv: false, reject: false } as const;
    const node = await execa('sh', ['-c', 'command -v node'], options);
    expect(node.exitCode).not.toBe(0);
    const make = await execa('make', ['lint', 'sim', `VERILATOR=${tool.path}`], options);
    expect(`${make.stderr}\nexit code ${make.exitCode}`).toMatch(/exit code 0$/);
    expect(make.stdout).not.toMatch(/%Warning|DIFFERENT|FAILED/);
    const { predicted } = JSON.parse(readFileSync(join(copy, 'manifest.json'), 'utf8')) as {
      predicted: {
        layers: { name: string; chunk: number; cycles: number }[];
        epochCycles: number;
        latencyCycles: number;
      };
    };
    const lines = make.stdout.split('\n').map((line) => line.trim().replaceAll(/ +/g, ' '));
    // Two cases, each with every layer, predicted and simulated.
    for (const { name, chunk, cycles } of predicted.layers)
      expect(lines.filter((line) => line === `${name} ${chunk} ${cycles} ${cycles}`).length).toBe(
        2,
      );
    const { epochCycles, latencyCycles } = predicted;
    expect(lines).toContain(`image 1 all ${latencyCycles} ${latencyCycles}`);
    expect(lines.filter((line) => line.startsWith('epoch ')).length).toBe(6 + 10);
    expect(epochCycles).toBeGreaterThan(0);
    expect(lines.at(-1)).toMatch(/^all equal, /);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
});

test.each(['rtl/nba_array.sv', 'tb/harness.cpp', 'design.json', 'mem/weights.mem', 'Makefile'])(
  'a changed %s is refused',
  (path) => {
    const copy = mkdtempSync(join(tmpdir(), 'design-copy-'));
    try {
      cpSync(folder, copy, { recursive: true });
      expect(readGenerated(copy).top).toBe(generated.top);
      const bytes = readFileSync(join(copy, path));
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
      writeFileSync(join(copy, path), bytes);
      expect(() => readGenerated(copy)).toThrow(InvalidConfigError);
      expect(() => readGenerated(copy)).toThrow(`${path}" was changed since it was generated`);
      rmSync(join(copy, path));
      expect(() => readGenerated(copy)).toThrow(`${path}" is missing`);
    } finally {
      rmSync(copy, { recursive: true });
    }
  },
);
