import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Resources } from '../../src/cost/resources.ts';
import {
  type ChunkSpace,
  compareResources,
  fitsIn,
  listSpace,
  type Option,
  type Problem,
  paretoOf,
  scoreOf,
  sizeOf,
  totalResources,
} from '../../src/explore/problem.ts';
import type { Solver } from '../../src/explore/solver.ts';
import * as solvers from '../../src/explore/solvers/index.ts';
import { createRng, type Rng } from '../../src/util/rng.ts';

function randomSpace(rng: Rng): ChunkSpace {
  return listSpace(
    Array.from({ length: rng.integer(1, 9) }, (_, index): Option | undefined =>
      rng.integer(0, 7) === 0
        ? undefined
        : {
            index,
            cycles: rng.integer(1, 12),
            resources: {
              dsp: rng.integer(0, 6),
              bram18: rng.integer(0, 6),
              lut: rng.integer(0, 6),
              ff: rng.integer(0, 6),
            },
          },
    ),
  );
}

/** Up to four ways to share up to four chunks, at a budget that now and then fits nothing. */
function randomProblem(seed: number): Problem {
  const rng = createRng(seed);
  const most = rng.integer(3, 16);
  return {
    alternatives: Array.from({ length: rng.integer(1, 4) }, () => ({
      chunks: Array.from({ length: rng.integer(1, 4) }, () => randomSpace(rng)),
    })),
    budget: { dsp: most, bram18: most, lut: rng.integer(3, 16), ff: rng.integer(3, 16) },
    objective: rng.pick(['throughput', 'latency'] as const),
  };
}

/** Every combination of designs of every alternative. */
function* everyPoint({ alternatives }: Problem): Generator<readonly Option[]> {
  for (const { chunks } of alternatives) {
    let points: (readonly Option[])[] = [[]];
    for (const chunk of chunks) {
      const options = Array.from({ length: sizeOf(chunk) }, (_, k) => chunk.at(k));
      const legal = options.filter((option) => option !== undefined);
      points = points.flatMap((point) => legal.map((option) => [...point, option]));
    }
    yield* points;
  }
}

interface Optimum {
  readonly score: number;
  readonly resources: Resources;
}

function exhaustive(problem: Problem): Optimum | undefined {
  let best: Optimum | undefined;
  for (const options of everyPoint(problem)) {
    const resources = totalResources(options);
    if (!fitsIn(resources, problem.budget)) continue;
    const score = scoreOf(options, problem.objective);
    if (
      best === undefined ||
      score < best.score ||
      (score === best.score && compareResources(resources, best.resources) < 0)
    )
      best = { score, resources };
  }
  return best;
}

// A machine that others use as well may take minutes for a thousand instances.
test('exact finds what looking at every point finds, leanest of equals, or says that nothing fits', {
  timeout: 600_000,
}, () => {
  let fitting = 0;
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const problem = randomProblem(seed);
      const optimum = exhaustive(problem);
      const { point, nearest } = solvers.exact.solve(problem);
      if (optimum === undefined) {
        expect(point).toBeUndefined();
        if (nearest !== undefined)
          expect(fitsIn(totalResources(nearest.options), problem.budget)).toBe(false);
        return;
      }
      fitting++;
      const options = point?.options ?? [];
      expect({
        score: scoreOf(options, problem.objective),
        resources: totalResources(options),
      }).toEqual(optimum);
      expect(options.length).toBe(problem.alternatives[point?.alternative ?? -1]?.chunks.length);
    }),
    { numRuns: 1000 },
  );
  expect(fitting).toBeGreaterThan(200);
});

describe.each(Object.entries<Solver>(solvers))('%s', (_name, solver) => {
  test('never beats the optimum, keeps the budget, and repeats itself', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const problem = randomProblem(seed);
        const solve = () => solver.solve(problem, { rng: createRng(seed), points: 60 });
        const outcome = solve();
        expect(solve()).toEqual(outcome);
        if (outcome.point === undefined) return;
        const { options } = outcome.point;
        expect(fitsIn(totalResources(options), problem.budget)).toBe(true);
        expect(scoreOf(options, problem.objective)).toBeGreaterThanOrEqual(
          exhaustive(problem)?.score ?? 0,
        );
      }),
      { numRuns: 100 },
    );
  });
});

test('a front leaves out nothing but what another item is at least as good as', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const space = randomSpace(createRng(seed));
      const all = Array.from({ length: sizeOf(space) }, (_, k) => space.at(k)).filter(
        (option) => option !== undefined,
      );
      const front = space.front(Number.POSITIVE_INFINITY);
      for (const option of all)
        expect(
          front.some(
            (kept) => kept.cycles <= option.cycles && fitsIn(kept.resources, option.resources),
          ),
        ).toBe(true);
      expect(paretoOf(front)).toEqual(front);
    }),
  );
});
