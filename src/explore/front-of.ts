// The proven front of two objectives: each point is the best of one under a limit on the other.
//
// Y. Haimes, L. Lasdon, D. Wismer, "On a bicriterion formulation of the problems of integrated system identification and
// system optimization", IEEE Trans. SMC, 1971 (the epsilon-constraint method).

import { type Objective, objectiveValue } from './figures.ts';
import { offsetOf, type Point, type Problem, totalFigures } from './problem.ts';

/** Points of a front, best in the first objective first. */
export interface Front {
  readonly points: readonly Point[];
  /** Whether no point of the front is left out. */
  readonly isComplete: boolean;
}

/** The next smaller value that an objective can have: all are whole numbers, beyond 2^53 only some of these. */
const below = (value: number): number =>
  value <= Number.MAX_SAFE_INTEGER ? value - 1 : value * (1 - Number.EPSILON);

/**
 * Points of a problem that no other is at least as good as in both its objective and a second one.
 * @param solve proves the best point of a problem, undefined where there is none
 * @param most how many points; where there are more, each is further in the second objective by an equal share of the
 *   logarithm between the ends
 */
export function frontOf(
  problem: Problem,
  second: Objective,
  solve: (problem: Problem) => Point | undefined,
  most = Number.POSITIVE_INFINITY,
): Front {
  const first = problem.objective;
  const amountOf = (objective: Objective, point: Point): number =>
    objectiveValue(objective, totalFigures(point.options, offsetOf(problem, point.alternative)));
  const limited = (objective: Objective, at: number): number =>
    Math.min(at, problem.limits?.[objective] ?? Number.POSITIVE_INFINITY);
  /** Of the points with the least of one objective, one with the least of the other. */
  const bestOf = (one: Objective, other: Objective, otherAtMost: number): Point | undefined => {
    const limits = { ...problem.limits, [other]: limited(other, otherAtMost) };
    const fastest = solve({ ...problem, objective: one, limits });
    if (fastest === undefined || one === other) return fastest;
    const least = { ...limits, [one]: amountOf(one, fastest), [other]: amountOf(other, fastest) };
    return solve({ ...problem, objective: other, limits: least }) ?? fastest;
  };
  const points: Point[] = [];
  let isComplete = true;
  let next = bestOf(first, second, Number.POSITIVE_INFINITY);
  const end = next && bestOf(second, first, Number.POSITIVE_INFINITY);
  if (next === undefined || end === undefined) return { points, isComplete };
  const least = amountOf(second, end);
  const step =
    most > 1 ? (Math.max(least, 1) / Math.max(amountOf(second, next), 1)) ** (1 / (most - 1)) : 0;
  while (next !== undefined) {
    points.push(next);
    const own = amountOf(second, next);
    if (own <= least) break;
    const near = below(own);
    const isLast = points.length >= most - 1;
    const spread = Number.isFinite(most) ? own * step : near;
    const limit = isLast ? least : Math.max(least, Math.min(near, spread));
    next = bestOf(first, second, limit);
    // What would have been found without the step tells whether one was left out.
    if (limit < near && isComplete && next !== undefined) {
      const nearest = bestOf(first, second, near);
      isComplete = nearest !== undefined && amountOf(second, nearest) === amountOf(second, next);
    }
  }
  return { points, isComplete };
}
