// `autonba ablate`: the joint search with one thing changed at a time.

import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDataset } from '../../data/open-dataset.ts';
import type { Ablation } from '../../search/ablation.ts';
import * as ablations from '../../search/ablations/index.ts';
import { type Preset, presets } from '../../search/index.ts';
import { toy } from '../../search/presets/toy.ts';
import { quartilesOf, regretOf } from '../../search/regret.ts';
import { runToy, type ToyRun, toyTruth } from '../../search/toy-runs.ts';
import known from '../../search/toy-truth.json' with { type: 'json' };
import { runTrained, type TrainedRun } from '../../search/trained-runs.ts';
import { InvalidConfigError } from '../../util/errors.ts';
import { hashOf, writeFileAtomic } from '../../util/json.ts';
import { pick } from '../../util/pick.ts';
import { defineCommand } from '../command.ts';
import { deviceOf } from '../data-arguments.ts';
import { textTable } from '../estimate-text.ts';

/** How variants are compared on a preset. */
interface Comparison<Run> {
  readonly title: string;
  /** Of everything beside variant and seed that a run follows from. */
  readonly identity: string;
  run(variant: Ablation, preset: Preset, seed: number): Promise<Run>;
  /** Figures of a run in percent. */
  figures(run: Run): Readonly<Record<string, number>>;
}

/** Against the known truth: only choices are kept, so that a better truth judges old runs anew. */
function onToy(): Comparison<ToyRun> {
  const truth = toyTruth(known.points, toy);
  const dataset = openDataset(toy.dataset, toy.space.input);
  return {
    title: 'regret on the toy, whose optimum is known',
    identity: 'toy',
    run: ({ strategy, hardware }, preset, seed) =>
      runToy(preset, strategy, dataset, seed, { ...hardware, seed }),
    figures({ choices, proposals }) {
      const { reward, hypervolume } = regretOf(truth, choices, proposals);
      return { 'reward regret': 100 * reward, 'hypervolume regret': 100 * hypervolume };
    },
  };
}

/** By what was found, trained from scratch and put on its best accelerator. */
function onTrained(preset: Preset, deviceName: string): Comparison<TrainedRun> {
  const device = deviceOf(deviceName);
  const dataset = openDataset(preset.dataset, preset.space.input);
  return {
    title: `networks found in ${preset.name}, trained, on their best accelerators for ${deviceName}`,
    identity: hashOf(device),
    run: ({ strategy, hardware }, changed, seed) =>
      runTrained(changed, strategy, dataset, seed, device, { ...hardware, seed }),
    figures: ({ accuracy, epochCycles, reward }) => ({
      reward: 100 * reward,
      accuracy: 100 * accuracy,
      'frames/s': (device.clockMegahertz * 1e6) / epochCycles,
    }),
  };
}

interface Kept<Run> {
  readonly request: string;
  readonly run: Run;
}

function readKept<Run>(path: string): Map<string, Run> {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  // A process that was killed may have left half a line, and the next would be glued to it.
  if (whole !== text) writeFileAtomic(path, whole);
  const lines = whole.split('\n').filter(Boolean);
  return new Map(
    lines.map((line) => JSON.parse(line) as Kept<Run>).map(({ request, run }) => [request, run]),
  );
}

interface Wish {
  readonly preset: Preset;
  readonly variants: readonly Ablation[];
  readonly seeds: number;
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onRun: (done: number, name: string) => void;
}

/** Runs what has not been run before. @return runs by variant */
async function runAll<Run>(
  comparison: Comparison<Run>,
  { preset, variants, seeds, folder, signal, onRun }: Wish,
): Promise<ReadonlyMap<string, readonly Run[]>> {
  const path = join(folder, 'runs.jsonl');
  mkdirSync(folder, { recursive: true });
  const kept = readKept<Run>(path);
  const results = new Map<string, Run[]>(variants.map(({ name }) => [name, []]));
  let done = 0;
  // Seed after seed, so that an interrupted run has a little of everything.
  for (let seed = 1; seed <= seeds; seed += 1)
    for (const variant of variants) {
      signal.throwIfAborted();
      const { name, settings, hardware } = variant;
      const changed = { ...preset, search: { ...preset.search, ...settings } };
      const points = hardware?.points ?? 0;
      const { identity } = comparison;
      const request = hashOf({ name, seed, preset: changed, points, identity });
      let run = kept.get(request);
      if (run === undefined) {
        run = await comparison.run(variant, changed, seed);
        appendFileSync(path, `${JSON.stringify({ request, run })}\n`);
      }
      results.get(name)?.push(run);
      done += 1;
      onRun(done, name);
    }
  return results;
}

const cell = (values: readonly number[]): string => {
  const [low, middle, high] = quartilesOf(values).map((value) =>
    value >= 1000 ? Math.round(value).toLocaleString('en-US') : value.toFixed(1),
  );
  return `${middle} (${low} to ${high})`;
};

/** Quartiles of every figure for every variant, as rows and as a table. */
function compare<Run>(
  { title, figures }: Comparison<Run>,
  variants: readonly Ablation[],
  results: ReadonlyMap<string, readonly Run[]>,
) {
  const rows = variants.map(({ name, summary }) => {
    const runs = (results.get(name) ?? []).map(figures);
    const names = Object.keys(runs[0] ?? {});
    return {
      ...{ name, summary, seeds: runs.length },
      values: Object.fromEntries(names.map((key) => [key, runs.map((run) => run[key] ?? 0)])),
    };
  });
  const keys = Object.keys(rows[0]?.values ?? {});
  const table = textTable([
    ['', ...keys],
    ...rows.map(({ name, values }) => [name, ...keys.map((key) => cell(values[key] ?? []))]),
  ]);
  const text = table.map((line, row) => `${line}  ${rows[row - 1]?.summary ?? ''}`.trimEnd());
  return {
    rows: rows.map(({ values, ...row }) => ({
      ...row,
      quartiles: Object.fromEntries(keys.map((key) => [key, quartilesOf(values[key] ?? [])])),
    })),
    text: [`${title}: medians (quartiles) over seeds`, ...text].join('\n'),
  };
}

export const ablate = defineCommand({
  options: {
    preset: {
      type: 'string',
      default: 'toy',
      describe: 'space: toy is judged by its truth, any other by what it finds, trained',
    },
    device: { type: 'string', default: 'zc706', describe: 'target, of any preset but toy' },
    seeds: { type: 'number', default: 10, describe: 'runs of each variant' },
    only: { type: 'string', describe: 'variants, by comma; all where absent' },
    out: { type: 'string', default: 'runs/ablate', describe: 'folder; finished runs are kept' },
  },
  examples: [
    ['autonba ablate --only joint,soft-only,hard-only --seeds 3', 'three variants'],
    ['autonba ablate --preset micro --seeds 3', 'where every network found is trained'],
  ],
  async run({ preset: name, device, seeds, only, out }, { signal, progress }) {
    if (!Number.isInteger(seeds) || seeds < 1)
      throw new InvalidConfigError(`--seeds is ${seeds}`, 'give a whole number from 1');
    const variants: Ablation[] =
      only === undefined
        ? Object.values(ablations)
        : only.split(',').map((one) => pick<Ablation>('ablation', ablations, one));
    const preset: Preset = pick('preset', presets, name);
    const answer = async <Run>(comparison: Comparison<Run>) => {
      const bar = progress('ablation', variants.length * seeds);
      const onRun = (done: number, variant: string): void => bar.update(done, variant);
      const wish = { preset, variants, seeds, folder: out, signal, onRun };
      const results = await runAll(comparison, wish).finally(() => bar.stop());
      const { rows, text } = compare(comparison, variants, results);
      return { document: { preset: preset.name, seeds, rows }, text };
    };
    return preset.name === toy.name ? answer(onToy()) : answer(onTrained(preset, device));
  },
});
