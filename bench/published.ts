// `npm run bench:published`: what others printed, what our formulas and searches say, their ratio, how sure we are.

import { compatLayers } from '../src/cost/compat.ts';
import * as published from '../src/cost/published/index.ts';
import {
  agrees,
  markMeanings,
  type PublishedPoint,
  type PublishedSet,
  ratioOf,
} from '../src/cost/published.ts';
import { exploreCompat } from '../src/explore/compat.ts';
import { autoNbaDemo } from '../src/network/networks/index.ts';

/** One line of the table. */
interface Row extends PublishedPoint {
  readonly set: string;
  readonly ratio: number;
  readonly agrees: boolean;
}

/** The released demo in its own space; the left figure is the released search itself. */
const released: PublishedSet = {
  name: 'auto-nba-demo',
  summary: 'the released Auto-NBA model on its own demo network, 900 DSP and 700 BRAM',
  source:
    'RICE-EIC/Auto-NBA, its random search of 10,000 draws (8 s of CPython); ours is the proven optimum',
  points: () => {
    const layers = compatLayers(autoNbaDemo.build());
    const note =
      'left: median of three seeds of the released random search (86.8, 94.4, 95.3 and 60.8, 62.6, 68.2)';
    const point = (what: string, found: number, mode?: number): PublishedPoint => ({
      ...{ what, unit: 'frames/s', published: found, mark: 'M', bounds: [1, 10], note },
      ours: exploreCompat(layers, mode === undefined ? {} : { mode })?.framesPerSecond ?? 0,
    });
    return [point('comp_mode fixed to 1', 94.4, 1), point('comp_mode free', 62.6)];
  },
};

const sets: readonly PublishedSet[] = [...Object.values(published), released];
const rows: Row[] = sets.flatMap((set) =>
  set
    .points()
    .map((point) => ({ set: set.name, ...point, ratio: ratioOf(point), agrees: agrees(point) })),
);

const figure = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: value < 1000 ? 2 : 1 });

function tableOf(set: PublishedSet): string[] {
  const own = rows.filter((row) => row.set === set.name);
  const cells = own.map((row) => [
    row.what,
    row.unit,
    figure(row.published),
    figure(row.ours),
    row.ratio.toFixed(4),
    row.mark,
    row.agrees ? '' : '!',
  ]);
  const head = ['', '', 'published', 'ours', 'ratio', 'mark', ''];
  const widths = head.map((title, c) =>
    Math.max(title.length, ...cells.map((row) => (row[c] ?? '').length)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, c) => (c < 2 ? cell.padEnd(widths[c] ?? 0) : cell.padStart(widths[c] ?? 0)))
      .join('  ')
      .trimEnd();
  const notes = new Set(own.flatMap(({ note }) => note ?? []));
  return [
    `${set.name}: ${set.summary}`,
    set.source,
    ...[head, ...cells].map(line),
    ...[...notes].map((note) => `  ${note}`),
    '',
  ];
}

if (process.argv.includes('--json')) {
  process.stdout.write(`${JSON.stringify({ marks: markMeanings, rows }, null, 2)}\n`);
} else {
  const marks = Object.entries(markMeanings).map(([mark, meaning]) => `${mark}: ${meaning}`);
  const apart = rows.filter((row) => !row.agrees).length;
  const lines = [
    ...sets.flatMap(tableOf),
    ...marks,
    `${rows.length} figures, ${apart} outside their bounds`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
if (rows.some((row) => !row.agrees)) process.exitCode = 1;
