// `npm run bench:memory`: what a search needs beside a process that has loaded the backend and the data, against the number
// of bitwidths and of candidates; every figure the median of three processes. Also the child that measures one of them.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Preset } from '../src/search/index.ts';
import type { BlockName } from '../src/supernet/space.ts';

/** One measurement: a strategy on a space. */
interface Case {
  readonly what: string;
  readonly strategy: string;
  readonly encoding: string;
  readonly candidates: readonly BlockName[];
  readonly bits: readonly number[];
}

const all: readonly BlockName[] = [
  ...(['k3e1', 'k3e1g2', 'k3e3', 'k3e6', 'k5e1', 'k5e1g2', 'k5e3', 'k5e6', 'skip'] as const),
];
/** Both of the largest kind, so that more candidates add candidates and not larger maps. */
const two: readonly BlockName[] = ['k3e6', 'k5e6'];
const oneWidth = [8];
const sixWidths = [3, 4, 5, 6, 7, 8];

/** Pairs of cases whose ratio is of interest, with the bound it must keep. */
const pairs: readonly {
  readonly name: string;
  readonly bound?: number;
  readonly cases: readonly [Case, Case];
}[] = [
  {
    name: 'auto-nba, bit choices',
    bound: 1.15,
    cases: [
      { what: '1', strategy: 'auto-nba', encoding: 'superkernel', candidates: all, bits: oneWidth },
      {
        what: '6',
        strategy: 'auto-nba',
        encoding: 'superkernel',
        candidates: all,
        bits: sixWidths,
      },
    ],
  },
  {
    name: 'auto-nba, separate candidates',
    bound: 1.35,
    cases: [
      { what: '2', strategy: 'auto-nba', encoding: 'separate', candidates: two, bits: [4, 6, 8] },
      { what: '9', strategy: 'auto-nba', encoding: 'separate', candidates: all, bits: [4, 6, 8] },
    ],
  },
  {
    name: 'dnas, bit choices',
    cases: [
      { what: '1', strategy: 'dnas', encoding: 'superkernel', candidates: all, bits: oneWidth },
      { what: '6', strategy: 'dnas', encoding: 'superkernel', candidates: all, bits: sixWidths },
    ],
  },
  {
    name: 'darts, separate candidates',
    cases: [
      { what: '2', strategy: 'darts', encoding: 'separate', candidates: two, bits: [4, 6, 8] },
      { what: '9', strategy: 'darts', encoding: 'separate', candidates: all, bits: [4, 6, 8] },
    ],
  },
];

/** Measures one case in this process; bytes above the baseline. */
async function measure({ strategy, encoding, candidates, bits }: Case): Promise<number> {
  const { fashionMnist } = await import('../src/data/datasets/index.ts');
  const { exploredHardware, presets, strategies } = await import('../src/search/index.ts');
  const { CostModel } = await import('../src/search/hardware.ts');
  const { searchChoices } = await import('../src/search/search-choices.ts');
  const { zc706 } = await import('../src/accelerator/devices/index.ts');
  const { convolve, tensorFrom, tidy, valuesOf } = await import('../src/tensor/index.ts');
  const { pick } = await import('../src/util/pick.ts');
  const { createRng } = await import('../src/util/rng.ts');
  const dataset = fashionMnist.load();
  // The backend sets up its threads and kernels with the first operation.
  tidy(() => {
    const image = tensorFrom(new Float32Array(64), [1, 8, 8, 1]);
    valuesOf(convolve(image, tensorFrom(new Float32Array(9), [3, 3, 1, 1]), 1));
  });
  const baseline = process.memoryUsage.rss();
  const { micro } = presets;
  const batchSize = 128;
  const preset: Preset = {
    ...micro,
    encoding,
    space: { ...micro.space, candidates, bits },
    search: {
      ...{ ...micro.search, batchSize, images: 2 * batchSize * 6 },
      ...{ floatEpochs: 0, quantizedEpochs: 0, searchEpochs: 1 },
    },
  };
  await searchChoices({
    ...{ preset, dataset, strategy: pick('strategy', strategies, strategy), rng: createRng(1) },
    costModel: new CostModel(preset.space, exploredHardware(zc706)),
    cost: { weight: 0.1, form: 'linear', targetCycles: 10_000 },
  });
  return process.resourceUsage().maxRSS * 1024 - baseline;
}

/**
 * glibc keeps one arena of freed memory per thread: how much stays there is luck and differs by a third from process to
 * process. With one arena, and large blocks given back at once, resident bytes follow what is in use.
 */
const allocator = {
  ...process.env,
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '65536',
  MALLOC_TRIM_THRESHOLD_: '65536',
};

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);

async function inChild(index: number, side: number): Promise<number> {
  const file = fileURLToPath(import.meta.url);
  const words = ['--import', 'tsx', file, String(index), String(side)];
  const { stdout } = await promisify(execFile)(process.execPath, words, { env: allocator });
  return Number(stdout.trim().split('\n').at(-1));
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const [index, side] = process.argv.slice(2).map(Number);
if (index !== undefined && side !== undefined) {
  const chosen = pairs[index]?.cases[side];
  if (chosen === undefined) throw new Error('there is no such case');
  process.stdout.write(`${await measure(chosen)}\n`);
} else {
  let isGood = true;
  for (const [p, { name, bound, cases }] of pairs.entries()) {
    const medians: number[] = [];
    const ranges: string[] = [];
    for (const s of cases.keys()) {
      const runs: number[] = [];
      for (let run = 0; run < 3; run += 1) runs.push(await inChild(p, s));
      medians.push(median(runs));
      ranges.push(`${megabytes(Math.min(...runs))} to ${megabytes(Math.max(...runs))}`);
    }
    const [small = 0, large = 0] = medians;
    const ratio = large / small;
    if (bound !== undefined && !(ratio <= bound)) isGood = false;
    const limit =
      bound === undefined ? '' : `, at most ${bound}: ${ratio <= bound ? 'kept' : 'MISSED'}`;
    process.stdout.write(
      `${name}: ${cases[0].what} takes ${megabytes(small)} MB (${ranges[0]}), ${cases[1].what} takes ${megabytes(large)} MB (${ranges[1]}), ratio ${ratio.toFixed(2)}${limit}\n`,
    );
  }
  process.exitCode = isGood ? 0 : 1;
}
