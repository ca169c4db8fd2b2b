// Geometry of a line chart: axes from 0, a line per series, each named at its end.

import { pixels, short, ticksUpTo } from './numbers.ts';

/** One line; a gap where a value is undefined. */
export interface Series {
  readonly name: string;
  /** Class that gives its colour. */
  readonly colour: string;
  readonly values: readonly (number | undefined)[];
}

/** What templates/report/trajectory.html.hbs draws. */
export interface ChartView {
  readonly title: string;
  readonly labels: readonly { readonly x: string; readonly y: string; readonly text: string }[];
  readonly gridLines: readonly { readonly y: string }[];
  readonly series: readonly {
    readonly name: string;
    readonly colour: string;
    readonly path: string;
    readonly dots: readonly { readonly x: string; readonly y: string; readonly title: string }[];
  }[];
}

/** The drawing's size and the margins around its axes. */
const size = { width: 480, height: 230, left: 56, right: 14, top: 12, bottom: 34 } as const;

/** @param axis what is counted from left to right, starting at 0 */
export function lineChart(title: string, axis: string, series: readonly Series[]): ChartView {
  const known = series.flatMap(({ values }) => values.filter((value) => value !== undefined));
  const steps = Math.max(1, ...series.map(({ values }) => values.length));
  const ticks = ticksUpTo(Math.max(0, ...known));
  const highest = Math.max(ticks.at(-1) ?? 0, ...known) || 1;
  const innerWidth = size.width - size.left - size.right;
  const innerHeight = size.height - size.top - size.bottom;
  const x = (step: number) => size.left + (innerWidth * (step + 0.5)) / steps;
  const y = (value: number) => size.top + innerHeight * (1 - value / highest);
  const every = Math.ceil(steps / 12);
  const bottom = size.height - size.bottom;
  return {
    title,
    gridLines: ticks.map((tick) => ({ y: pixels(y(tick)) })),
    labels: [
      ...ticks.map((tick) => ({
        x: pixels(size.left - 8),
        y: pixels(y(tick) + 4),
        text: short(tick),
      })),
      ...Array.from({ length: Math.ceil(steps / every) }, (_, index) => ({
        x: pixels(x(index * every) + 4),
        y: pixels(bottom + 16),
        text: String(index * every),
      })),
      { x: pixels(size.width - size.right), y: pixels(size.height - 4), text: axis },
    ],
    series: series
      .filter(({ values }) => values.some((value) => value !== undefined))
      .map(({ name, colour, values }) => {
        const points = values.flatMap((value, step) =>
          value === undefined ? [] : [{ step, value, x: pixels(x(step)), y: pixels(y(value)) }],
        );
        return {
          name,
          colour,
          path: points
            .map((point, index) => `${index === 0 ? 'M' : 'L'}${point.x} ${point.y}`)
            .join(' '),
          dots: points.map((point) => ({
            x: point.x,
            y: point.y,
            title: `${name}, ${axis} ${point.step}: ${short(point.value)}`,
          })),
        };
      }),
  };
}
