// Gaps of solvers as a figure: median and quartiles, a row each, on a logarithmic axis.

/** One solver's gaps at equal CPU time: lower quartile, median, upper quartile. */
export interface GapRow {
  readonly name: string;
  readonly byTime: readonly [number, number, number];
}

const size = { width: 640, left: 110, right: 30, top: 34, row: 24 } as const;
/** From a tenth of a per cent to a hundred times the optimum. */
const LEAST = 0.001;
const MOST = 100;

/** Where no accelerator that fits was found, the row ends at the right edge. */
export function gapFigure(rows: readonly GapRow[], seconds: number): string {
  const span = size.width - size.left - size.right;
  const x = (gap: number): string => {
    const clipped = Math.min(MOST, Math.max(LEAST, gap));
    return (size.left + (span * Math.log(clipped / LEAST)) / Math.log(MOST / LEAST)).toFixed(1);
  };
  const bottom = size.top + size.row * rows.length;
  const ticks = [0.001, 0.01, 0.1, 1, 10, 100];
  const grid = ticks.map(
    (gap) =>
      `<path d="M${x(gap)} ${size.top - 8}V${bottom}" stroke="#ddd"/>` +
      `<text x="${x(gap)}" y="${bottom + 16}" text-anchor="middle">${gap * 100} %</text>`,
  );
  const marks = rows.map(({ name, byTime: [low, middle, high] }, i) => {
    const y = size.top + size.row * (i + 0.5);
    const colour = name === 'das' ? '#c2410c' : '#334155';
    return (
      `<text x="${size.left - 10}" y="${y + 4}" text-anchor="end" fill="${colour}">${name}</text>` +
      `<path d="M${x(low)} ${y}H${x(high)}" stroke="${colour}" stroke-width="3"/>` +
      `<circle cx="${x(middle)}" cy="${y}" r="5" fill="${colour}"/>`
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${bottom + 34}" font-family="sans-serif" font-size="12">`,
    `<rect width="${size.width}" height="${bottom + 34}" fill="#fff"/>`,
    `<text x="${size.left}" y="16">gap to the proven optimum after ${seconds} CPU s: median and quartiles; 0.1 % and less at the left edge</text>`,
    ...grid,
    ...marks,
    '</svg>\n',
  ].join('\n');
}
