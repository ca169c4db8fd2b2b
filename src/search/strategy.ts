// What a search strategy decides; one file per strategy in strategies/, never asked for by name in shared code.

import type { Rng } from '../util/rng.ts';
import type { ArchitectureContext, ArchitectureOutcome } from './architecture-step.ts';
import type { Conclusion } from './conclusion.ts';
import type { CostView } from './cost-view.ts';

/** Active choices of one layer in one step, with their shares. */
export interface PathSample {
  /** Candidates that are computed, the sampled one first. */
  readonly active: readonly number[];
  /** Candidates whose logits the shares come from, and which learn. */
  readonly support: readonly number[];
  /** Shares of the support. */
  readonly shares: readonly number[];
  /** Of the softmax that the shares came from. */
  readonly temperature: number;
}

/** Shares over the widths of a layer: what the forward pass mixes, and what gradients flow through. */
export interface BitSample {
  /** b_j of the forward pass: one-hot where hard. */
  readonly forward: readonly number[];
  /** Softened shares of the same sample, whose gradient stands in for the hard ones'. */
  readonly soft: readonly number[];
  readonly temperature: number;
}

/** Draws from logits at a temperature. */
export type Draw<Sample> = (logits: readonly number[], temperature: number, rng: Rng) => Sample;

/** Axes that learn at a time; one that never learns stays at its largest choice. */
export interface Axes {
  readonly blocks: boolean;
  readonly bits: boolean;
}

/** One architecture step: changes the logits, tells what it did. */
export type LogitStep = (
  context: ArchitectureContext,
  indices: readonly number[],
  temperature: number,
  rng: Rng,
) => ArchitectureOutcome;

/** A strategy as its knobs: what it searches, how it samples, whose hardware cost it sees, how it ends. */
export interface Strategy {
  readonly name: string;
  readonly summary: string;
  readonly citation: string;
  /** What learns, stage after stage, in equal parts of the joint epochs; one stage with all axes is a joint search. */
  readonly stages: readonly Axes[];
  readonly paths: {
    /** The path weights are stepped along. */
    readonly weights: Draw<PathSample>;
    /** The paths block logits learn from; `paths` is K. */
    readonly logits: (paths: number) => Draw<PathSample>;
    /** True: all active paths are computed and mixed. False: the first alone is, forward. */
    readonly mixed: boolean;
  };
  readonly bits: {
    readonly weights: Draw<BitSample>;
    readonly logits: Draw<BitSample>;
    /** True: every width has weights of its own. False: all share one set. */
    readonly copies: boolean;
  };
  /** Whether logits that were not looked at keep their probability when others are stepped. */
  readonly keepsMass: boolean;
  /** Whose cost the logits see; absent where hardware is not looked at. */
  readonly cost?: CostView;
  /** How logits learn; absent where they do not. */
  readonly step?: LogitStep;
  /** False: no shared network is trained at all. */
  readonly supernet: boolean;
  /** How the search ends: from logits and weights to choices. */
  readonly conclude: Conclusion;
}
