// One design of every front within a budget: the leanest, or the certainty that there is none.
//
// Fronts are joined one after the other. What can no longer fit is left out early: by the least that the fronts to come
// need of each resource, and by the least they cost at prices under which the budget is hardest to keep (the Lagrangian
// dual, H. Everett, Operations Research 1963, as a bound only).

import { type Resources, resourceNames } from '../cost/resources.ts';
import { type PriceBound, type Prices, priceOf } from './prices.ts';
import { compareResources, fitsIn, type Option } from './problem.ts';

/** Some designs of the first fronts together, as the last of them and what went before. */
interface Chain extends Resources {
  readonly option?: Option;
  readonly before?: Chain;
}

const nothing: Chain = { dsp: 0, bram18: 0, lut: 0, ff: 0 };

/** Rounding of sums of prices: a little more than the budget's price is no proof. */
const SLACK = 1 + 1e-9;
/** With more chains at once, bounds of prices are worth their while. */
const FEW_CHAINS = 100;
/** Steps up the dual, and how the length of a step falls. */
const DUAL_STEPS = 60;
const DUAL_DECAY = 0.93;

/** What all fronts but those before `from` cost at least, per front and behind the last. */
function leastBehind(fronts: readonly (readonly Option[])[], prices: Prices): Float64Array {
  const least = new Float64Array(fronts.length + 1);
  for (let c = fronts.length - 1; c >= 0; c--) {
    let own = Number.POSITIVE_INFINITY;
    for (const { resources } of fronts[c] ?? []) own = Math.min(own, priceOf(prices, resources));
    least[c] = own + (least[c + 1] ?? 0);
  }
  return least;
}

/** What everything within the budget keeps: the price of all designs is at most that of the budget. */
export const boundOf = (prices: Prices, budget: Resources): PriceBound => ({
  prices,
  limit: priceOf(prices, budget) * SLACK,
});

/** Prices under which the fronts' least designs exceed the budget most. */
function dualBound(fronts: readonly (readonly Option[])[], budget: Resources): PriceBound {
  const weights = { dsp: 1, bram18: 1, lut: 1, ff: 1 };
  let best = weights;
  let most = Number.NEGATIVE_INFINITY;
  let step = 0.5;
  for (let k = 0; k < DUAL_STEPS; k++, step *= DUAL_DECAY) {
    const prices = pricesOf(weights, budget);
    const total = { dsp: 0, bram18: 0, lut: 0, ff: 0 };
    let excess = -priceOf(prices, budget);
    for (const front of fronts) {
      let least = Number.POSITIVE_INFINITY;
      let own: Resources = nothing;
      for (const { resources } of front) {
        const price = priceOf(prices, resources);
        if (price >= least) continue;
        least = price;
        own = resources;
      }
      excess += least;
      for (const name of resourceNames) total[name] += own[name];
    }
    if (excess > most) {
      most = excess;
      best = { ...weights };
    }
    for (const name of resourceNames) {
      const over = total[name] / Math.max(1, budget[name]) - 1;
      weights[name] = Math.max(0, weights[name] + step * Math.max(-1, Math.min(1, over)));
    }
  }
  return boundOf(pricesOf(best, budget), budget);
}

function pricesOf(weights: Resources, budget: Resources): Prices {
  const price = (name: (typeof resourceNames)[number]) => weights[name] / Math.max(1, budget[name]);
  return { dsp: price('dsp'), bram18: price('bram18'), lut: price('lut'), ff: price('ff') };
}

/** Leaves out designs that are part of no choice within the bounds; undefined where a front runs empty. */
function prune(
  fronts: readonly (readonly Option[])[],
  bounds: readonly PriceBound[],
): (readonly Option[])[] | undefined {
  let kept = [...fronts];
  for (let isShrinking = true; isShrinking; ) {
    isShrinking = false;
    for (const { prices, limit } of bounds) {
      const [all = 0] = leastBehind(kept, prices);
      if (!(all <= limit)) return undefined;
      kept = kept.map((front) => {
        const [own = 0] = leastBehind([front], prices);
        const room = limit - all + own;
        const fitting = front.filter(({ resources }) => priceOf(prices, resources) <= room);
        if (fitting.length < front.length) isShrinking = true;
        return fitting;
      });
    }
  }
  return kept;
}

/** Resources of which there is enough whatever is chosen need not be compared. */
function scarceOf(fronts: readonly (readonly Option[])[], budget: Resources) {
  return resourceNames.filter((name) => {
    const most = fronts.reduce(
      (sum, front) => sum + Math.max(...front.map(({ resources }) => resources[name])),
      0,
    );
    return most > budget[name];
  });
}

/**
 * Of chains in the order of `compareResources`, those that no earlier one makes needless: one that takes no more of any
 * scarce resource. Earlier ones never take more DSP blocks.
 */
function needed(chains: readonly Chain[], scarce: readonly (keyof Resources)[]): Chain[] {
  const [x, y, ...more] = scarce.filter((name) => name !== 'dsp');
  const kept: Chain[] = [];
  if (x === undefined) return chains.slice(0, 1);
  if (more.length > 0) {
    for (const chain of chains) if (!kept.some((other) => fitsIn(other, chain))) kept.push(chain);
    return kept;
  }
  // A staircase: the further in x, the less of y.
  const xs: number[] = [];
  const ys: number[] = [];
  for (const chain of chains) {
    const own = chain[x];
    const other = y === undefined ? 0 : chain[y];
    let low = 0;
    for (let high = xs.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((xs[middle] ?? 0) <= own) low = middle + 1;
      else high = middle;
    }
    if (low > 0 && (ys[low - 1] ?? 0) <= other) continue;
    let end = low;
    while (end < xs.length && (ys[end] ?? 0) >= other) end++;
    xs.splice(low, end - low, own);
    ys.splice(low, end - low, other);
    kept.push(chain);
  }
  return kept;
}

/** One design per front that fits, first in the order of `compareResources`; undefined where there is none. */
export function joinFronts(
  fronts: readonly (readonly Option[])[],
  budget: Resources,
): readonly Option[] | undefined {
  if (fronts.some((front) => front.length === 0)) return undefined;
  const bounds = resourceNames.map((name) => boundOf({ [name]: 1 }, budget));
  const found = chainFronts(fronts, budget, bounds, FEW_CHAINS);
  if (found !== 'many') return found && optionsOf(found);
  const all = [...bounds, dualBound(fronts, budget)];
  const chain = chainFronts(fronts, budget, all, Number.POSITIVE_INFINITY);
  return chain === undefined || chain === 'many' ? undefined : optionsOf(chain);
}

/** The leanest chain over all fronts; `many` where more than so many stay open at once. */
function chainFronts(
  fronts: readonly (readonly Option[])[],
  budget: Resources,
  bounds: readonly PriceBound[],
  most: number,
): Chain | 'many' | undefined {
  const kept = prune(fronts, bounds);
  if (kept === undefined || kept.some((front) => front.length === 0)) return undefined;
  const scarce = scarceOf(kept, budget);
  const behind = bounds.map(({ prices }) => leastBehind(kept, prices));
  let chains: readonly Chain[] = [nothing];
  for (const [c, front] of kept.entries()) {
    const grown: Chain[] = [];
    for (const before of chains)
      for (const option of front) {
        const { dsp, bram18, lut, ff } = option.resources;
        const chain: Chain = {
          dsp: before.dsp + dsp,
          bram18: before.bram18 + bram18,
          lut: before.lut + lut,
          ff: before.ff + ff,
          option,
          before,
        };
        const isOpen = bounds.every(
          ({ prices, limit }, b) => priceOf(prices, chain) + (behind[b]?.[c + 1] ?? 0) <= limit,
        );
        if (isOpen) grown.push(chain);
      }
    if (grown.length > most) return 'many';
    grown.sort(compareResources);
    chains = needed(grown, scarce);
    if (chains.length === 0) return undefined;
  }
  return chains.find((chain) => fitsIn(chain, budget));
}

function optionsOf(last: Chain): readonly Option[] {
  const options: Option[] = [];
  for (let chain: Chain | undefined = last; chain?.option !== undefined; chain = chain.before)
    options.unshift(chain.option);
  return options;
}
