// What a user may write instead of a value that breaks a rule.

/** The candidate closest to a value; the smaller of two that are equally close. At least one candidate. */
export function nearestOf(value: number, candidates: readonly number[]): number {
  const distance = (candidate: number) => Math.abs(candidate - value);
  return candidates.reduce((best, candidate) =>
    distance(candidate) < distance(best) ||
    (distance(candidate) === distance(best) && candidate < best)
      ? candidate
      : best,
  );
}

/** The whole number from `low` to `high` closest to a value. */
export const nearestWhole = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, Math.round(value)));

/** Whole numbers from `low` to `high`. */
export const wholesFrom = (low: number, high: number): readonly number[] =>
  Array.from({ length: Math.max(0, high - low + 1) }, (_, k) => low + k);

/** Powers of two from 2 to `most`. */
export const powersTo = (most: number): readonly number[] =>
  Array.from({ length: Math.floor(Math.log2(most)) }, (_, k) => 2 ** (k + 1));
