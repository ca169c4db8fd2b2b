// The text that yosys' `stat` prints, read by the names of its fields.

import { InvalidConfigError } from '../util/errors.ts';
import type { CellCounts } from './family.ts';

const remedy = 'yosys 0.23 is known to work; report other versions that do not';

/**
 * Cells of the last module that `stat` describes: the top of a flattened design.
 * Up to 0.5x yosys prints the name before the count, later versions the other way round.
 * @throws InvalidConfigError where the text has no such table, or its cells do not add up to its own total
 */
export function parseStatistics(text: string, file: string): CellCounts {
  const lines = text.split('\n');
  const start = lines.findLastIndex((line) => totalIn(line) !== undefined);
  const total = totalIn(lines[start] ?? '');
  if (total === undefined) {
    throw new InvalidConfigError(`${file} holds no statistics of cells`, remedy);
  }
  const cells = new Map<string, number>();
  for (const line of lines.slice(start + 1)) {
    const [, name, count] = /^\s+(\S*[A-Za-z_]\S*)\s+(\d+)\s*$/.exec(line) ?? swapped(line) ?? [];
    if (name === undefined || count === undefined) break;
    cells.set(name, Number(count));
  }
  const sum = [...cells.values()].reduce((left, right) => left + right, 0);
  if (sum !== total) {
    throw new InvalidConfigError(`${file} counts ${total} cells but lists ${sum}`, remedy);
  }
  return cells;
}

function totalIn(line: string): number | undefined {
  const found = /^\s*Number of cells:\s+(\d+)\s*$/.exec(line) ?? /^\s+(\d+) cells\s*$/.exec(line);
  return found === null ? undefined : Number(found[1]);
}

function swapped(line: string): readonly (string | undefined)[] | null {
  const found = /^\s+(\d+)\s+(\S*[A-Za-z_]\S*)\s*$/.exec(line);
  return found === null ? null : [found[0], found[2], found[1]];
}
