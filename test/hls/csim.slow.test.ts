// The HLS C++ against the integer model: random layers, the trained network and ResNet-8, every tensor, one build.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { zc706 } from '../../src/accelerator/devices/zc706.ts';
import type { Design } from '../../src/cost/design.ts';
import type { SimulationCase } from '../../src/emit/case-file.ts';
import { generateDirectory } from '../../src/emit/generate.ts';
import { estimateDesign, estimateLayer } from '../../src/emit/hls-estimate.ts';
import { writeSourceTree } from '../../src/emit/source-tree.ts';
import { explore } from '../../src/explore/explore.ts';
import { importModel } from '../../src/import/import-model.ts';
import { readReference } from '../../src/import/reference.ts';
import { runInteger } from '../../src/integer/run.ts';
import { lowerDesign } from '../../src/lower/lower.ts';
import type { HardwarePlan } from '../../src/lower/plan.ts';
import { defaultMemory } from '../../src/schedule/memory.ts';
import { defined } from '../../src/util/errors.ts';
import { runTool } from '../../src/util/tools.ts';
import { namedNetlist, type ShapeName } from '../../src/verify/netlists.ts';
import { type RandomCase, randomCase } from '../../src/verify/random-case.ts';
import { roomOf } from '../../src/verify/selfcheck.ts';
import { goldenDesign } from '../emit/golden-design.ts';
import { fixtureInput, loadFixtureDesign } from '../support/fixture-design.ts';
import { type CsimRun, hlsHeaders, joinPlans, runCsim } from './support/csim.ts';

// Both kinds and forms, adds, poolings, on-chip memory, both multipliers, slots of 4, 8 and 16 bits.
const shapes: readonly ShapeName[] = [
  's2x4x4',
  'd3x8',
  's1x8x16w4',
  'd1x16w4',
  's2x4x24',
  'd4x1a16',
  's2x4x8t',
  'd2x8t',
];
const perShape = 8;
// A guard against hanging, not a claim.
const timeout = 1_800_000;
const headers = hlsHeaders();

const latency = (plan: HardwarePlan, images: number, tensors: SimulationCase['tensors']) => ({
  ...{ plan, images, tensors, memory: defaultMemory, limitCycles: 1 },
  mode: 'latency' as const,
});
const caseOfRandom = ({ netlist, design, memory, mode, images, imageCount }: RandomCase) => {
  const plan = lowerDesign(design, memory, roomOf(netlist));
  return { ...latency(plan, imageCount, runInteger(design.network, images, imageCount)), mode };
};

/** The imported int8 network on the accelerator that is best for it, and the fixture's seven images. */
function residualNetwork(): { readonly plan: HardwarePlan; readonly case: SimulationCase } {
  const fixture = fileURLToPath(new URL('../fixtures/mlperf-tiny-resnet8/', import.meta.url));
  const { network } = importModel(`${fixture}resnet8.tflite`);
  const { accelerator } = explore(network, zc706);
  const provenance = { strategy: 'exact', seed: 1, device: 'zc706' };
  const design: Design = { name: 'resnet8', network, accelerator, provenance };
  const plan = lowerDesign(design, defaultMemory);
  const { images, input } = readReference(`${fixture}vectors.json`);
  const stored = Int32Array.from(Int8Array.from(input));
  return { plan, case: latency(plan, images, runInteger(network, stored, images)) };
}

describe.skipIf(headers === undefined)('with the public headers', () => {
  const cases: SimulationCase[] = [];
  const drawn: RandomCase[] = [];
  let run: CsimRun;
  beforeAll(async () => {
    const random = shapes.map((shape, s) =>
      Array.from({ length: perShape }, (_, k) =>
        randomCase(namedNetlist(shape), 880_000 + s * 1000 + k),
      ),
    );
    drawn.push(...random.flat());
    const simulations = random.map((group) => group.map(caseOfRandom));
    const trained = loadFixtureDesign();
    const trainedPlan = lowerDesign(trained, defaultMemory);
    const tensors = runInteger(trained.network, fixtureInput(14), 14);
    const residual = residualNetwork();
    const plans = simulations.map((group) => defined(group[0], 'case').plan);
    const joined = joinPlans([...plans, trainedPlan, residual.plan]);
    simulations.forEach((group, s) => {
      for (const one of group) cases.push(joined.caseOf(s, one));
    });
    const s = shapes.length;
    cases.push(joined.caseOf(s, latency(trainedPlan, 2, tensors)));
    const throughput = { ...latency(trainedPlan, 14, tensors), mode: 'throughput' as const };
    cases.push(joined.caseOf(s, throughput));
    cases.push(joined.caseOf(s + 1, residual.case));
    run = await runCsim(joined.plan, cases, defined(headers, 'headers'));
  }, timeout);
  afterAll(() => {
    const last = run.stdout.trim().split('\n').at(-1);
    process.stderr.write(`${last}; compiled in ${run.compileSeconds.toFixed(1)} s\n`);
  });

  test('every tensor of every case is the integer model’s', () => {
    const lines = run.stdout.trim().split('\n');
    const good = lines.filter((line) => line.endsWith('every tensor equal to the integer model'));
    expect(lines.filter((line) => /differs|FAILED/.test(line))).toEqual([]);
    expect(good).toHaveLength(shapes.length * perShape + 3);
    expect(run.exitCode).toBe(0);
  });

  test('the random layers are of all kinds, forms and several bit-widths', () => {
    expect(drawn.length).toBeGreaterThanOrEqual(60);
    const operators = drawn.flatMap(({ design }) => design.network.operators);
    const kinds = new Set(operators.map(({ kind }) => kind));
    for (const kind of ['conv', 'depthwiseConv', 'fullyConnected', 'add', 'averagePool', 'maxPool'])
      expect([...kinds]).toContain(kind);
    const tensors = drawn.flatMap(({ design }) => design.network.tensors);
    expect(new Set(tensors.map(({ bits }) => bits)).size).toBeGreaterThan(6);
    const forms = drawn.map(({ design }) => design.accelerator.chunks[0]?.form ?? 'half-up');
    expect(new Set(forms)).toEqual(new Set(['half-up', 'tflite']));
  });

  test('the compiler warns about nothing of ours', () => {
    // ap_int's constructors leave a value unset and then mask it; those warnings name the vendor's file.
    const own = run.warnings.filter((line) => !line.startsWith(defined(headers, 'headers')));
    expect(own).toEqual([]);
  });

  test.each([
    ['a rounding that truncates', 'nba_arithmetic.hpp', '(shifted + 1) >> 1', 'shifted >> 1'],
    [
      'the wrong bank',
      'nba_array.hpp',
      'b < wrap ? address + layer.group_pitch : address',
      'address',
    ],
  ])('%s is noticed', { timeout }, async (_what, file, from, to) => {
    const netlist = namedNetlist('s2x4x4');
    const own = Array.from({ length: 12 }, (_, k) =>
      caseOfRandom(randomCase(netlist, 880_000 + k)),
    );
    const { plan } = defined(own[0], 'case');
    const change = (path: string, text: string) => {
      if (!path.endsWith(file)) return text;
      expect(text).toContain(from);
      return text.replace(from, to);
    };
    // Calls into nothing would hang or crash, so what differs must be a tensor.
    const wrong = await runCsim(plan, own, defined(headers, 'headers'), { change, flags: '-O0' });
    expect(wrong.exitCode).toBe(1);
    expect(wrong.stdout).toContain('differs from the integer model');
  });
});

test.skipIf(headers === undefined)(
  'a generated directory simulates by make alone, and labels its estimate',
  { timeout },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'autonba-hls-'));
    try {
      const tree = generateDirectory(goldenDesign('Layer X'), defaultMemory, undefined, ['hls']);
      writeSourceTree(folder, tree);
      const make = (...args: readonly string[]) =>
        runTool('make', ['-C', join(folder, 'hls'), 'csim', ...args]);
      await expect(make('AP_INCLUDE=')).rejects.toThrow(/set AP_INCLUDE to the folder of ap_int.h/);
      const { stdout } = await make(`AP_INCLUDE=${headers}`);
      expect(stdout).toContain('estimate from the pragmas, not synthesized and not measured');
      expect(stdout).toMatch(/conv: \d+ cycles \(read/);
      expect(stdout).toMatch(/C simulation: 2 cases, all equal, \d/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

test('the estimate counts what the processes do, and says what it is', () => {
  const plan = lowerDesign(loadFixtureDesign(), defaultMemory);
  const { layers, latencyCycles, epochCycles } = estimateDesign(plan);
  layers.forEach((layer, l) => {
    const { plan: tiles } = defined(plan.layers[l], 'layer');
    expect(estimateLayer(tiles)).toEqual(layer);
    const [rows, columns, channels] = tiles.layer.outputShape;
    const lanes = plan.busBits / tiles.outputSlotBits;
    expect(layer.writeCycles).toBe(Math.ceil(channels / lanes) * rows * columns);
    expect(layer.totalCycles).toBeGreaterThanOrEqual(layer.arrayCycles);
  });
  expect(latencyCycles).toBe(layers.reduce((sum, { totalCycles }) => sum + totalCycles, 0));
  expect(epochCycles).toBeLessThan(latencyCycles);
});
