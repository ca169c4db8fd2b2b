// A figure of medians and quartiles, a row each, as SVG.

/** One row: lower quartile, median, upper quartile. */
export interface QuartileRow {
  readonly name: string;
  readonly quartiles: readonly [number, number, number];
}

/** What a figure shows beside its rows. */
export interface QuartileAxis {
  readonly title: string;
  /** Where a value stands, 0 at the left edge to 1 at the right. */
  readonly place: (value: number) => number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
  /** The row in another colour. */
  readonly marked: string;
}

const size = { width: 640, left: 110, right: 30, top: 34, row: 24 } as const;

/** The rows from top to bottom. */
export function quartileFigure(
  rows: readonly QuartileRow[],
  { title, place, ticks, marked }: QuartileAxis,
): string {
  const span = size.width - size.left - size.right;
  const x = (value: number): string => (size.left + span * place(value)).toFixed(1);
  const bottom = size.top + size.row * rows.length;
  const grid = ticks.map(
    ({ value, label }) =>
      `<path d="M${x(value)} ${size.top - 8}V${bottom}" stroke="#ddd"/>` +
      `<text x="${x(value)}" y="${bottom + 16}" text-anchor="middle">${label} %</text>`,
  );
  const marks = rows.map(({ name, quartiles: [low, middle, high] }, i) => {
    const y = size.top + size.row * (i + 0.5);
    const colour = name === marked ? '#c2410c' : '#334155';
    return (
      `<text x="${size.left - 10}" y="${y + 4}" text-anchor="end" fill="${colour}">${name}</text>` +
      `<path d="M${x(low)} ${y}H${x(high)}" stroke="${colour}" stroke-width="3"/>` +
      `<circle cx="${x(middle)}" cy="${y}" r="5" fill="${colour}"/>`
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${bottom + 34}" font-family="sans-serif" font-size="12">`,
    `<rect width="${size.width}" height="${bottom + 34}" fill="#fff"/>`,
    `<text x="${size.left}" y="16">${title}</text>`,
    ...grid,
    ...marks,
    '</svg>\n',
  ].join('\n');
}
