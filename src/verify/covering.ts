// Which netlists and which layers on them cover every pair of factor values that is legal, and which rule forbids the rest.

import { defined } from '../util/errors.ts';
import { createRng, type Rng } from '../util/rng.ts';
import { Counts, pairKey, pairsOf } from './coverage-counts.ts';
import { type Assignment, type Factor, factorNames, factors } from './factors.ts';
import { type Frame, frameShape, Rules } from './frames.ts';
import type { Netlist, Shape } from './netlists.ts';
import { layersOn, tryCase, type Wish } from './random-case.ts';

const frameValues: { readonly [K in keyof Frame]: readonly Frame[K][] } = {
  kind: ['standard', 'depthwise'],
  activations: factors.activations,
  weights: factors.weights,
  form: factors.form,
  multiplier: factors.multiplier,
  pipeline: factors.pipeline,
  port: factors.port,
  bus: factors.bus,
  chip: ['chip', 'none'],
};

/** All combinations of one entry per list. */
function product<T extends object>(lists: { readonly [K in keyof T]: readonly T[K][] }): T[] {
  return (Object.keys(lists) as (keyof T)[]).reduce<T[]>(
    (all, name) => all.flatMap((one) => lists[name].map((value) => ({ ...one, [name]: value }))),
    [{} as T],
  );
}

/** The entry whose pairs are rarest so far, the first of equals in random order. */
function rarest<T>(
  rng: Rng,
  entries: readonly T[],
  keys: (entry: T) => readonly string[],
  counts: Counts,
): T {
  let best: T | undefined;
  let most = -1;
  for (const entry of rng.shuffle(entries)) {
    const need = counts.need(keys(entry));
    if (need > most) [best, most] = [entry, need];
  }
  return defined(best, 'an entry to choose from');
}

/** Layers that a netlist can be asked for. */
function wishesOn(frame: Frame): Wish[] {
  const upTo = (name: 'activations' | 'weights') =>
    factors[name].slice(0, factors[name].indexOf(frame[name]) + 1);
  return product<Wish>({
    layer: layersOn[frame.kind],
    activations: upTo('activations'),
    weights: upTo('weights'),
    order: factors.order,
    residency: frame.chip === 'chip' ? factors.residency : ['stream'],
  });
}

/** Draws before a wish counts as illegal; a pair of values is tried with many wishes. */
const PROBES = 3;

/** The rule that forbids a wish on a netlist, met in every one of some draws; undefined where a draw is legal. */
function ruleAgainst(netlist: Netlist, wish: Wish): string | undefined {
  const rng = createRng(`${netlist.name} ${JSON.stringify(wish)}`);
  const rules = new Rules();
  for (let probe = 0; probe < PROBES; probe++) {
    const demands = { tiles: 1, ragged: 0, maxMacs: 2000 };
    const result = tryCase(rng.fork(String(probe)), netlist, wish, 0, demands);
    if (result.ok) return undefined;
    rules.add(result.reason);
  }
  return rules.most();
}

/** A netlist and the layers to run on it. */
export interface CoveredNetlist {
  readonly netlist: Netlist;
  readonly wishes: readonly Wish[];
}

/** What runs where, and every pair of values that no design can have, with the rule. */
export interface Covering {
  readonly netlists: readonly CoveredNetlist[];
  readonly illegal: ReadonlyMap<string, string>;
}

const full = (frame: Frame, wish: Wish): Assignment => {
  const { form, multiplier, pipeline, port, bus } = frame;
  return { ...wish, form, multiplier, pipeline, port, bus };
};

const frameKeys = (frame: Frame): string[] =>
  pairsOf(frame, Object.keys(frameValues) as (keyof Frame)[]);

/**
 * Plans `netlists` netlists with `runs` layers each, all from the seed: netlists so that the pairs of what they fix are
 * met alike, then layers so that the pairs of all factors are.
 */
export function planCovering(seed: number, netlists: number, runs: number): Covering {
  const rng = createRng(`covering ${seed}`);
  const frames: { readonly frame: Frame; readonly netlist: Netlist }[] = [];
  const frameCounts = new Counts();
  const possible = product<Frame>(frameValues).filter(
    (frame) => typeof frameShape(createRng(JSON.stringify(frame)), frame) !== 'string',
  );
  for (let n = 0; n < netlists; n++) {
    const frame = rarest(rng, possible, frameKeys, frameCounts);
    const shape = frameShape(rng.fork(`shape ${n}`), frame);
    if (typeof shape === 'string') continue;
    frameCounts.add(frameKeys(frame));
    frames.push({ frame, netlist: { name: `n${n}`, shape, isShared: frame.port === 'shared' } });
  }
  const counts = new Counts();
  const planned = frames.map(({ frame, netlist }): CoveredNetlist => {
    const legal = wishesOn(frame).filter((wish) => ruleAgainst(netlist, wish) === undefined);
    const keys = new Map(legal.map((wish) => [wish, pairsOf(full(frame, wish), factorNames)]));
    const wishes = Array.from({ length: runs }, () => {
      const wish = rarest(rng, legal, (entry) => keys.get(entry) ?? [], counts);
      counts.add(keys.get(wish) ?? []);
      return wish;
    });
    return { netlist, wishes };
  });
  return { netlists: planned, illegal: illegalPairs(counts) };
}

/** Pairs that the plan lacks, each with the rule that every assignment holding it breaks. */
function illegalPairs(counts: Counts): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  factorNames.forEach((a, k) => {
    for (const b of factorNames.slice(k + 1))
      for (const valueA of factors[a])
        for (const valueB of factors[b]) {
          const key = pairKey(a, valueA, b, valueB);
          if (counts.of(key) > 0) continue;
          const rule = ruleAgainstPair(a, valueA, b, valueB);
          if (rule !== undefined) found.set(key, rule);
        }
  });
  return found;
}

/** The rule against two values, tried with all values of the other factors on the tightest netlist for them. */
function ruleAgainstPair(a: Factor, valueA: string, b: Factor, valueB: string): string | undefined {
  const rules = new Rules();
  const shapes = new Map<string, Shape | string>();
  const all = product<Assignment>(factors as { readonly [F in Factor]: readonly Assignment[F][] });
  for (const one of all) {
    if (one[a] !== valueA || one[b] !== valueB) continue;
    for (const kind of ['standard', 'depthwise'] as const) {
      if (!layersOn[kind].includes(one.layer)) continue;
      const chip = one.residency === 'stream' ? 'none' : 'chip';
      const frame: Frame = { ...one, kind, chip };
      const { layer: _, order: __, residency: ___, ...fixed } = frame as Frame & Assignment;
      const key = JSON.stringify(fixed);
      const shape = shapes.get(key) ?? frameShape(createRng(key), frame);
      shapes.set(key, shape);
      const rule =
        typeof shape === 'string'
          ? shape
          : ruleAgainst({ name: 'probe', shape, isShared: one.port === 'shared' }, one);
      if (rule === undefined) return undefined;
      rules.add(rule);
    }
  }
  return rules.most();
}
