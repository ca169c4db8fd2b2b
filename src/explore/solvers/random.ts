// Uniform random designs: what every other solver must beat.

import type { Point, Problem } from '../problem.ts';
import { bestOf, drawPoint, outcomeOf } from '../sampling.ts';
import type { Effort, Outcome, Solver } from '../solver.ts';

function solve(problem: Problem, { rng, points }: Effort): Outcome {
  let best: Point | undefined;
  for (let k = 0; k < points; k++) best = bestOf(best, drawPoint(problem, rng), problem);
  return outcomeOf(best, problem);
}

export const random = {
  summary: 'draws designs uniformly and keeps the best',
  provesOptimality: false,
  solve,
} as const satisfies Solver;
