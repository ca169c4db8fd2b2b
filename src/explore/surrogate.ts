// A smooth cost of a whole accelerator, for solvers that compare points that may not fit: lower is better.

import type { Option, Problem } from './problem.ts';
import { excessOf, totalResources } from './problem.ts';

/** Of so high a norm that the slowest chunk rules, and low enough that the others still count. */
const NORM = 8;
/** What one budget's worth of excess costs, in logarithms of cycles. */
const EXCESS = 4;

/** Logarithm of the cycles, plus what is exceeded of the budget. */
export function surrogateCost(
  options: readonly Option[],
  { budget, objective }: Pick<Problem, 'budget' | 'objective'>,
): number {
  const most = Math.max(...options.map(({ cycles }) => cycles));
  const sum = options.reduce(
    (total, { cycles }) =>
      total + (objective === 'throughput' ? (cycles / most) ** NORM : cycles / most),
    0,
  );
  const cost = Math.log(most) + Math.log(sum) / (objective === 'throughput' ? NORM : 1);
  const excess = excessOf(totalResources(options), budget);
  return cost + (excess > 0 ? EXCESS * excess + 0.05 : 0);
}
