// Drawing and ranking of single points, for solvers that look at one design after the other.

import type { Resources } from '../cost/resources.ts';
import { defined } from '../util/errors.ts';
import type { Rng } from '../util/rng.ts';
import {
  compareResources,
  excessOf,
  limitExcess,
  type Option,
  offsetOf,
  type Point,
  type Problem,
  scoreOf,
  sizeOf,
  totalResources,
} from './problem.ts';
import type { Outcome } from './solver.ts';

/** A draw of coordinates that do not go together is drawn again, so often at most. */
const DRAWS = 1000;

/** How good a point is: what exceeds the budget first, then the objective, then resources. */
export interface Rank {
  readonly excess: number;
  readonly score: number;
  readonly resources: Resources;
}

export function rankOf(point: Point, problem: Problem): Rank {
  const { budget, objective } = problem;
  const resources = totalResources(point.options);
  return {
    excess: excessOf(resources, budget) + limitExcess(point, problem),
    score: scoreOf(point.options, objective, offsetOf(problem, point.alternative)),
    resources,
  };
}

/** Negative where the left point is better. */
export function compareRanks(left: Rank, right: Rank): number {
  return (
    left.excess - right.excess ||
    left.score - right.score ||
    compareResources(left.resources, right.resources)
  );
}

/** A random point, or undefined where no legal design was drawn for some chunk. */
export function drawPoint(problem: Problem, rng: Rng): Point | undefined {
  const alternative = rng.integer(0, problem.alternatives.length - 1);
  const options: Option[] = [];
  for (const chunk of defined(problem.alternatives[alternative], 'alternative').chunks) {
    const size = sizeOf(chunk);
    let option: Option | undefined;
    for (let draw = 0; draw < DRAWS && option === undefined; draw++)
      option = chunk.at(rng.integer(0, size - 1));
    if (option === undefined) return undefined;
    options.push(option);
  }
  return { alternative, options };
}

/** The better of two points; the first where they are equal. */
export function bestOf(
  left: Point | undefined,
  right: Point | undefined,
  problem: Problem,
): Point | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return compareRanks(rankOf(left, problem), rankOf(right, problem)) <= 0 ? left : right;
}

/** A point that fits is the answer, any other only the nearest to one. */
export function outcomeOf(best: Point | undefined, problem: Problem): Outcome {
  if (best === undefined) return {};
  return rankOf(best, problem).excess === 0 ? { point: best } : { nearest: best };
}
