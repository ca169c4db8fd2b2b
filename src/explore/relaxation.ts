// Why nothing keeps all limits: what each of them would have to be, were it the only one to give way.

import { type Limits, limitsOf, type Objective, objectiveValue } from './figures.ts';
import { offsetOf, type Problem, totalFigures } from './problem.ts';
import { bestWithin } from './within-limits.ts';

/** One limit, in the units of `objectiveValue`. */
export interface Relaxation {
  readonly objective: Objective;
  readonly limit: number;
  /** The least that the budget and all other limits allow, proven; left out where these already allow nothing. */
  readonly reachable?: number;
}

/** Of each limit, how far it would have to give way. */
export function relaxationsOf(problem: Problem): Relaxation[] {
  return limitsOf(problem.limits).map(([objective, limit]) => {
    const { [objective]: _, ...limits }: Limits = problem.limits ?? {};
    const best = bestWithin({ ...problem, objective, limits });
    if (best === undefined) return { objective, limit };
    const figures = totalFigures(best.options, offsetOf(problem, best.alternative));
    return { objective, limit, reachable: objectiveValue(objective, figures) };
  });
}
