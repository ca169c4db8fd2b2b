// Every strategy runs to its end, and does what it is named for: seen in the paths it sends through the shared network,
// in the tensors that stay alive for the backward pass, and in what it asks of the hardware.

import { describe, expect, test, vi } from 'vitest';
import { type Architecture, createArchitecture } from '../../src/search/architecture.ts';
import { stepByReward } from '../../src/search/architecture-step.ts';
import { CostModel, type HardwareOracle } from '../../src/search/hardware.ts';
import type { CostTerm } from '../../src/search/objective.ts';
import type { Preset, SearchSettings } from '../../src/search/preset.ts';
import { nano } from '../../src/search/presets/index.ts';
import { imagePassesOf, type Settled, searchChoices } from '../../src/search/search-choices.ts';
import * as strategies from '../../src/search/strategies/index.ts';
import type { Strategy } from '../../src/search/strategy.ts';
import type { TraceRecord } from '../../src/search/trace.ts';
import { superkernel } from '../../src/supernet/encodings/index.ts';
import { softmax } from '../../src/supernet/sampling.ts';
import { layersOf, pointName } from '../../src/supernet/space.ts';
import { type LayerPath, Supernet } from '../../src/supernet/supernet.ts';
import { tensorBytes, tensorCount } from '../../src/tensor/index.ts';
import { createRng } from '../../src/util/rng.ts';
import { loadFixtureDataset } from '../support/fixture-images.ts';
import { macOracle } from './mac-oracle.ts';

const preset: Preset = {
  ...nano,
  space: {
    ...nano.space,
    stem: { channels: 8, kernel: 3, stride: 2 },
    candidates: ['k3e1', 'k3e3', 'k5e3', 'skip'],
    bits: [3, 4, 8],
  },
  search: {
    ...nano.search,
    images: 128,
    batchSize: 16,
    floatEpochs: 1,
    quantizedEpochs: 1,
    searchEpochs: 2,
    costWeight: 1,
  },
  training: { ...nano.training, images: 64, batchSize: 16 },
};
const { space } = preset;
const dataset = loadFixtureDataset();
const cost: CostTerm = { weight: 1, form: 'linear', targetCycles: 1000 };

/** One forward pass through the shared network. */
interface Pass {
  readonly paths: readonly LayerPath[];
  /** Bytes alive at its end, less those before it. */
  readonly bytes: number;
  readonly supernet: Supernet;
}

interface Observed extends Settled {
  readonly passes: readonly Pass[];
  readonly trace: readonly TraceRecord[];
  /** Networks that gamma* was asked for. */
  readonly solved: readonly string[];
  /** Tensors that the search left behind. */
  readonly left: number;
}

const { forward } = Supernet.prototype;
const observed = new Map<string, Promise<Observed>>();

/** A whole search, watched; the same one is run once for all tests. */
function observe(strategy: Strategy, changes: Partial<SearchSettings> = {}): Promise<Observed> {
  const key = `${strategy.name} ${JSON.stringify(changes)}`;
  const known = observed.get(key) ?? watch(strategy, changes);
  observed.set(key, known);
  return known;
}

async function watch(strategy: Strategy, changes: Partial<SearchSettings>): Promise<Observed> {
  const passes: Pass[] = [];
  vi.spyOn(Supernet.prototype, 'forward').mockImplementation(function (this: Supernet, ...given) {
    const before = tensorBytes();
    const logits = forward.apply(this, given);
    passes.push({ paths: given[1], bytes: tensorBytes() - before, supernet: this });
    return logits;
  });
  const solved: string[] = [];
  const oracle: HardwareOracle<null> = {
    ...macOracle,
    refresh(network) {
      solved.push(network.operators.map(({ name }) => name).join());
      return macOracle.refresh(network);
    },
  };
  const trace: TraceRecord[] = [];
  const own = { ...preset, search: { ...preset.search, ...changes } };
  const tensors = tensorCount();
  const settled = await searchChoices(
    {
      ...{ strategy, dataset, cost, preset: own },
      costModel: new CostModel(space, oracle),
      rng: createRng(4),
    },
    { onTrace: (record) => trace.push(record) },
  );
  vi.restoreAllMocks();
  return { ...settled, passes, trace, solved, left: tensorCount() - tensors };
}

const widthsOf = ({ paths }: Pass): (readonly number[])[] =>
  paths.flatMap(({ mixture }) => (mixture === undefined ? [] : [mixture.shares]));
const isHard = (shares: readonly number[]): boolean => Math.max(...shares) === 1;
/** Passes that logits learn from, or that weights do, once bits are searched. */
const logitPasses = ({ passes }: Observed): Pass[] =>
  passes.filter(({ paths }) => paths[0]?.mixture?.gate !== undefined);
const weightPasses = ({ passes }: Observed): Pass[] =>
  passes.filter(({ paths }) => paths[0]?.mixture && paths[0].mixture.gate === undefined);
const blocksOf = ({ paths }: Pass): number[] => paths.map(({ blocks }) => blocks.length);
const everyBlock = layersOf(space).map(({ candidates }) => candidates.length);

describe.each(Object.values<Strategy>(strategies))('$name', (strategy) => {
  test('ends with a point of the space and leaves no tensor behind', async () => {
    const { choices, architecture, trace, left } = await observe(strategy);
    expect(left).toBe(0);
    layersOf(space).forEach(({ candidates }, l) => {
      expect(candidates).toContain(choices[l]?.block);
      expect(space.bits).toContain(choices[l]?.bits);
    });
    expect(architecture.proposals.length).toBeGreaterThan(0);
    if (strategy.supernet) expect(trace.every(({ loss }) => Number.isFinite(loss))).toBe(true);
    // What does not learn stays at its largest.
    const learns = { blocks: false, bits: false };
    for (const stage of strategy.stages) {
      learns.blocks ||= stage.blocks;
      learns.bits ||= stage.bits;
    }
    if (strategy.stages.length > 0 && !learns.bits)
      expect(choices.every(({ bits }) => bits === 8)).toBe(true);
    if (strategy.stages.length > 0 && !learns.blocks)
      expect(choices.every(({ block }) => block === 'k5e3')).toBe(true);
  });
});

test('auto-nba: soft bits for weights, hard for logits; one path forward, K backward; gamma* follows', async () => {
  const seen = await observe(strategies.autoNba);
  expect(weightPasses(seen).every((pass) => blocksOf(pass).every((count) => count === 1))).toBe(
    true,
  );
  expect(weightPasses(seen).every((pass) => !widthsOf(pass).some(isHard))).toBe(true);
  for (const pass of logitPasses(seen)) {
    expect(blocksOf(pass)).toEqual([2, 2]);
    expect(pass.paths.some(({ mixes }) => mixes)).toBe(false);
    expect(widthsOf(pass).every(isHard)).toBe(true);
  }
  // Once an epoch, for the network that stands then.
  const epochCycles = seen.trace.flatMap((record) => record.epochCycles ?? []);
  expect(epochCycles.length).toBe(logitPasses(seen).length);
});

test('sequential: blocks at full bits first, then bits of one network; hardware is solved once', async () => {
  const seen = await observe(strategies.sequential);
  const joint = logitPasses(seen);
  const [first, second] = [joint.slice(0, joint.length / 2), joint.slice(joint.length / 2)];
  expect(first.every((pass) => widthsOf(pass).every((shares) => shares.join() === '0,0,1'))).toBe(
    true,
  );
  expect(
    new Set(second.map(({ paths }) => paths.map(({ blocks }) => blocks.join()).join())),
  ).toHaveProperty('size', 1);
  expect(new Set(second.map((pass) => widthsOf(pass).join(' '))).size).toBeGreaterThan(1);
  expect(seen.solved).toHaveLength(1);
});

test('random: no shared network, as many points as the image passes pay for, the best by reward', async () => {
  const seen = await observe(strategies.random);
  expect(seen.passes).toHaveLength(0);
  const { proposals, own } = seen.architecture;
  expect(proposals).toHaveLength(Math.floor(imagePassesOf(preset) / (2 * 64)));
  expect(new Set(proposals.map(pointName)).size).toBeGreaterThan(1);
  expect(seen.choices).toEqual(proposals[own.logits.indexOf(Math.max(...own.logits))]);
});

test('darts and fbnet compute and keep all paths in every step, gdas one', async () => {
  const one = await observe(strategies.gdas);
  const every = await observe(strategies.darts);
  const table = await observe(strategies.fbnet);
  const most = (seen: Observed): number => Math.max(...logitPasses(seen).map(({ bytes }) => bytes));
  expect(logitPasses(one).every((pass) => blocksOf(pass).join() === '1,1')).toBe(true);
  for (const seen of [every, table])
    for (const pass of [...logitPasses(seen), ...weightPasses(seen)]) {
      expect(blocksOf(pass)).toEqual(everyBlock);
      expect(pass.paths.every(({ mixes }) => mixes === true)).toBe(true);
    }
  // Four candidates, one of them free: about three times the maps of one.
  expect(most(every) / most(one)).toBeGreaterThan(1.8);
  expect(most(table) / most(one)).toBeGreaterThan(1.8);
  // DARTS draws nothing, FBNet perturbs its shares and reads a table that is made once.
  expect(every.solved).toHaveLength(0);
  expect(table.solved).toHaveLength(1);
});

test('auto-nba keeps no more alive than one path, whatever K', async () => {
  const bytes = async (paths: number): Promise<number> => {
    const seen = await observe(strategies.autoNba, { paths });
    // A pass that samples skip has fewer maps; the largest compare like with like.
    return Math.max(...logitPasses(seen).map((pass) => pass.bytes));
  };
  const [one, four] = [await bytes(1), await bytes(4)];
  expect(four / one).toBeLessThan(1.25);
});

test('gdas: one path is computed, and every logit learns through the shares', async () => {
  const { architecture } = await observe(strategies.gdas);
  for (const { logits } of architecture.blocks) {
    expect(new Set(logits).size).toBe(logits.length);
    expect(logits.every((logit) => logit !== 0)).toBe(true);
  }
});

test('proxyless: two gates are updated in a step, all others keep their probability', async () => {
  const seen = await observe(strategies.proxyless, { images: 32, searchEpochs: 1 });
  expect(logitPasses(seen)).toHaveLength(1);
  expect(blocksOf(logitPasses(seen)[0] as Pass)).toEqual([2, 2]);
  seen.architecture.blocks.forEach(({ logits, steps }) => {
    expect(steps.filter((count) => count === 1)).toHaveLength(2);
    steps.forEach((count, i) => {
      const even = 1 / logits.length;
      if (count === 0) expect(softmax(logits)[i]).toBeCloseTo(even, 12);
      else expect(softmax(logits)[i]).not.toBeCloseTo(even, 6);
    });
  });
});

test('dnas holds a copy of every weight per bitwidth, the others one set', async () => {
  const sizeOf = ({ passes }: Observed): number =>
    passes[0]?.supernet.weightVariables().filter(({ isKernel }) => isKernel).length ?? 0;
  const shared = await observe(strategies.edMips);
  const copied = await observe(strategies.dnas);
  // Stem, head and classifier are there once; each layer has three kernels per set.
  expect(sizeOf(shared)).toBe(3 + 2 * 3);
  expect(sizeOf(copied)).toBe(3 + 2 * 3 * space.bits.length);
  const bytes = (seen: Observed): number =>
    Math.max(...logitPasses(seen).map((pass) => pass.bytes));
  expect(bytes(copied) / bytes(shared)).toBeGreaterThan(1.8);
});

test('ed-mips: soft shares for weights and for logits, without chance', async () => {
  const seen = await observe(strategies.edMips);
  const even = Float64Array.of(1 / 3, 1 / 3, 1 / 3).join();
  expect(widthsOf(logitPasses(seen)[0] as Pass).map((shares) => shares.join())).toEqual([
    even,
    even,
  ]);
  for (const pass of [...weightPasses(seen), ...logitPasses(seen)])
    expect(widthsOf(pass).some(isHard)).toBe(false);
});

test('spos: uniform paths and widths, no logit learns, and evolution ends with its best', async () => {
  const seen = await observe(strategies.spos);
  expect(logitPasses(seen)).toHaveLength(0);
  expect(seen.architecture.blocks.flatMap(({ logits }) => logits).every((l) => l === 0)).toBe(true);
  expect(weightPasses(seen).every((pass) => widthsOf(pass).every(isHard))).toBe(true);
  const widths = new Set(weightPasses(seen).flatMap((pass) => widthsOf(pass).map(String)));
  expect(widths.size).toBe(space.bits.length);
  expect(seen.choices).toEqual(seen.architecture.proposals.at(-1));
  expect(seen.solved.length).toBeGreaterThan(8);
});

test('edd: parallel factors are real numbers that learn, within the multipliers', async () => {
  const seen = await observe(strategies.edd, { searchEpochs: 8, images: 192 });
  expect(seen.solved).toHaveLength(0);
  const factors = seen.trace.flatMap(({ own }) => (own === undefined ? [] : [own.map(Math.exp)]));
  const [first, last] = [factors[0] ?? [], factors.at(-1) ?? []];
  expect(first).not.toEqual(last);
  const total = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0);
  expect(total(last)).toBeGreaterThan(0.7 * macOracle.multipliers);
  expect(total(last)).toBeLessThan(1.2 * macOracle.multipliers);
  // Dense layers have most of the work, so they get most of the factors.
  expect(last[0]).toBeGreaterThan(last[1] ?? 0);
});

test('mnas-rl: no gradient through the network; what brings more reward than usual becomes likelier', async () => {
  const seen = await observe(strategies.mnasRl);
  expect(logitPasses(seen)).toHaveLength(0);
  // Each drawn network is solved for itself.
  expect(seen.solved.length).toBeGreaterThan(2);

  const step = (baseline: number): Architecture => {
    const architecture = createArchitecture(space, [baseline]);
    architecture.settled = { blocks: true, bits: false };
    const supernet = new Supernet(space, superkernel, createRng(1));
    stepByReward(
      {
        ...{ supernet, space, architecture, cost, images: dataset.train, paths: 2 },
        strategy: strategies.mnasRl,
        axes: { blocks: true, bits: false },
        costModel: new CostModel(space, macOracle),
        table: undefined,
        adam: { learningRate: 0.1, beta1: 0.5, beta2: 0.999 },
      },
      [0, 1, 2, 3],
      1,
      createRng(5),
    );
    supernet.dispose();
    return architecture;
  };
  const [lucky, unlucky] = [step(-1), step(2)];
  lucky.blocks.forEach(({ logits }, layer) => {
    const drawn = logits.indexOf(Math.max(...logits));
    expect(logits[drawn]).toBeGreaterThan(0);
    const other = unlucky.blocks[layer]?.logits ?? [];
    expect(other[drawn]).toBe(Math.min(...other));
  });
});
