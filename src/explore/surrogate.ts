// A smooth cost of a whole accelerator, for solvers that compare points that may not fit: lower is better.

import {
  excessOf,
  limitExcess,
  offsetOf,
  type Point,
  type Problem,
  scoreOf,
  totalResources,
} from './problem.ts';

/** Of so high a norm that the slowest chunk rules, and low enough that the others still count. */
const NORM = 8;
/** What one budget's worth of excess costs, in logarithms of the score. */
const EXCESS = 4;

/** Logarithm of a score in which every chunk counts a little. */
function smoothScore({ options, alternative }: Point, problem: Problem): number {
  const { objective } = problem;
  if (objective !== 'throughput')
    return Math.log(1 + scoreOf(options, objective, offsetOf(problem, alternative)));
  const most = Math.max(...options.map(({ cycles }) => cycles));
  const sum = options.reduce((total, { cycles }) => total + (cycles / most) ** NORM, 0);
  return Math.log(most) + Math.log(sum) / NORM;
}

/** Logarithm of what is to be made small, plus what is exceeded of the budget and of the limits. */
export function surrogateCost(point: Point, problem: Problem): number {
  const excess =
    excessOf(totalResources(point.options), problem.budget) + limitExcess(point, problem);
  return smoothScore(point, problem) + (excess > 0 ? EXCESS * excess + 0.05 : 0);
}
