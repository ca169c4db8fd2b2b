import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Resources } from '../../src/cost/resources.ts';
import { limitsOf, type Objective, objectives, objectiveValue } from '../../src/explore/figures.ts';
import { frontOf } from '../../src/explore/front-of.ts';
import {
  type ChunkSpace,
  compareResources,
  fitsIn,
  limitExcess,
  listSpace,
  type Option,
  type Point,
  type Problem,
  paretoOf,
  sizeOf,
  totalFigures,
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
            femtojoules: rng.integer(1, 12),
            area: rng.integer(1, 12),
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
  const objective = rng.pick(objectives);
  // Now and then a limit on something, at times one that nothing keeps.
  const limits = Object.fromEntries(
    objectives.flatMap((name) =>
      rng.integer(0, 5) > 0 ? [] : [[name, rng.integer(4, name === 'edp' ? 600 : 30)]],
    ),
  );
  return {
    alternatives: Array.from({ length: rng.integer(1, 4) }, () => ({
      chunks: Array.from({ length: rng.integer(1, 4) }, () => randomSpace(rng)),
      latencyOffsetCycles: rng.integer(0, 5),
    })),
    budget: { dsp: most, bram18: most, lut: rng.integer(3, 16), ff: rng.integer(3, 16) },
    objective,
    limits,
  };
}

/** Every combination of designs of every alternative. */
function* everyPoint({ alternatives }: Problem): Generator<Point> {
  for (const [alternative, { chunks }] of alternatives.entries()) {
    let points: (readonly Option[])[] = [[]];
    for (const chunk of chunks) {
      const options = Array.from({ length: sizeOf(chunk) }, (_, k) => chunk.at(k));
      const legal = options.filter((option) => option !== undefined);
      points = points.flatMap((point) => legal.map((option) => [...point, option]));
    }
    for (const options of points) yield { alternative, options };
  }
}

const pointScore = ({ alternatives, objective }: Problem, point: Point | undefined): number =>
  objectiveValue(
    objective,
    totalFigures(point?.options ?? [], alternatives[point?.alternative ?? -1]?.latencyOffsetCycles),
  );

interface Optimum {
  readonly score: number;
  readonly resources: Resources;
}

function exhaustive(problem: Problem): Optimum | undefined {
  let best: Optimum | undefined;
  for (const { alternative, options } of everyPoint(problem)) {
    const resources = totalResources(options);
    if (!fitsIn(resources, problem.budget)) continue;
    const figures = totalFigures(options, problem.alternatives[alternative]?.latencyOffsetCycles);
    const isKept = limitsOf(problem.limits).every(
      ([name, limit]) => objectiveValue(name, figures) <= limit,
    );
    if (!isKept) continue;
    const score = objectiveValue(problem.objective, figures);
    if (
      best === undefined ||
      score < best.score ||
      (score === best.score && compareResources(resources, best.resources) < 0)
    )
      best = { score, resources };
  }
  return best;
}

/** Values of every point that no other is as good as in both objectives, by the first. */
function exhaustiveFront(problem: Problem, second: Objective): number[][] {
  const pairs = [...everyPoint(problem)].flatMap(({ alternative, options }) => {
    const figures = totalFigures(options, problem.alternatives[alternative]?.latencyOffsetCycles);
    const isKept =
      fitsIn(totalResources(options), problem.budget) &&
      limitsOf(problem.limits).every(([name, limit]) => objectiveValue(name, figures) <= limit);
    return isKept
      ? [[objectiveValue(problem.objective, figures), objectiveValue(second, figures)] as const]
      : [];
  });
  pairs.sort(([a, b], [c, d]) => a - c || b - d);
  const front: number[][] = [];
  for (const [a, b] of pairs)
    if (b < (front.at(-1)?.[1] ?? Number.POSITIVE_INFINITY)) front.push([a, b]);
  return front;
}

test('the front of two objectives is that of all points; cut short, a part of it with both ends', () => {
  let long = 0;
  fc.assert(
    fc.property(
      fc.integer(),
      fc.constantFrom(...objectives),
      fc.integer({ min: 2, max: 5 }),
      (seed, second, most) => {
        const problem = randomProblem(seed);
        const wanted = exhaustiveFront(problem, second);
        const solve = (asked: Problem) => solvers.exact.solve(asked).point;
        const valuesOf = (point: Point): number[] => [
          pointScore(problem, point),
          pointScore({ ...problem, objective: second }, point),
        ];
        const whole = frontOf(problem, second, solve);
        expect(whole.points.map(valuesOf)).toEqual(wanted);
        expect(whole.isComplete).toBe(true);
        const short = frontOf(problem, second, solve, most);
        const values = short.points.map(valuesOf);
        expect(wanted).toEqual(expect.arrayContaining(values));
        expect(values.length).toBeLessThanOrEqual(most);
        expect([values[0], values.at(-1)]).toEqual([wanted[0], wanted.at(-1)]);
        expect(short.isComplete).toBe(values.length === wanted.length);
        if (wanted.length > 2) long++;
      },
    ),
    { numRuns: 500 },
  );
  expect(long).toBeGreaterThan(50);
});

// A machine that others use as well may take minutes for a thousand instances.
test('exact finds what looking at every point finds, leanest of equals, or says that nothing fits', {
  timeout: 600_000,
}, () => {
  let fitting = 0;
  const fittingBy: Partial<Record<Objective, number>> = {};
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const problem = randomProblem(seed);
      const optimum = exhaustive(problem);
      const { point, nearest } = solvers.exact.solve(problem);
      if (optimum === undefined) {
        expect(point).toBeUndefined();
        if (nearest !== undefined && limitsOf(problem.limits).length === 0)
          expect(fitsIn(totalResources(nearest.options), problem.budget)).toBe(false);
        return;
      }
      fitting++;
      fittingBy[problem.objective] = (fittingBy[problem.objective] ?? 0) + 1;
      const options = point?.options ?? [];
      expect({
        score: pointScore(problem, point),
        resources: totalResources(options),
      }).toEqual(optimum);
      expect(options.length).toBe(problem.alternatives[point?.alternative ?? -1]?.chunks.length);
    }),
    { numRuns: 6000 },
  );
  expect(fitting).toBeGreaterThan(1800);
  for (const objective of objectives) expect(fittingBy[objective]).toBeGreaterThan(200);
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
        expect(limitExcess(outcome.point, problem)).toBe(0);
        expect(pointScore(problem, outcome.point)).toBeGreaterThanOrEqual(
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
