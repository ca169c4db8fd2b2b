// Which operators of which format can be imported: read off the importers themselves.

import * as formats from './formats/index.ts';
import type { Format, OperatorSupport } from './imported.ts';

/** One line of the support table. */
export interface ListedOperator extends OperatorSupport {
  readonly format: string;
}

const all: readonly Format[] = Object.values<Format>(formats);

/** Every operator that can be imported, `name` being "<format>/<operator>". */
export function listOperators(): readonly ListedOperator[] {
  return all.flatMap(({ name: format, operators }) =>
    operators.map(({ name, summary }) => ({ name: `${format}/${name}`, summary, format })),
  );
}

/** The tables of docs/operators.md. */
export function operatorTables(): string {
  return all
    .map(({ name, summary, operators }) =>
      [
        `### ${name}`,
        '',
        `${summary}.`,
        '',
        '| operator | becomes |',
        '|---|---|',
        ...operators.map((operator) => `| \`${operator.name}\` | ${operator.summary} |`),
      ].join('\n'),
    )
    .join('\n\n');
}
