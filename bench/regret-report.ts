// The toy's results as a table and as a figure.

import { quartilesOf, regretOf, type Truth } from '../src/search/regret.ts';
import type { ToyRun } from '../src/search/toy-runs.ts';

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

const size = { width: 640, left: 110, right: 30, top: 34, row: 24 } as const;

/** Median and quartiles of the regret in reward, a row per strategy. */
export function renderFigure(rows: readonly RegretRow[]): string {
  const most = Math.max(0.01, ...rows.map(({ reward }) => reward[2]));
  const tick = most > 0.1 ? 0.05 : 0.02;
  const x = (share: number): string =>
    (size.left + ((size.width - size.left - size.right) * share) / most).toFixed(1);
  const height = size.top + size.row * rows.length + 34;
  const bottom = size.top + size.row * rows.length;
  const ticks = Array.from({ length: Math.floor(most / tick + 1e-9) + 1 }, (_, i) => i * tick);
  const grid = ticks.map(
    (share) =>
      `<path d="M${x(share)} ${size.top - 8}V${bottom}" stroke="#ddd"/>` +
      `<text x="${x(share)}" y="${bottom + 16}" text-anchor="middle">${percent(share)} %</text>`,
  );
  const marks = rows.map(({ name, reward: [low, middle, high] }, i) => {
    const y = size.top + size.row * (i + 0.5);
    const colour = name === 'auto-nba' ? '#c2410c' : '#334155';
    return (
      `<text x="${size.left - 10}" y="${y + 4}" text-anchor="end" fill="${colour}">${name}</text>` +
      `<path d="M${x(low)} ${y}H${x(high)}" stroke="${colour}" stroke-width="3"/>` +
      `<circle cx="${x(middle)}" cy="${y}" r="5" fill="${colour}"/>`
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${size.width}" height="${height}" fill="#fff"/>`,
    `<text x="${size.left}" y="16">regret of the reward on the toy: median and quartiles, 0 is the true optimum</text>`,
    ...grid,
    ...marks,
    '</svg>\n',
  ].join('\n');
}
