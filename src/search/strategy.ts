// What a search strategy decides; one file per strategy in strategies/, never asked for by name in shared code.

import type { Rng } from '../util/rng.ts';

/** Active choices of one layer in one architecture step, the sampled one first, with their shares. */
export interface PathSample {
  readonly active: readonly number[];
  readonly shares: readonly number[];
}

/** Shares over the widths of a layer: what the forward pass mixes, and what gradients flow through. */
export interface BitSample {
  /** b_j of the forward pass: one-hot where hard. */
  readonly forward: readonly number[];
  /** Softened shares of the same sample, whose gradient stands in for the hard ones'. */
  readonly soft: readonly number[];
}

/** Draws from logits at a temperature. */
export type Draw<Sample> = (logits: readonly number[], temperature: number, rng: Rng) => Sample;

/** A strategy as its knobs (docs/search.md): what it searches, how it samples, whose hardware cost it sees. */
export interface Strategy {
  readonly name: string;
  readonly summary: string;
  readonly citation: string;
  /** Axes that learn; the rest stay at their first value. */
  readonly axes: {
    readonly blocks: boolean;
    readonly bits: boolean;
    readonly accelerator: boolean;
  };
  /** The path weights are stepped along. */
  readonly weightPath: Draw<PathSample>;
  /** The paths block logits learn from; `paths` is K. */
  readonly architecturePaths: (paths: number) => Draw<PathSample>;
  readonly weightBits: Draw<BitSample>;
  readonly architectureBits: Draw<BitSample>;
}
