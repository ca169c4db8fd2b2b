// The proven optimum of any objective under limits on any figure.
//
// What the others take at least bounds what each chunk may take, and only designs within such a bound on the score are
// made; the bound is raised until one design per chunk is found that keeps everything. No design that could be part of
// a better point was left out, so the best of those found is the best there is.

import type { Resources } from '../cost/resources.ts';
import {
  addFigures,
  type Figures,
  figuresIn,
  keeps,
  limitsOf,
  noFigures,
  type Objective,
  objectiveValue,
} from './figures.ts';
import { joinWithin } from './join-figures.ts';
import {
  type ChunkSpace,
  compareResources,
  fitsIn,
  type Option,
  type Point,
  type Problem,
  scoreOf,
  totalResources,
} from './problem.ts';

/** How far above what is known to be too low the score is looked for, one after the other. */
const STEPS = [1.01, 1.03, 1.1, 1.3, 2, 5, 50, Number.POSITIVE_INFINITY];
/** How often what the chunks take at least is worked out again from what the others do. */
const ROUNDS = 3;

type IsOpen = (figures: Figures) => boolean;

interface Asked {
  readonly objective: Objective;
  readonly budget: Resources;
  readonly names: readonly (keyof Figures)[];
  /** Whether figures keep all limits, at a score of at most so much. */
  readonly isWithin: (figures: Figures, atMost: number) => boolean;
}

function askedOf({ objective, budget, limits }: Problem): Asked {
  const list = limitsOf(limits);
  const coupled = list.map(([name]) => name).filter((name) => name !== 'throughput');
  return {
    objective,
    budget,
    // A pace is kept by each chunk for itself, so once it is, it no longer matters.
    names: figuresIn([objective, ...coupled]),
    isWithin: (figures, atMost) =>
      objectiveValue(objective, figures) <= atMost &&
      fitsIn(figures, budget) &&
      keeps(figures, list),
  };
}

const sumOf = (start: Figures, parts: readonly Figures[]): Figures =>
  parts.reduce(addFigures, start);

/** Per chunk, what all others together take at least. */
const othersOf = (start: Figures, least: readonly Figures[]): Figures[] =>
  least.map((_, c) =>
    sumOf(
      start,
      least.filter((_own, other) => other !== c),
    ),
  );

/** What each chunk takes at least in a point that passes; undefined where there is no such point. */
function tightened(
  chunks: readonly ChunkSpace[],
  start: Figures,
  first: readonly Figures[],
  isOpen: IsOpen,
): readonly Figures[] | undefined {
  let least = first;
  for (let round = 0; round < ROUNDS; round++) {
    if (!isOpen(sumOf(start, least))) return undefined;
    const others = othersOf(start, least);
    const next: Figures[] = [];
    for (const [c, chunk] of chunks.entries()) {
      const rest = others[c] ?? start;
      const own = chunk.leastFigures((figures) => isOpen(addFigures(rest, figures)));
      if (own === undefined) return undefined;
      next.push(own);
    }
    const isSettled = next.every((own, c) => valuesEqual(own, least[c]));
    least = next;
    if (isSettled) break;
  }
  return least;
}

const valuesEqual = (left: Figures, right: Figures | undefined): boolean =>
  right !== undefined &&
  (Object.keys(noFigures) as (keyof Figures)[]).every((name) => left[name] === right[name]);

/** The best of one alternative with a score of at most so much. */
function bestOfChunks(
  chunks: readonly ChunkSpace[],
  start: Figures,
  first: readonly Figures[],
  { objective, budget, names, isWithin }: Asked,
  atMost: number,
): readonly Option[] | undefined {
  const score = (figures: Figures): number => objectiveValue(objective, figures);
  const overall = tightened(chunks, start, first, (figures) => isWithin(figures, atMost));
  if (overall === undefined) return undefined;
  const low = score(sumOf(start, overall));
  for (const step of STEPS) {
    const limit = Math.min(
      atMost,
      step === Number.POSITIVE_INFINITY ? step : Math.max(low + 1, low * step),
    );
    const isOpen: IsOpen = (figures) => isWithin(figures, limit);
    const least = tightened(chunks, start, overall, isOpen);
    if (least !== undefined) {
      const others = othersOf(start, least);
      const lists = chunks.map((chunk, c) => {
        const rest = others[c] ?? start;
        return chunk.select((figures) => isOpen(addFigures(rest, figures)));
      });
      const found = joinWithin(lists, { start, budget, names, isOpen, score });
      if (found !== undefined) return found;
    }
    if (limit === atMost) return undefined;
  }
  return undefined;
}

/**
 * The best point of a problem; undefined where none keeps budget and limits.
 * @param atMost a score that the best is known not to exceed
 */
export function bestWithin(problem: Problem, atMost = Number.POSITIVE_INFINITY): Point | undefined {
  const asked = askedOf(problem);
  const { objective } = asked;
  const known = new Map<ChunkSpace, Figures | undefined>();
  const leastOf = (chunk: ChunkSpace): Figures | undefined => {
    if (!known.has(chunk))
      known.set(
        chunk,
        chunk.leastFigures(() => true),
      );
    return known.get(chunk);
  };
  const candidates = problem.alternatives.flatMap((alternative, index) => {
    const { chunks, latencyOffsetCycles = 0 } = alternative;
    const start = { ...noFigures, latencyCycles: latencyOffsetCycles };
    const least = chunks.map(leastOf);
    if (!least.every((own) => own !== undefined)) return [];
    const bound = sumOf(start, least);
    if (!asked.isWithin(bound, atMost)) return [];
    return [{ index, chunks, start, least, bound: objectiveValue(objective, bound) }];
  });
  candidates.sort((left, right) => left.bound - right.bound || left.index - right.index);
  let best: Point | undefined;
  let score = atMost;
  for (const { index, chunks, start, least, bound } of candidates) {
    if (bound > score) break;
    const options = bestOfChunks(chunks, start, least, asked, score);
    if (options === undefined) continue;
    const own = scoreOf(options, objective, start.latencyCycles);
    const isBetter =
      best === undefined ||
      own < score ||
      compareResources(totalResources(options), totalResources(best.options)) < 0;
    if (isBetter) best = { alternative: index, options };
    score = own;
  }
  return best;
}
