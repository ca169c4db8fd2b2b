// Coordinate descent: one coordinate of one chunk at a time, all its values tried, until nothing gets better.

import { defined } from '../util/errors.ts';
import type { Meter } from './meter.ts';
import type { ChunkSpace, Option, Point, Problem } from './problem.ts';
import { compareRanks, rankOf } from './sampling.ts';

/** Designs that differ from one in a single coordinate; undefined where there is none. */
export function* neighbours(space: ChunkSpace, { index }: Option): Generator<Option | undefined> {
  for (let k = 0; k < space.shape.length; k++)
    for (const other of alongCoordinate(space, index, k))
      if (other !== index) yield space.at(other);
}

/** Indices that differ in one coordinate only, by its value. */
export function alongCoordinate(space: ChunkSpace, index: number, coordinate: number): number[] {
  const weight = space.shape.slice(coordinate + 1).reduce((product, count) => product * count, 1);
  const count = space.shape[coordinate] ?? 1;
  const own = Math.floor(index / weight) % count;
  return Array.from({ length: count }, (_, value) => index + (value - own) * weight);
}

/** Improves a point until no single coordinate makes it better, or the meter is spent. */
export function descend(start: Point, problem: Problem, meter: Meter): Point {
  const { chunks } = defined(problem.alternatives[start.alternative], 'alternative');
  let current = start;
  let rank = rankOf(current, problem);
  for (let isMoving = true; isMoving; ) {
    isMoving = false;
    for (let c = 0; c < chunks.length; c++)
      for (const option of neighbours(
        defined(chunks[c], 'chunk'),
        defined(current.options[c], 'option'),
      )) {
        if (meter.isSpent) return current;
        meter.look();
        if (option === undefined) continue;
        const moved: Point = { ...current, options: current.options.with(c, option) };
        const movedRank = rankOf(moved, problem);
        if (compareRanks(movedRank, rank) >= 0) continue;
        current = moved;
        rank = movedRank;
        isMoving = true;
      }
  }
  return current;
}
