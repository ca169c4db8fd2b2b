// The toy's results as a table and as a figure.

import { quartilesOf, regretOf, type Truth } from '../src/search/regret.ts';
import type { ToyRun } from '../src/search/toy-runs.ts';
import { quartileFigure } from './quartile-figure.ts';

/** One run, with what it was a run of. */
export interface ToyRecord extends ToyRun {
  readonly request: string;
  readonly strategy: string;
  readonly seed: number;
}

/** Regrets of one strategy over its seeds. */
export interface RegretRow {
  readonly name: string;
  readonly seeds: number;
  readonly reward: readonly [number, number, number];
  readonly hypervolume: readonly [number, number, number];
  readonly cpuSeconds: number;
  /** The row of a Markdown table. */
  readonly line: string;
}

const percent = (share: number): string => (100 * share).toFixed(1);

/** A row per strategy, least median regret first. */
export function regretTable(truth: Truth, records: readonly ToyRecord[]): RegretRow[] {
  const names = [...new Set(records.map(({ strategy }) => strategy))];
  const rows = names.map((name): RegretRow => {
    const own = records.filter(({ strategy }) => strategy === name);
    const regrets = own.map(({ choices, proposals }) => regretOf(truth, choices, proposals));
    const reward = quartilesOf(regrets.map((regret) => regret.reward));
    const hypervolume = quartilesOf(regrets.map((regret) => regret.hypervolume));
    const [, cpuSeconds] = quartilesOf(own.map((run) => run.cpuSeconds));
    const cells = [
      name,
      percent(reward[1]),
      `${percent(reward[0])} to ${percent(reward[2])}`,
      percent(hypervolume[1]),
      `${percent(hypervolume[0])} to ${percent(hypervolume[2])}`,
      String(own.length),
      cpuSeconds.toFixed(0),
    ];
    return {
      name,
      seeds: own.length,
      reward,
      hypervolume,
      cpuSeconds,
      line: `| ${cells.join(' | ')} |`,
    };
  });
  return rows.sort((a, b) => a.reward[1] - b.reward[1] || (a.name < b.name ? -1 : 1));
}

/** Median and quartiles of the regret in reward, a row per strategy. */
export function renderFigure(rows: readonly RegretRow[]): string {
  const most = Math.max(0.01, ...rows.map(({ reward }) => reward[2]));
  const tick = most > 0.1 ? 0.05 : 0.02;
  return quartileFigure(
    rows.map(({ name, reward }) => ({ name, quartiles: reward })),
    {
      title: 'regret of the reward on the toy: median and quartiles, 0 is the true optimum',
      place: (share) => share / most,
      ticks: Array.from({ length: Math.floor(most / tick + 1e-9) + 1 }, (_, i) => ({
        value: i * tick,
        label: percent(i * tick),
      })),
      marked: 'auto-nba',
    },
  );
}
