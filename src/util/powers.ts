// Sizes of memories: addresses are whole bits, so depths are powers of two.

/** The least power of two that is at least `value` and `least`; whole numbers up to 2^31. */
export const powerOfTwoFrom = (least: number, value: number): number =>
  (1 << (32 - Math.clz32(Math.max(least, value) - 1))) >>> 0;
