// Every design there is: for small spaces, and to check the solvers that look at fewer.

import { InvalidConfigError } from '../../util/errors.ts';
import { type Option, type Point, type Problem, sizeOf } from '../problem.ts';
import { bestOf, outcomeOf } from '../sampling.ts';
import type { Outcome, Solver } from '../solver.ts';

/** More points than this are not looked at. */
const MOST_POINTS = 10_000_000;
/** More designs of one chunk than this are not even counted. */
const MOST_DESIGNS = 1_000_000;

const refuse = (count: string): never => {
  throw new InvalidConfigError(
    `solver exhaustive: the space has ${count} accelerators, at most ${MOST_POINTS.toLocaleString('en-US')} can all be looked at`,
    'take --solver exact, which proves the optimum without looking at all of them',
  );
};

function solve(problem: Problem): Outcome {
  let best: Point | undefined;
  problem.alternatives.forEach(({ chunks }, alternative) => {
    if (chunks.some((chunk) => sizeOf(chunk) > MOST_DESIGNS)) refuse('too many');
    const legal = chunks.map((chunk) =>
      Array.from({ length: sizeOf(chunk) }, (_, index) => chunk.at(index)).filter(
        (option) => option !== undefined,
      ),
    );
    const count = legal.reduce((product, options) => product * options.length, 1);
    if (count > MOST_POINTS) refuse(count.toPrecision(3));
    const descend = (options: readonly Option[]): void => {
      const next = legal[options.length];
      if (next === undefined) best = bestOf(best, { alternative, options }, problem);
      else for (const option of next) descend([...options, option]);
    };
    descend([]);
  });
  return outcomeOf(best, problem);
}

export const exhaustive = {
  summary: 'looks at every design, for small spaces',
  provesOptimality: true,
  solve,
} as const satisfies Solver;
