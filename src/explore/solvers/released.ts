// The update of the released Auto-NBA engine (RICE-EIC/Auto-NBA) as it is, for comparison: one hard Gumbel sample a
// step, the cost times the probabilities of what was drawn, and Adam at 1e-7, which moves a logit by about 1e-3 in
// ten thousand steps.

import { defined } from '../../util/errors.ts';
import { packed } from '../coordinates.ts';
import { Categorical } from '../logits.ts';
import { Meter } from '../meter.ts';
import type { Option, Point, Problem } from '../problem.ts';
import { bestOf, outcomeOf } from '../sampling.ts';
import type { Effort, Outcome, Solver } from '../solver.ts';
import { surrogateCost } from '../surrogate.ts';

const LEARNING_RATE = 1e-7;
const TEMPERATURE = 1;

function solve(problem: Problem, effort: Effort): Outcome {
  const { rng } = effort;
  const meter = new Meter(effort);
  const parameters = problem.alternatives.map(({ chunks }) =>
    chunks.map(({ shape }) => shape.map((count) => new Categorical(count))),
  );
  let best: Point | undefined;
  while (!meter.isSpent) {
    const alternative = rng.integer(0, problem.alternatives.length - 1);
    const { chunks } = defined(problem.alternatives[alternative], 'alternative');
    const own = defined(parameters[alternative], 'parameters');
    const drawn = own.map((chunk) => chunk.map((parameter) => parameter.sample(TEMPERATURE, rng)));
    const options = chunks.map((chunk, c) => chunk.at(packed(chunk.shape, drawn[c] ?? [])));
    meter.look();
    if (!options.every((option): option is Option => option !== undefined)) continue;
    const point: Point = { alternative, options };
    best = bestOf(best, point, problem);
    const cost = surrogateCost(point, problem);
    own.forEach((chunk, c) => {
      chunk.forEach((parameter, k) => {
        const probabilities = parameter.probabilities(TEMPERATURE);
        const active = drawn[c]?.[k] ?? 0;
        const p = probabilities[active] ?? 0;
        // d(cost * p_active) by each logit.
        const gradient = probabilities.map(
          (other, value) => cost * p * ((value === active ? 1 : 0) - other),
        );
        parameter.descend(gradient, LEARNING_RATE);
      });
    });
  }
  return outcomeOf(best, problem);
}

export const released = {
  summary: 'the published update as it is, at a learning rate of 1e-7: it does not learn',
  provesOptimality: false,
  solve,
} as const satisfies Solver;
