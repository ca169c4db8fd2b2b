// The proven optimum: chunks couple only through sums of resources, so fronts are joined under the budget.

import { addResources, noResources, type Resources } from '../../cost/resources.ts';
import {
  type Alternative,
  type ChunkSpace,
  compareResources,
  excessOf,
  fitsIn,
  type Option,
  type Point,
  type Problem,
  paretoOf,
  scoreOf,
  totalResources,
} from '../problem.ts';
import type { Outcome, Solver } from '../solver.ts';

interface Partial {
  readonly resources: Resources;
  readonly options: readonly Option[];
}

/** One design per front that fits, least in resources; undefined where there is none. */
function join(fronts: readonly (readonly Option[])[], budget: Resources): Partial | undefined {
  let partials: Partial[] = [{ resources: noResources, options: [] }];
  for (const front of fronts) {
    const grown: Partial[] = [];
    for (const partial of partials)
      for (const option of front) {
        const resources = addResources(partial.resources, option.resources);
        if (fitsIn(resources, budget))
          grown.push({ resources, options: [...partial.options, option] });
      }
    grown.sort((left, right) => compareResources(left.resources, right.resources));
    partials = paretoOf(grown);
    if (partials.length === 0) return undefined;
  }
  return partials[0];
}

/** Designs at a threshold: cycles no longer matter, only resources. */
function atThreshold(fronts: readonly (readonly Option[])[], cycles: number): Option[][] {
  return fronts.map((front) =>
    paretoOf(
      front
        .filter((option) => option.cycles <= cycles)
        .sort((left, right) => compareResources(left.resources, right.resources)),
    ),
  );
}

/** The least threshold for which one design per chunk fits, and the leanest designs at it. */
function leastMaximum(
  fronts: readonly (readonly Option[])[],
  budget: Resources,
): Partial | undefined {
  const floor = Math.max(...fronts.map((front) => front[0]?.cycles ?? Number.POSITIVE_INFINITY));
  const thresholds = [...new Set(fronts.flat().map((option) => option.cycles))]
    .filter((cycles) => cycles >= floor)
    .sort((left, right) => left - right);
  let found = join(atThreshold(fronts, thresholds.at(-1) ?? 0), budget);
  if (found === undefined) return undefined;
  let low = 0;
  let high = thresholds.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const better = join(atThreshold(fronts, thresholds[middle] ?? 0), budget);
    if (better === undefined) low = middle + 1;
    else {
      found = better;
      high = middle;
    }
  }
  return found;
}

/** The least sum of cycles, by depth first with the sums of what is left as bounds. */
function leastSum(
  fronts: readonly (readonly Option[])[],
  budget: Resources,
  atMost: number,
): Partial | undefined {
  const rest = new Array<number>(fronts.length + 1).fill(0);
  for (let c = fronts.length - 1; c >= 0; c--)
    rest[c] = (rest[c + 1] ?? 0) + (fronts[c]?.[0]?.cycles ?? Number.POSITIVE_INFINITY);
  let best: Partial | undefined;
  let bestCycles = atMost;
  const descend = (c: number, cycles: number, partial: Partial): void => {
    if (c === fronts.length) {
      const isBetter =
        best === undefined ||
        cycles < bestCycles ||
        compareResources(partial.resources, best.resources) < 0;
      if (isBetter) best = partial;
      bestCycles = cycles;
      return;
    }
    for (const option of fronts[c] ?? []) {
      const sum = cycles + option.cycles;
      if (sum + (rest[c + 1] ?? 0) > bestCycles) return;
      const resources = addResources(partial.resources, option.resources);
      if (fitsIn(resources, budget))
        descend(c + 1, sum, { resources, options: [...partial.options, option] });
    }
  };
  descend(0, 0, { resources: noResources, options: [] });
  return best;
}

/**
 * A point that exceeds the budget by little, one chunk after the other, of the alternatives with the fewest chunks: what
 * to say when nothing fits.
 */
function nearestOf(alternatives: readonly Alternative[], budget: Resources): Point | undefined {
  let nearest: Point | undefined;
  let least = Number.POSITIVE_INFINITY;
  const fewest = Math.min(...alternatives.map(({ chunks }) => chunks.length));
  alternatives.forEach(({ chunks }, alternative) => {
    if (chunks.length > fewest) return;
    let resources = noResources;
    const options: Option[] = [];
    for (const chunk of chunks) {
      const share = (option: Option): number =>
        option.resources.dsp / Math.max(1, budget.dsp) +
        option.resources.bram18 / Math.max(1, budget.bram18) +
        option.resources.lut / Math.max(1, budget.lut);
      const excess = (option: Option): number =>
        excessOf(addResources(resources, option.resources), budget);
      const [best] = chunk
        .front(Number.POSITIVE_INFINITY)
        .map((option) => ({ option, excess: excess(option), share: share(option) }))
        .sort((left, right) => left.excess - right.excess || left.share - right.share);
      if (best === undefined) return;
      options.push(best.option);
      resources = addResources(resources, best.option.resources);
    }
    const excess = excessOf(resources, budget);
    if (excess >= least) return;
    least = excess;
    nearest = { alternative, options };
  });
  return nearest;
}

/** The best point so far. */
interface Best {
  readonly point: Point | undefined;
  readonly score: number;
}

type FrontOf = (chunk: ChunkSpace, cyclesAtMost: number, budget: Resources) => readonly Option[];

/** Goes through the alternatives; each must at least equal what is known already. */
function search(problem: Problem, known: Best, frontOf: FrontOf): Best {
  const { alternatives, budget, objective } = problem;
  let best = known;
  // More chunks share the work better, so they give good bounds early.
  for (let alternative = alternatives.length - 1; alternative >= 0; alternative--) {
    const fronts: (readonly Option[])[] = [];
    for (const chunk of alternatives[alternative]?.chunks ?? []) {
      const front = frontOf(chunk, best.score, budget);
      if (front.length === 0) break;
      fronts.push(front);
    }
    if (fronts.length < (alternatives[alternative]?.chunks.length ?? 0)) continue;
    const found =
      objective === 'throughput'
        ? leastMaximum(fronts, budget)
        : leastSum(fronts, budget, best.score);
    if (found === undefined) continue;
    const score = scoreOf(found.options, objective);
    const isBetter =
      best.point === undefined ||
      score < best.score ||
      (score === best.score &&
        compareResources(found.resources, totalResources(best.point.options)) < 0);
    if (isBetter) best = { point: { alternative, options: found.options }, score };
  }
  return best;
}

/** Solves a problem to its proven optimum within the space. */
function solve(problem: Problem): Outcome {
  const nothing: Best = { point: undefined, score: Number.POSITIVE_INFINITY };
  const quick = search(problem, nothing, (chunk, most, budget) => chunk.quickFront(most, budget));
  const best = search(problem, quick, (chunk, most, budget) => chunk.front(most, budget));
  if (best.point !== undefined) return { point: best.point };
  const nearest = nearestOf(problem.alternatives, problem.budget);
  return nearest === undefined ? {} : { nearest };
}

export const exact = {
  summary: 'proves the optimum: least threshold at which one design of every front fits',
  provesOptimality: true,
  solve,
} as const satisfies Solver;
