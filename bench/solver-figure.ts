// Gaps of solvers as a figure: median and quartiles, a row each, on a logarithmic axis.

import { quartileFigure } from './quartile-figure.ts';

/** One solver's gaps at equal CPU time: lower quartile, median, upper quartile. */
export interface GapRow {
  readonly name: string;
  readonly byTime: readonly [number, number, number];
}

/** From a tenth of a per cent to a hundred times the optimum. */
const LEAST = 0.001;
const MOST = 100;

/** Where no accelerator that fits was found, the row ends at the right edge. */
export function gapFigure(rows: readonly GapRow[], seconds: number): string {
  return quartileFigure(
    rows.map(({ name, byTime }) => ({ name, quartiles: byTime })),
    {
      title: `gap to the proven optimum after ${seconds} CPU s: median and quartiles; 0.1 % and less at the left edge`,
      place: (gap) =>
        Math.log(Math.min(MOST, Math.max(LEAST, gap)) / LEAST) / Math.log(MOST / LEAST),
      ticks: [0.001, 0.01, 0.1, 1, 10, 100].map((value) => ({ value, label: `${value * 100}` })),
      marked: 'das',
    },
  );
}
