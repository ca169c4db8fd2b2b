// How much of a solver's effort is spent: designs looked at, or time where that is what is limited.

import type { Effort } from './solver.ts';

/** Counts looks at whole accelerators. */
export class Meter {
  readonly #effort: Effort;
  #looked = 0;

  constructor(effort: Effort) {
    this.#effort = effort;
  }

  get looked(): number {
    return this.#looked;
  }

  /** From 0 at the start to 1 when nothing is left. */
  get spent(): number {
    const { points, elapsed } = this.#effort;
    return Math.min(1, Math.max(this.#looked / points, elapsed?.() ?? 0));
  }

  get isSpent(): boolean {
    return this.spent >= 1;
  }

  look(): void {
    this.#looked++;
  }
}
