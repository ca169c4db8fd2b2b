// Coordinate descent with random restarts: one coordinate of one chunk at a time, all its values tried.

import { descend } from '../descent.ts';
import { Meter } from '../meter.ts';
import type { Point, Problem } from '../problem.ts';
import { bestOf, drawPoint, outcomeOf } from '../sampling.ts';
import type { Effort, Outcome, Solver } from '../solver.ts';

function solve(problem: Problem, effort: Effort): Outcome {
  const meter = new Meter(effort);
  let best: Point | undefined;
  while (!meter.isSpent) {
    const start = drawPoint(problem, effort.rng);
    meter.look();
    if (start !== undefined) best = bestOf(best, descend(start, problem, meter), problem);
  }
  return outcomeOf(best, problem);
}

export const coordinate = {
  summary: 'moves one coordinate of one chunk at a time, from random starts',
  provesOptimality: false,
  solve,
} as const satisfies Solver;
