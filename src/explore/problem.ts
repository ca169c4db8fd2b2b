// What a solver is given: per alternative some chunks, per chunk some designs, and a budget they share.

import {
  addResources,
  type ResourceName,
  type Resources,
  resourceNames,
} from '../cost/resources.ts';
import {
  addFigures,
  type Figures,
  type Limits,
  limitsOf,
  noFigures,
  type Objective,
  objectiveValue,
} from './figures.ts';
import { isWithin, type PriceBound, type Prices, priceOf } from './prices.ts';

export type { Limits, Objective } from './figures.ts';

/** One design of one chunk. */
export interface Option {
  /** Cycles of all layers of the chunk, descriptors included. */
  readonly cycles: number;
  readonly resources: Resources;
  /** Index in its chunk's space. */
  readonly index: number;
  /** Energy of its layers for one image; only of spaces that weigh it. */
  readonly femtojoules?: number;
  /** Units of src/cost/silicon.ts; only of spaces that weigh it. */
  readonly area?: number;
}

/** All designs of one chunk, as a box of coordinates. */
export interface ChunkSpace {
  /** How many values each coordinate has; the first varies slowest in an index. */
  readonly shape: readonly number[];
  /** The design at an index, or undefined where the coordinates do not go together. */
  at(index: number): Option | undefined;
  /**
   * Designs of at most so many cycles, each alone within the bounds, that no other is at least as good as in cycles
   * and in every resource; fewest cycles first.
   */
  front(cyclesAtMost: number, bounds?: readonly PriceBound[]): readonly Option[];
  /** Of the designs of at most so many cycles, that of the least price; of equals the first by `compareResources`. */
  leanest(cyclesAtMost: number, prices: Prices): Option | undefined;
  /** Each resource that designs of at most so many cycles need at least; undefined where there is none. */
  least(cyclesAtMost: number): Resources | undefined;
  /** Cycles that designs within the budget take at least; Infinity where there is none. */
  leastCycles(budget: Resources): number;
  /**
   * The least that designs take of each figure, of those that may pass; undefined where none does.
   * @param isOpen holds for whatever takes nowhere more than something it holds for
   */
  leastFigures(isOpen: (figures: Figures) => boolean): Figures | undefined;
  /**
   * Designs that pass, but for some that another is at least as good as in every figure.
   * @param isOpen as above
   */
  select(isOpen: (figures: Figures) => boolean): readonly Option[];
}

/** One way to share the layers out. */
export interface Alternative {
  readonly chunks: readonly ChunkSpace[];
  /** What the latency of an image is more than its chunks' cycles together; 0 where it is left out. */
  readonly latencyOffsetCycles?: number;
}

export interface Problem {
  readonly alternatives: readonly Alternative[];
  readonly budget: Resources;
  readonly objective: Objective;
  readonly limits?: Limits;
}

/** One design per chunk of one alternative. */
export interface Point {
  readonly alternative: number;
  readonly options: readonly Option[];
}

/** Designs in a chunk's space, legal or not. */
export const sizeOf = (space: ChunkSpace): number =>
  space.shape.reduce((product, count) => product * count, 1);

/** Figures of one design. */
export const figuresOf = ({ cycles, femtojoules = 0, area = 0, resources }: Option): Figures => ({
  paceCycles: cycles,
  latencyCycles: cycles,
  femtojoules,
  area,
  dsp: resources.dsp,
  bram18: resources.bram18,
  lut: resources.lut,
  ff: resources.ff,
});

/** Figures of one design per chunk. */
export const totalFigures = (options: readonly Option[], latencyOffsetCycles = 0): Figures =>
  options.reduce((total, option) => addFigures(total, figuresOf(option)), {
    ...noFigures,
    latencyCycles: latencyOffsetCycles,
  });

/** The figure to be made small. */
export function scoreOf(
  options: readonly Option[],
  objective: Objective,
  latencyOffsetCycles = 0,
): number {
  if (objective === 'throughput') return Math.max(...options.map((option) => option.cycles));
  if (objective === 'latency')
    return options.reduce((sum, option) => sum + option.cycles, latencyOffsetCycles);
  return objectiveValue(objective, totalFigures(options, latencyOffsetCycles));
}

export function totalResources(options: readonly Option[]): Resources {
  return options.reduce((total, option) => addResources(total, option.resources), {
    dsp: 0,
    bram18: 0,
    lut: 0,
    ff: 0,
  });
}

export const fitsIn = (needed: Resources, budget: Resources): boolean =>
  needed.dsp <= budget.dsp &&
  needed.bram18 <= budget.bram18 &&
  needed.lut <= budget.lut &&
  needed.ff <= budget.ff;

/** Order between resources of equally good points: fewer DSP, then block RAM, then LUT, then FF. */
export function compareResources(left: Resources, right: Resources): number {
  for (const name of resourceNames) if (left[name] !== right[name]) return left[name] - right[name];
  return 0;
}

/** What of its limits a point exceeds, in parts of each limit, added up. */
export function limitExcess({ alternative, options }: Point, problem: Problem): number {
  const limits = limitsOf(problem.limits);
  if (limits.length === 0) return 0;
  const figures = totalFigures(options, offsetOf(problem, alternative));
  return limits.reduce(
    (excess, [objective, limit]) =>
      excess + Math.max(0, objectiveValue(objective, figures) - limit) / Math.max(1, limit),
    0,
  );
}

/** What an alternative's latency is more than its chunks' cycles. */
export const offsetOf = ({ alternatives }: Problem, alternative: number): number =>
  alternatives[alternative]?.latencyOffsetCycles ?? 0;

/** What of the budget is exceeded, in parts of the budget, added up. */
export function excessOf(needed: Resources, budget: Resources): number {
  let excess = 0;
  for (const name of resourceNames)
    excess += Math.max(0, needed[name] - budget[name]) / Math.max(1, budget[name]);
  return excess;
}

const dominates = (left: Resources, right: Resources): boolean =>
  left.dsp <= right.dsp &&
  left.bram18 <= right.bram18 &&
  left.lut <= right.lut &&
  left.ff <= right.ff;

/**
 * Items that no other is at least as good as; of equals the first in the given order stays. `ordered` must be sorted
 * by whatever matters beside resources.
 */
export function paretoOf<T extends { readonly resources: Resources }>(ordered: readonly T[]): T[] {
  const front: T[] = [];
  for (const item of ordered) {
    let isDominated = false;
    for (const other of front)
      if (dominates(other.resources, item.resources)) {
        isDominated = true;
        break;
      }
    if (!isDominated) front.push(item);
  }
  return front;
}

/** Order of options in a front: cycles, then resources, then index; equal inputs give equal fronts. */
export const compareOptions = (left: Option, right: Option): number =>
  left.cycles - right.cycles ||
  compareResources(left.resources, right.resources) ||
  left.index - right.index;

/** Of some designs that of the least price, and of equals the first by `compareResources`. */
export function leanestOf(options: readonly Option[], prices: Prices): Option | undefined {
  let best: Option | undefined;
  for (const option of options) {
    const order =
      best === undefined
        ? -1
        : priceOf(prices, option.resources) - priceOf(prices, best.resources) ||
          compareResources(option.resources, best.resources);
    if (order < 0) best = option;
  }
  return best;
}

/** The least of each resource over some designs. */
export function leastOf(needs: readonly Resources[]): Resources | undefined {
  if (needs.length === 0) return undefined;
  const least = (name: ResourceName): number => Math.min(...needs.map((needed) => needed[name]));
  return { dsp: least('dsp'), bram18: least('bram18'), lut: least('lut'), ff: least('ff') };
}

/** The least of each figure over some designs. */
export function leastFiguresOf(all: readonly Figures[]): Figures | undefined {
  const [first] = all;
  if (first === undefined) return undefined;
  return all.reduce(
    (least, figures) => ({
      paceCycles: Math.min(least.paceCycles, figures.paceCycles),
      latencyCycles: Math.min(least.latencyCycles, figures.latencyCycles),
      femtojoules: Math.min(least.femtojoules, figures.femtojoules),
      area: Math.min(least.area, figures.area),
      dsp: Math.min(least.dsp, figures.dsp),
      bram18: Math.min(least.bram18, figures.bram18),
      lut: Math.min(least.lut, figures.lut),
      ff: Math.min(least.ff, figures.ff),
    }),
    first,
  );
}

/** A chunk's space given as a list: for tests and small problems. */
export function listSpace(options: readonly (Option | undefined)[]): ChunkSpace {
  const legal = options.filter((option) => option !== undefined);
  const all = paretoOf(legal.sort(compareOptions));
  const within = (cyclesAtMost: number): Option[] =>
    all.filter((option) => option.cycles <= cyclesAtMost);
  return {
    shape: [options.length],
    at: (index) => options[index],
    front: (cyclesAtMost, bounds = []) =>
      within(cyclesAtMost).filter(({ resources }) => isWithin(resources, bounds)),
    leanest: (cyclesAtMost, prices) => leanestOf(within(cyclesAtMost), prices),
    least: (cyclesAtMost) => leastOf(within(cyclesAtMost).map(({ resources }) => resources)),
    leastCycles: (budget) =>
      all.find((option) => fitsIn(option.resources, budget))?.cycles ?? Number.POSITIVE_INFINITY,
    leastFigures: (isOpen) =>
      leastFiguresOf(legal.map(figuresOf).filter((figures) => isOpen(figures))),
    select: (isOpen) => legal.filter((option) => isOpen(figuresOf(option))),
  };
}
