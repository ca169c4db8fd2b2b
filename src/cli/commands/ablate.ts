// `autonba ablate`: the joint search with one thing changed at a time, on the space whose truth is known.

import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDataset } from '../../data/open-dataset.ts';
import type { Ablation } from '../../search/ablation.ts';
import * as ablations from '../../search/ablations/index.ts';
import { toy } from '../../search/presets/toy.ts';
import { quartilesOf, type Regret, regretOf } from '../../search/regret.ts';
import { runToy, toyTruth } from '../../search/toy-runs.ts';
import known from '../../search/toy-truth.json' with { type: 'json' };
import { InvalidConfigError } from '../../util/errors.ts';
import { hashOf } from '../../util/json.ts';
import { pick } from '../../util/pick.ts';
import { defineCommand } from '../command.ts';

/** One finished run, as it is kept in the folder. */
interface Kept {
  readonly request: string;
  readonly regret: Regret;
  readonly cpuSeconds: number;
}

const percent = (share: number): string => (100 * share).toFixed(1).padStart(5);

function readKept(path: string): Map<string, Kept> {
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
  return new Map(lines.map((line) => JSON.parse(line) as Kept).map((run) => [run.request, run]));
}

export const ablate = defineCommand({
  options: {
    seeds: { type: 'number', default: 10, describe: 'runs of each variant' },
    only: { type: 'string', describe: 'variants, by comma; all where absent' },
    out: { type: 'string', default: 'runs/ablate', describe: 'folder; finished runs are kept' },
  },
  examples: [['autonba ablate --only joint,soft-only,hard-only --seeds 3', 'three variants']],
  async run({ seeds, only, out }, { signal, progress }) {
    if (!Number.isInteger(seeds) || seeds < 1)
      throw new InvalidConfigError(`--seeds is ${seeds}`, 'give a whole number from 1');
    const variants: Ablation[] =
      only === undefined
        ? Object.values(ablations)
        : only.split(',').map((name) => pick<Ablation>('ablation', ablations, name));
    const path = join(out, 'runs.jsonl');
    mkdirSync(out, { recursive: true });
    const kept = readKept(path);
    const truth = toyTruth(known.points, toy);
    const dataset = openDataset(toy.dataset, toy.space.input);
    const bar = progress('ablation', variants.length * seeds);
    const results = new Map<string, Kept[]>(variants.map(({ name }) => [name, []]));
    let done = 0;
    try {
      // Seed after seed, so that an interrupted run has a little of everything.
      for (let seed = 1; seed <= seeds; seed += 1)
        for (const { name, strategy, settings, hardware } of variants) {
          signal.throwIfAborted();
          const preset = { ...toy, search: { ...toy.search, ...settings } };
          const points = hardware?.points ?? 0;
          const request = hashOf({ name, seed, preset, points, truth: known.recipe });
          let run = kept.get(request);
          if (run === undefined) {
            const { choices, proposals, cpuSeconds } = await runToy(
              ...([preset, strategy, dataset, seed, { ...hardware, seed }] as const),
            );
            run = { request, regret: regretOf(truth, choices, proposals), cpuSeconds };
            appendFileSync(path, `${JSON.stringify(run)}\n`);
          }
          results.get(name)?.push(run);
          done += 1;
          bar.update(done, name);
        }
    } finally {
      bar.stop();
    }
    const rows = variants.map(({ name, summary }) => {
      const runs = results.get(name) ?? [];
      const reward = quartilesOf(runs.map(({ regret }) => regret.reward));
      const hypervolume = quartilesOf(runs.map(({ regret }) => regret.hypervolume));
      return { name, summary, seeds: runs.length, reward, hypervolume };
    });
    const width = Math.max(...rows.map(({ name }) => name.length));
    const text = rows.map(
      ({ name, summary, reward: [low, middle, high], hypervolume }) =>
        `${name.padEnd(width)}  ${percent(middle)} (${percent(low)} to ${percent(high)})  ${percent(hypervolume[1])}  ${summary}`,
    );
    const head = `regret on the toy in percent over ${seeds} seeds: reward, median (quartiles); hypervolume, median`;
    return { document: { seeds, rows }, text: [head, ...text].join('\n') };
  },
});
