// One change to the joint search, to be set beside it at the same budget.

import type { Solver } from '../explore/solver.ts';
import type { SearchSettings } from './preset.ts';
import type { Strategy } from './strategy.ts';

/** What is changed; everything else is the strategy `auto-nba`'s. */
export interface Ablation {
  readonly name: string;
  /** What question it answers. */
  readonly summary: string;
  readonly strategy: Strategy;
  readonly settings?: Partial<SearchSettings>;
  /** How gamma* is found, and how many designs it may look at. */
  readonly hardware?: { readonly solver: Solver; readonly points: number };
}
