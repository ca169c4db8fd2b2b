// Uniform random designs: what every other solver must beat.

import { Meter } from '../meter.ts';
import type { Point, Problem } from '../problem.ts';
import { bestOf, drawPoint, outcomeOf } from '../sampling.ts';
import type { Effort, Outcome, Solver } from '../solver.ts';

function solve(problem: Problem, effort: Effort): Outcome {
  const meter = new Meter(effort);
  let best: Point | undefined;
  while (!meter.isSpent) {
    best = bestOf(best, drawPoint(problem, effort.rng), problem);
    meter.look();
  }
  return outcomeOf(best, problem);
}

export const random = {
  summary: 'draws designs uniformly and keeps the best',
  provesOptimality: false,
  solve,
} as const satisfies Solver;
