// Simulated annealing: one coordinate of one chunk changes at random; worse is taken ever more rarely.

import { defined } from '../../util/errors.ts';
import { Meter } from '../meter.ts';
import { mutate } from '../mutation.ts';
import type { Point, Problem } from '../problem.ts';
import { bestOf, drawPoint, outcomeOf } from '../sampling.ts';
import type { Effort, Outcome, Solver } from '../solver.ts';
import { surrogateCost } from '../surrogate.ts';

/** Differences of cost, in logarithms of cycles, that are taken one time in e at the start and at the end. */
const HOT = 0.5;
const COLD = 0.001;
/** Runs that the effort is spent on, each on a random alternative. */
const RUNS = 4;

function solve(problem: Problem, effort: Effort): Outcome {
  const { rng } = effort;
  const meter = new Meter(effort);
  let best: Point | undefined;
  for (let run = 0; run < RUNS; run++) {
    let current = drawPoint(problem, rng);
    meter.look();
    if (current === undefined) continue;
    best = bestOf(best, current, problem);
    let cost = surrogateCost(current, problem);
    while (meter.spent < (run + 1) / RUNS) {
      const temperature = HOT * (COLD / HOT) ** (meter.spent * RUNS - run);
      const moved = mutate(defined(current, 'a point'), problem, rng);
      meter.look();
      if (moved === undefined) continue;
      const movedCost = surrogateCost(moved, problem);
      if (movedCost > cost && rng.next() >= Math.exp((cost - movedCost) / temperature)) continue;
      current = moved;
      cost = movedCost;
      best = bestOf(best, current, problem);
    }
  }
  return outcomeOf(best, problem);
}

export const annealing = {
  summary: 'changes one coordinate at random and takes worse designs ever more rarely',
  provesOptimality: false,
  solve,
} as const satisfies Solver;
