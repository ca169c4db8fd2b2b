// Regularized evolution (E. Real et al., AAAI 2019): the oldest dies, the best of a few drawn has a changed child.

import { defined } from '../../util/errors.ts';
import { Meter } from '../meter.ts';
import { mutate } from '../mutation.ts';
import type { Point, Problem } from '../problem.ts';
import { bestOf, drawPoint, outcomeOf } from '../sampling.ts';
import type { Effort, Outcome, Solver } from '../solver.ts';
import { surrogateCost } from '../surrogate.ts';

const POPULATION = 64;
const TOURNAMENT = 16;

interface Individual {
  readonly point: Point;
  readonly cost: number;
}

function solve(problem: Problem, effort: Effort): Outcome {
  const { rng } = effort;
  const meter = new Meter(effort);
  const living: Individual[] = [];
  let best: Point | undefined;
  const add = (point: Point | undefined): void => {
    meter.look();
    if (point === undefined) return;
    best = bestOf(best, point, problem);
    living.push({ point, cost: surrogateCost(point, problem) });
  };
  for (let k = 0; k < POPULATION && !meter.isSpent; k++) add(drawPoint(problem, rng));
  while (!meter.isSpent && living.length > 0) {
    let parent = rng.pick(living);
    for (let k = 1; k < TOURNAMENT; k++) {
      const other = rng.pick(living);
      if (other.cost < parent.cost) parent = other;
    }
    const before = living.length;
    add(mutate(defined(parent, 'parent').point, problem, rng));
    if (living.length > before && living.length > POPULATION) living.shift();
  }
  return outcomeOf(best, problem);
}

export const evolution = {
  summary: 'regularized evolution: the oldest dies, the best of a few has a changed child',
  provesOptimality: false,
  solve,
} as const satisfies Solver;
