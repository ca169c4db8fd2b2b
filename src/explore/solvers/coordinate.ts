// Coordinate descent with random restarts: one coordinate of one chunk at a time, all its values tried.

import { defined } from '../../util/errors.ts';
import type { ChunkSpace, Option, Point, Problem } from '../problem.ts';
import { bestOf, compareRanks, drawPoint, outcomeOf, rankOf } from '../sampling.ts';
import type { Effort, Outcome, Solver } from '../solver.ts';

/** Designs that differ from one in a single coordinate. */
function* neighbours(space: ChunkSpace, { index }: Option): Generator<Option | undefined> {
  let weight = 1;
  for (let k = space.shape.length - 1; k >= 0; k--) {
    const count = space.shape[k] ?? 1;
    const own = Math.floor(index / weight) % count;
    for (let value = 0; value < count; value++)
      if (value !== own) yield space.at(index + (value - own) * weight);
    weight *= count;
  }
}

function solve(problem: Problem, { rng, points }: Effort): Outcome {
  let best: Point | undefined;
  let looked = 0;
  while (looked < points) {
    let current = drawPoint(problem, rng);
    looked++;
    if (current === undefined) continue;
    let isMoving = true;
    while (isMoving && looked < points) {
      isMoving = false;
      const { chunks } = defined(problem.alternatives[current.alternative], 'alternative');
      for (let c = 0; c < chunks.length; c++) {
        let rank = rankOf(current, problem);
        for (const option of neighbours(
          defined(chunks[c], 'chunk'),
          defined(current.options[c], 'option'),
        )) {
          if (++looked > points) break;
          if (option === undefined) continue;
          const options: Option[] = current.options.with(c, option);
          const moved: Point = { ...current, options };
          const movedRank = rankOf(moved, problem);
          if (compareRanks(movedRank, rank) >= 0) continue;
          current = moved;
          rank = movedRank;
          isMoving = true;
        }
      }
    }
    best = bestOf(best, current, problem);
  }
  return outcomeOf(best, problem);
}

export const coordinate = {
  summary: 'moves one coordinate of one chunk at a time, from random starts',
  provesOptimality: false,
  solve,
} as const satisfies Solver;
