// What a solver of the design space is.

import type { Rng } from '../util/rng.ts';
import type { Point, Problem } from './problem.ts';

/** What came of it: a point that fits, or the nearest that does not. */
export interface Outcome {
  readonly point?: Point;
  /** Only where nothing fits. */
  readonly nearest?: Point;
}

/** Chance and effort of solvers that need them. */
export interface Effort {
  readonly rng: Rng;
  /** Designs of whole accelerators to look at. */
  readonly points: number;
  /** Part of the time that has passed, 0 to 1, where time is limited as well; results then depend on the machine. */
  readonly elapsed?: () => number;
}

export interface Solver {
  readonly summary: string;
  readonly provesOptimality: boolean;
  solve(problem: Problem, effort: Effort): Outcome;
}
