// The proven optimum: chunks couple only through sums of resources, so fronts are joined under the budget.

import { addResources, noResources, type Resources, resourceNames } from '../../cost/resources.ts';
import { boundOf, joinFronts } from '../join.ts';
import { type PriceBound, type Prices, priceOf } from '../prices.ts';
import {
  type Alternative,
  type ChunkSpace,
  compareResources,
  excessOf,
  fitsIn,
  limitExcess,
  type Option,
  type Point,
  type Problem,
  paretoOf,
  scoreOf,
  totalResources,
} from '../problem.ts';
import type { Outcome, Solver } from '../solver.ts';
import { bestWithin } from '../within-limits.ts';

interface Partial {
  readonly resources: Resources;
  readonly options: readonly Option[];
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
): readonly Option[] | undefined {
  const floor = Math.max(...fronts.map((front) => front[0]?.cycles ?? Number.POSITIVE_INFINITY));
  const thresholds = [...new Set(fronts.flat().map((option) => option.cycles))]
    .filter((cycles) => cycles >= floor)
    .sort((left, right) => left - right);
  let found = joinFronts(atThreshold(fronts, thresholds.at(-1) ?? 0), budget);
  if (found === undefined) return undefined;
  let low = 0;
  let high = thresholds.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const better = joinFronts(atThreshold(fronts, thresholds[middle] ?? 0), budget);
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

/** Prices by which chunks are asked to save: one resource alone, and all that may run out in parts of the budget. */
function pricesFor({ dsp, bram18, lut }: Resources): Prices[] {
  const share = (amount: number): number => 1 / Math.max(1, amount);
  return [
    { dsp: 1 },
    { lut: 1 },
    { dsp: share(dsp), bram18: share(bram18), lut: share(lut) },
    { dsp: share(dsp), lut: share(lut) },
    { bram18: 1 },
  ];
}

/** The list, or undefined where anything in it is missing. */
const allOf = <T>(items: readonly (T | undefined)[]): readonly T[] | undefined =>
  items.every((item) => item !== undefined) ? items : undefined;

/**
 * Whether one design per chunk of at most so many cycles fits, as far as sums of least prices tell: designs that fit,
 * `never`, or `open`.
 * @param prices tried one after the other; the one that told comes first from then on
 */
function quickFit(
  chunks: readonly ChunkSpace[],
  cyclesAtMost: number,
  budget: Resources,
  prices: Prices[],
): readonly Option[] | 'never' | 'open' {
  const least = allOf(chunks.map((chunk) => chunk.least(cyclesAtMost)));
  if (least === undefined || !fitsIn(sumOf(least), budget)) return 'never';
  for (const [k, own] of prices.entries()) {
    const leanest = allOf(chunks.map((chunk) => chunk.leanest(cyclesAtMost, own)));
    if (leanest === undefined) return 'never';
    const needed = totalResources(leanest);
    const fits = fitsIn(needed, budget);
    // Prices of parts of the budget are fractions, so a little more than the budget is no proof.
    const isNever = priceOf(own, needed) > boundOf(own, budget).limit;
    if (!fits && !isNever) continue;
    // What told here is likely to tell again.
    prices.unshift(...prices.splice(k, 1));
    return fits ? leanest : 'never';
  }
  return 'open';
}

const sumOf = (needs: readonly Resources[]): Resources => needs.reduce(addResources, noResources);

/**
 * What designs of each chunk may cost when all others cost as little as they can; undefined where a chunk has no design.
 * By their leanest designs chunks are bound tightly at the prices, by their least amounts quickly at each resource.
 */
function boundsOfChunks(
  chunks: readonly ChunkSpace[],
  cyclesAtMost: readonly number[],
  budget: Resources,
  prices: readonly Prices[],
): readonly (readonly PriceBound[])[] | undefined {
  const bounds = chunks.map((): PriceBound[] => []);
  const share = (own: Prices, least: readonly Resources[]): void => {
    const costs = least.map((resources) => priceOf(own, resources));
    const room = costs.reduce((left, cost) => left - cost, boundOf(own, budget).limit);
    for (const [c, cost] of costs.entries()) bounds[c]?.push({ prices: own, limit: room + cost });
  };
  const amounts = allOf(chunks.map((chunk, c) => chunk.least(cyclesAtMost[c] ?? 0)));
  if (amounts === undefined) return undefined;
  for (const name of resourceNames) share({ [name]: 1 }, amounts);
  for (const own of prices) {
    const leanest = allOf(chunks.map((chunk, c) => chunk.leanest(cyclesAtMost[c] ?? 0, own)));
    if (leanest === undefined) return undefined;
    share(
      own,
      leanest.map(({ resources }) => resources),
    );
  }
  return bounds;
}

/** Fronts that hold every design which can be part of a point within the budget; undefined where there is no point. */
function frontsWithin(
  chunks: readonly ChunkSpace[],
  cyclesAtMost: readonly number[],
  budget: Resources,
  prices: readonly Prices[],
): (readonly Option[])[] | undefined {
  const bounds = boundsOfChunks(chunks, cyclesAtMost, budget, prices);
  if (bounds === undefined) return undefined;
  const fronts: (readonly Option[])[] = [];
  for (const [c, chunk] of chunks.entries()) {
    const front = chunk.front(cyclesAtMost[c] ?? 0, bounds[c]);
    if (front.length === 0) return undefined;
    fronts.push(front);
  }
  return fronts;
}

type SolveAlternative = (
  chunks: readonly ChunkSpace[],
  budget: Resources,
  atMost: number,
) => readonly Option[] | undefined;

/** How much further a threshold is set when the last one was too low. */
const STEP = 1.2;

/** The least maximum of cycles of at most so many, and the leanest designs that reach it. */
const fastestPace: SolveAlternative = (chunks, budget, atMost) => {
  const prices = pricesFor(budget);
  const slowest = (options: readonly Option[]): number => scoreOf(options, 'throughput');
  const withFronts = (cycles: number, own: Resources): readonly Option[] | undefined => {
    const limits = chunks.map(() => cycles);
    const fronts = frontsWithin(chunks, limits, own, prices.slice(0, 1));
    return fronts && leastMaximum(fronts, own);
  };
  let low = Math.max(...chunks.map((chunk) => chunk.leastCycles(budget)));
  if (!(low <= atMost) || low === Number.POSITIVE_INFINITY) return undefined;
  const first = low;
  // Whether anything fits at all is asked where the first threshold does not tell.
  const isBounded = atMost < Number.POSITIVE_INFINITY;
  if (isBounded && quickFit(chunks, atMost, budget, prices) === 'never') return undefined;
  let found: readonly Option[] | undefined;
  let high = atMost;
  // Upwards until something fits: fronts of high thresholds take long.
  for (let cycles = Math.ceil(low * STEP); found === undefined; cycles = Math.ceil(cycles * STEP)) {
    const limit = cycles > low * 1e6 ? atMost : Math.min(cycles, atMost);
    const quick = quickFit(chunks, limit, budget, prices);
    if (quick === 'open') {
      const best = withFronts(limit, budget);
      if (best !== undefined) return best;
    } else if (quick !== 'never') found = quick;
    if (found !== undefined) high = slowest(found);
    else if (limit === atMost) return undefined;
    else {
      if (!isBounded && low === first && quickFit(chunks, atMost, budget, prices) === 'never')
        return undefined;
      low = limit + 1;
    }
  }
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const quick = quickFit(chunks, middle, budget, prices);
    if (quick === 'never') low = middle + 1;
    else if (quick === 'open') {
      const best = withFronts(middle, budget);
      if (best !== undefined) return best;
      low = middle + 1;
    } else {
      found = quick;
      high = slowest(found);
    }
  }
  const leanest = allOf(chunks.map((chunk) => chunk.leanest(high, { dsp: 1 })));
  if (leanest !== undefined && fitsIn(totalResources(leanest), budget)) return leanest;
  // Of designs of one pace those with the fewest DSP blocks come first, so none takes more than are known to do.
  const { dsp } = totalResources(found);
  return withFronts(high, { ...budget, dsp: Math.min(dsp, budget.dsp) });
};

/** The least sum of cycles of at most so many, and the leanest designs that reach it. */
const shortestTime: SolveAlternative = (chunks, budget, atMost) => {
  const least = chunks.map((chunk) => chunk.leastCycles(budget));
  const low = least.reduce((sum, cycles) => sum + cycles, 0);
  if (!(low <= atMost) || low === Number.POSITIVE_INFINITY) return undefined;
  const prices = pricesFor(budget);
  const quick = quickFit(chunks, atMost, budget, prices);
  if (quick === 'never') return undefined;
  const high = quick === 'open' ? atMost : Math.min(atMost, scoreOf(quick, 'latency'));
  for (let cycles = Math.ceil(low * STEP); ; cycles = Math.ceil(cycles * STEP)) {
    const limit = cycles > low * 1e6 ? high : Math.min(cycles, high);
    const limits = least.map((own) => limit - low + own);
    const fronts = frontsWithin(chunks, limits, budget, prices);
    const found = fronts && leastSum(fronts, budget, limit);
    if (found !== undefined) return found.options;
    if (limit === high) return undefined;
  }
};

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
      const [best] = pricesFor(budget)
        .flatMap((prices) => chunk.leanest(Number.POSITIVE_INFINITY, prices) ?? [])
        .map((option) => ({
          option,
          excess: excessOf(addResources(resources, option.resources), budget),
        }))
        .sort((left, right) => left.excess - right.excess);
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

/** The best point under the budget alone, for the objectives that chunks know how to save on. */
function bestUnderBudget(
  { alternatives, budget, objective }: Problem,
  atMost: number,
): Point | undefined {
  const solveAlternative = objective === 'throughput' ? fastestPace : shortestTime;
  let best: Point | undefined;
  let least = atMost;
  // More chunks share the work better, so they give good bounds early. Each further alternative must at least equal
  // what is known.
  for (let alternative = alternatives.length - 1; alternative >= 0; alternative--) {
    const { chunks = [], latencyOffsetCycles = 0 } = alternatives[alternative] ?? {};
    const offset = objective === 'latency' ? latencyOffsetCycles : 0;
    const options = solveAlternative(chunks, budget, least - offset);
    if (options === undefined) continue;
    const score = scoreOf(options, objective, offset);
    const isBetter =
      best === undefined ||
      score < least ||
      compareResources(totalResources(options), totalResources(best.options)) < 0;
    if (isBetter) best = { alternative, options };
    least = score;
  }
  return best;
}

/** Solves a problem to its proven optimum within the space. */
function solve(problem: Problem): Outcome {
  const { alternatives, budget, objective, limits = {} } = problem;
  let best: Point | undefined;
  if (objective === 'throughput' || objective === 'latency') {
    best = bestUnderBudget(problem, limits[objective] ?? Number.POSITIVE_INFINITY);
    // The best without further limits is the best with them where it keeps them.
    if (best !== undefined && limitExcess(best, problem) > 0) best = bestWithin(problem);
  } else best = bestWithin(problem);
  if (best !== undefined) return { point: best };
  const nearest = nearestOf(alternatives, budget);
  return nearest === undefined ? {} : { nearest };
}

export const exact = {
  summary: 'proves the optimum: least threshold at which one design of every front fits',
  provesOptimality: true,
  solve,
} as const satisfies Solver;
