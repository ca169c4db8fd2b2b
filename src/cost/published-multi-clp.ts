// Shen's problem (ISCA 2017), bare: which layers share which array, and how large is each, so that the slowest of all
// arrays is as fast as so many multipliers allow? Solved to its optimum; memory and bandwidth are not in it.

import { defined } from '../util/errors.ts';
import { type TiledLayer, tiledCycles } from './published-formulas.ts';

/** One array and the layers it runs, by index; a layer that is there twice runs both its halves. */
export interface ClpArray {
  readonly tm: number;
  readonly tn: number;
  readonly layers: readonly number[];
  readonly cycles: number;
}

export interface ClpDesign {
  /** Cycles of the slowest array. */
  readonly epochCycles: number;
  readonly multipliers: number;
  readonly arrays: readonly ClpArray[];
}

/** How layers may be shared out. */
export interface ClpRules {
  /** Sizes of arrays that are used at the same time, in sum. */
  readonly multipliers: number;
  readonly maxArrays: number;
  /** Halves of one layer may run on different arrays. */
  readonly splitHalves?: boolean;
  /** The layers of each array, where they are given; a layer is named twice where both its halves run there. */
  readonly groups?: readonly (readonly number[])[];
}

/** Sizes beyond which nothing changes: the least that needs so many tiles of some layer. */
const sizesOf = (channels: readonly number[]): number[] => [
  ...new Set(
    channels.flatMap((count) =>
      Array.from({ length: count }, (_, tiles) => Math.ceil(count / (tiles + 1))),
    ),
  ),
];

/** Arrays for a set of layers that no other beats in both multipliers and cycles, smallest first. */
function frontOf(
  layers: readonly TiledLayer[],
  members: readonly number[],
  limit: number,
): ClpArray[] {
  const own = members.map((l) => defined(layers[l], 'layer'));
  // The fastest array of each number of multipliers.
  const fastest = new Array<ClpArray | undefined>(limit + 1).fill(undefined);
  const inputSizes = sizesOf(own.map((layer) => layer.inputs));
  for (const tm of sizesOf(own.map((layer) => layer.outputs)))
    for (const tn of inputSizes) {
      if (tm * tn > limit) continue;
      let cycles = 0;
      for (const layer of own) cycles += tiledCycles(layer, tm, tn);
      const known = fastest[tm * tn];
      if (known === undefined || cycles < known.cycles)
        fastest[tm * tn] = { tm, tn, layers: members, cycles };
    }
  let least = Number.POSITIVE_INFINITY;
  return fastest
    .filter((array) => array !== undefined)
    .filter(({ cycles }) => {
      const isBetter = cycles < least;
      least = Math.min(least, cycles);
      return isBetter;
    });
}

interface Partial {
  readonly multipliers: number;
  readonly arrays: readonly ClpArray[];
}

/** Digits of a set of halves in base 3: how many halves of each layer it holds. */
const digitsOf = (set: number, count: number): number[] =>
  Array.from({ length: count }, (_, l) => Math.floor(set / 3 ** l) % 3);

/** Fewest multipliers with which every array keeps to so many cycles; undefined where the limit does not do. */
function leastMultipliers(
  fronts: ReadonlyMap<number, readonly ClpArray[]>,
  count: number,
  cycles: number,
  { multipliers, maxArrays }: ClpRules,
): Partial | undefined {
  const all = 3 ** count - 1;
  const usable = [...fronts].flatMap(([set, front]) => {
    const array = front.find((candidate) => candidate.cycles <= cycles);
    return array === undefined ? [] : [{ set, digits: digitsOf(set, count), array }];
  });
  // best: the cheapest way to cover a set of halves with the arrays so far; latest: what the last array improved.
  const best = new Map<number, Partial>();
  let latest = new Map<number, Partial>([[0, { multipliers: 0, arrays: [] }]]);
  for (let k = 0; k < maxArrays && latest.size > 0; k++) {
    const next = new Map<number, Partial>();
    for (const [covered, partial] of latest) {
      const has = digitsOf(covered, count);
      const first = has.findIndex((halves) => halves < 2);
      for (const { set, digits, array } of usable) {
        // Arrays come in the order of the first layer that is not covered, so that none is tried in two orders.
        if ((digits[first] ?? 0) === 0) continue;
        if (digits.some((halves, l) => halves + (has[l] ?? 0) > 2)) continue;
        const sum = partial.multipliers + array.tm * array.tn;
        const known = next.get(covered + set) ?? best.get(covered + set);
        if (sum <= multipliers && (known === undefined || sum < known.multipliers))
          next.set(covered + set, { multipliers: sum, arrays: [...partial.arrays, array] });
      }
    }
    for (const [set, partial] of next) best.set(set, partial);
    latest = next;
  }
  return best.get(all);
}

/** The sets of halves that one array may run. */
function setsOf(count: number, { splitHalves = false, groups }: ClpRules): number[] {
  if (groups !== undefined) return groups.map((group) => group.reduce((set, l) => set + 3 ** l, 0));
  return Array.from({ length: 3 ** count - 1 }, (_, set) => set + 1).filter(
    (set) => splitHalves || digitsOf(set, count).every((halves) => halves !== 1),
  );
}

/** The least epoch, proven: a threshold is bisected over every number of cycles that some array can take. */
export function solveMultiClp(layers: readonly TiledLayer[], rules: ClpRules): ClpDesign {
  const fronts = new Map<number, readonly ClpArray[]>();
  for (const set of setsOf(layers.length, rules)) {
    const members = digitsOf(set, layers.length).flatMap((halves, l) =>
      Array.from({ length: halves }, () => l),
    );
    fronts.set(set, frontOf(layers, members, rules.multipliers));
  }
  const thresholds = [
    ...new Set([...fronts.values()].flatMap((front) => front.map(({ cycles }) => cycles))),
  ].sort((left, right) => left - right);
  let low = 0;
  let high = thresholds.length - 1;
  let found: Partial | undefined;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const tried = leastMultipliers(fronts, layers.length, thresholds[middle] ?? 0, rules);
    if (tried === undefined) low = middle + 1;
    else {
      found = tried;
      high = middle - 1;
    }
  }
  const { multipliers, arrays } = defined(found, 'a design of one array per layer');
  return { epochCycles: Math.max(...arrays.map(({ cycles }) => cycles)), multipliers, arrays };
}
