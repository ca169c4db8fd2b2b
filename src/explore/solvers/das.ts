// The differentiable accelerator search of Auto-NBA (Y. Fu et al., ICML 2021), made to learn: every alternative of each
// parameter is evaluated at the current sample, so that the gradient of the expected cost is exact in that parameter.

import { defined } from '../../util/errors.ts';
import type { Rng } from '../../util/rng.ts';
import { packed, unpacked } from '../coordinates.ts';
import { alongCoordinate, descend } from '../descent.ts';
import { Categorical, expectedCostGradient } from '../logits.ts';
import { Meter } from '../meter.ts';
import type { ChunkSpace, Option, Point, Problem } from '../problem.ts';
import { bestOf, drawPoint, outcomeOf } from '../sampling.ts';
import type { Effort, Outcome, Solver } from '../solver.ts';
import { surrogateCost } from '../surrogate.ts';

const LEARNING_RATE = 0.1;
const HOT = 5;
const COLD = 0.1;
/** Steps of one run, from hot to cold; runs follow each other as long as there is effort left. */
const STEPS = 60;
/** What a combination costs that the hardware does not have, in logarithms of cycles. */
const ILLEGAL = 2;

/** A hard sample of a chunk's parameters; where it is no design, the one before stays. */
function sample(
  chunk: ChunkSpace,
  parameters: readonly Categorical[],
  temperature: number,
  rng: Rng,
): Option | undefined {
  const values = parameters.map((parameter) => parameter.sample(temperature, rng));
  return chunk.at(packed(chunk.shape, values));
}

/** One run within one alternative: the best design sampled, polished by coordinate descent. */
function run(start: Point, problem: Problem, meter: Meter, rng: Rng): Point {
  const { chunks } = defined(problem.alternatives[start.alternative], 'alternative');
  const parameters = chunks.map(({ shape }) => shape.map((count) => new Categorical(count)));
  let current = start;
  let best = start;
  for (let step = 0; step < STEPS && !meter.isSpent; step++) {
    const temperature = HOT * (COLD / HOT) ** (step / (STEPS - 1));
    for (let c = 0; c < chunks.length && !meter.isSpent; c++) {
      const chunk = defined(chunks[c], 'chunk');
      const own = defined(parameters[c], 'parameters');
      const sampled = sample(chunk, own, temperature, rng);
      if (sampled !== undefined)
        current = { ...current, options: current.options.with(c, sampled) };
      best = bestOf(best, current, problem) ?? best;
      const { index } = defined(current.options[c], 'option');
      const values = unpacked(chunk.shape, index);
      const here = surrogateCost(current, problem);
      own.forEach((parameter, k) => {
        if ((chunk.shape[k] ?? 1) === 1) return;
        const costs = alongCoordinate(chunk, index, k).map((other, value) => {
          if (value === values[k]) return here;
          meter.look();
          const option = chunk.at(other);
          if (option === undefined) return here + ILLEGAL;
          const moved: Point = { ...current, options: current.options.with(c, option) };
          best = bestOf(best, moved, problem) ?? best;
          return surrogateCost(moved, problem);
        });
        const gradient = expectedCostGradient(parameter.probabilities(temperature), costs);
        parameter.descend(gradient, LEARNING_RATE);
      });
    }
  }
  return descend(best, problem, meter);
}

function solve(problem: Problem, effort: Effort): Outcome {
  const meter = new Meter(effort);
  let best: Point | undefined;
  while (!meter.isSpent) {
    const start = drawPoint(problem, effort.rng);
    meter.look();
    if (start !== undefined) best = bestOf(best, run(start, problem, meter, effort.rng), problem);
  }
  return outcomeOf(best, problem);
}

export const das = {
  summary: 'differentiable accelerator search: gradients of the expected cost, then descent',
  provesOptimality: false,
  solve,
} as const satisfies Solver;
