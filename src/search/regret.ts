// How far a search ended from the best of a space whose every point is known.
//
// One objective: the reward R = accuracy * (E / E_T)^-0.07 of MnasNet, E the epoch of a network on its best accelerator
// and E_T that of the space's largest network; regret = 1 - R / R*, R* the best of all points.
// Two: the hypervolume H of (accuracy, ln E), the area that the networks a run proposed leave nothing better in, down to
// the worst accuracy and up to the most cycles of all points; regret = 1 - H / H*, H* that of the true front.

import { type Choices, pointName } from '../supernet/space.ts';
import { defined } from '../util/errors.ts';
import { type CostTerm, rewardOf } from './objective.ts';

/** One network with its bits: how good it gets, and how fast on its best accelerator. */
export interface KnownPoint {
  readonly point: string;
  /** One per training; the truth is their mean. */
  readonly accuracies: readonly number[];
  /** Accelerators that run it and fit. */
  readonly accelerators: number;
  readonly epochCycles: number;
}

/** A point on the plane that is searched. */
export interface PlanePoint {
  readonly accuracy: number;
  readonly epochCycles: number;
}

/** All that is known of a space. */
export interface Truth {
  readonly points: ReadonlyMap<string, PlanePoint>;
  readonly cost: CostTerm;
  readonly bestReward: number;
  /** Points that no other is as accurate and as fast as, fastest first. */
  readonly front: readonly (PlanePoint & { readonly point: string })[];
  readonly hypervolume: number;
}

/** Points that no other is at least as good as in both, fastest first. */
export function frontOf<T extends PlanePoint>(points: readonly T[]): T[] {
  const ordered = [...points].sort(
    (a, b) => a.epochCycles - b.epochCycles || b.accuracy - a.accuracy,
  );
  let best = Number.NEGATIVE_INFINITY;
  return ordered.filter(({ accuracy }) => {
    if (accuracy <= best) return false;
    best = accuracy;
    return true;
  });
}

/** Area under a set of points, down to `worst`; cycles by their logarithm. */
export function hypervolumeOf(points: readonly PlanePoint[], worst: PlanePoint): number {
  let volume = 0;
  let { accuracy: before } = worst;
  for (const { accuracy, epochCycles } of frontOf(points)) {
    const width = Math.log(worst.epochCycles / epochCycles);
    if (width <= 0 || accuracy <= before) continue;
    volume += width * (accuracy - before);
    before = accuracy;
  }
  return volume;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function worstOf(points: Iterable<PlanePoint>): PlanePoint {
  const all = [...points];
  return {
    accuracy: Math.min(...all.map(({ accuracy }) => accuracy)),
    epochCycles: Math.max(...all.map(({ epochCycles }) => epochCycles)),
  };
}

/** What follows from the table of all points; `cost` is how a search weighs cycles. */
export function truthOf(known: readonly KnownPoint[], cost: CostTerm): Truth {
  const named = known.map(({ point, accuracies, epochCycles }) => ({
    point,
    accuracy: mean(accuracies),
    epochCycles,
  }));
  return {
    points: new Map(named.map(({ point, ...plane }) => [point, plane])),
    cost,
    bestReward: Math.max(
      ...named.map(({ accuracy, epochCycles }) => rewardOf(accuracy, epochCycles, cost)),
    ),
    front: frontOf(named),
    hypervolume: hypervolumeOf(named, worstOf(named)),
  };
}

/** Regrets of one run, as shares of the optimum: 0 is the optimum itself. */
export interface Regret {
  readonly reward: number;
  readonly hypervolume: number;
}

/** @param proposals whatever else the run would have ended with or has tried */
export function regretOf(truth: Truth, found: Choices, proposals: readonly Choices[]): Regret {
  const lookUp = (choices: Choices): PlanePoint =>
    defined(truth.points.get(pointName(choices)), pointName(choices));
  const { accuracy, epochCycles } = lookUp(found);
  const proposed = [found, ...proposals].map(lookUp);
  const volume = hypervolumeOf(proposed, worstOf(truth.points.values()));
  return {
    reward: 1 - rewardOf(accuracy, epochCycles, truth.cost) / truth.bestReward,
    hypervolume: 1 - volume / truth.hypervolume,
  };
}

/** First quartile, median and third quartile, by linear interpolation. */
export function quartilesOf(values: readonly number[]): readonly [number, number, number] {
  const ordered = [...values].sort((a, b) => a - b);
  const at = (share: number): number => {
    const place = share * (ordered.length - 1);
    const [low, high] = [ordered[Math.floor(place)] ?? 0, ordered[Math.ceil(place)] ?? 0];
    return low + (high - low) * (place - Math.floor(place));
  };
  return [at(0.25), at(0.5), at(0.75)];
}
