// Which operators of which format can be imported: read off the importers themselves.

import * as formats from './formats/index.ts';
import type { Format, OperatorSupport } from './imported.ts';

/** One line of the support table. */
export interface ListedOperator extends OperatorSupport {
  readonly format: string;
}

/** Every operator that can be imported, `name` being "<format>/<operator>". */
export function listOperators(): readonly ListedOperator[] {
  return Object.values<Format>(formats).flatMap(({ name: format, operators }) =>
    operators.map(({ name, summary }) => ({ name: `${format}/${name}`, summary, format })),
  );
}
