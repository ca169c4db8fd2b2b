// How often values of factors, and pairs of them, were met.

import { type Assignment, type Factor, factorNames, factors } from './factors.ts';

/** Two values of two factors, as one word. */
export const pairKey = (a: string, valueA: string, b: string, valueB: string): string =>
  `${a} ${valueA}, ${b} ${valueB}`;

export function pairsOf<T extends object>(one: T, names: readonly (keyof T & string)[]): string[] {
  return names.flatMap((a, k) =>
    names.slice(k + 1).map((b) => pairKey(a, String(one[a]), b, String(one[b]))),
  );
}

/** How often each word was met. */
export class Counts {
  readonly #counts = new Map<string, number>();
  of(key: string): number {
    return this.#counts.get(key) ?? 0;
  }
  add(keys: readonly string[]): void {
    for (const key of keys) this.#counts.set(key, this.of(key) + 1);
  }
  /** High where the keys are rare so far. */
  need(keys: readonly string[]): number {
    return keys.reduce((sum, key) => sum + 1 / (1 + this.of(key)) ** 2, 0);
  }
}

/** How often each value and each pair of values was run. */
export interface CoverageCounts {
  readonly values: readonly {
    readonly factor: Factor;
    readonly value: string;
    readonly runs: number;
  }[];
  readonly pairs: ReadonlyMap<string, number>;
}

/** Counts what was run. */
export function countCoverage(assignments: readonly Assignment[]): CoverageCounts {
  const counts = new Counts();
  for (const one of assignments)
    counts.add([
      ...pairsOf(one, factorNames),
      ...factorNames.map((name) => `${name} ${one[name]}`),
    ]);
  const pairs = new Map<string, number>();
  factorNames.forEach((a, k) => {
    for (const b of factorNames.slice(k + 1))
      for (const valueA of factors[a])
        for (const valueB of factors[b]) {
          const key = pairKey(a, valueA, b, valueB);
          pairs.set(key, counts.of(key));
        }
  });
  return {
    values: factorNames.flatMap((factor) =>
      factors[factor].map((value) => ({ factor, value, runs: counts.of(`${factor} ${value}`) })),
    ),
    pairs,
  };
}
