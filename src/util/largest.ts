// The end of a range, found by halving.

/** Larger than anything that is counted here. */
const LARGEST = 2 ** 52;

/**
 * The largest whole number that passes a test, from one that does; Infinity where very large ones pass too.
 * @param passes fails for whatever is larger than something it fails for
 */
export function largestFrom(passing: number, passes: (value: number) => boolean): number {
  if (passes(LARGEST)) return Number.POSITIVE_INFINITY;
  let low = passing;
  for (let high = LARGEST; high - low > 1; ) {
    const middle = Math.floor((low + high) / 2);
    if (passes(middle)) low = middle;
    else high = middle;
  }
  return low;
}
