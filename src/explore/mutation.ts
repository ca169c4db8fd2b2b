// Small random changes of a point, for solvers that walk.

import { defined } from '../util/errors.ts';
import type { Rng } from '../util/rng.ts';
import { alongCoordinate } from './descent.ts';
import type { Point, Problem } from './problem.ts';

/** A point that differs in one coordinate of one chunk; undefined where the drawn values do not go together. */
export function mutate(point: Point, { alternatives }: Problem, rng: Rng): Point | undefined {
  const { chunks } = defined(alternatives[point.alternative], 'alternative');
  const c = rng.integer(0, chunks.length - 1);
  const chunk = defined(chunks[c], 'chunk');
  const free = chunk.shape.flatMap((count, k) => (count > 1 ? [k] : []));
  if (free.length === 0) return undefined;
  const { index } = defined(point.options[c], 'option');
  const others = alongCoordinate(chunk, index, rng.pick(free)).filter((other) => other !== index);
  const option = chunk.at(rng.pick(others));
  return option && { ...point, options: point.options.with(c, option) };
}
