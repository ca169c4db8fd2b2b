// Sizes of memories: addresses are whole bits, so depths are powers of two.

/** The least power of two that is at least `value` and `least`. */
export const powerOfTwoFrom = (least: number, value: number): number =>
  2 ** Math.ceil(Math.log2(Math.max(least, value)));
