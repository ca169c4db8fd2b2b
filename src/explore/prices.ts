// A price on resources: what a solver asks chunks to save on.

import type { Resources } from '../cost/resources.ts';

/** Weights of each resource in a price; what is left out costs nothing. */
export type Prices = Partial<Resources>;

export const priceOf = (prices: Prices, { dsp, bram18, lut, ff }: Resources): number =>
  (prices.dsp ?? 0) * dsp +
  (prices.bram18 ?? 0) * bram18 +
  (prices.lut ?? 0) * lut +
  (prices.ff ?? 0) * ff;

/** What may be paid at most at certain prices; a budget of a resource is one where nothing else costs anything. */
export interface PriceBound {
  readonly prices: Prices;
  readonly limit: number;
}

export const isWithin = (resources: Resources, bounds: readonly PriceBound[]): boolean =>
  bounds.every(({ prices, limit }) => priceOf(prices, resources) <= limit);

/** A text that is the same for the same prices. */
export const priceKey = ({ dsp = 0, bram18 = 0, lut = 0, ff = 0 }: Prices): string =>
  `${dsp} ${bram18} ${lut} ${ff}`;
