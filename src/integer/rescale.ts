// The arithmetic of docs/hardware.md 1 in doubles: exact because every intermediate is an integer below 2^53, or such
// an integer divided by a power of two. test/integer proves each function equal to its big-integer form in exact.ts.

// Powers of two from -64 to 64: looking one up is ten times faster than raising 2.
const powers = Float64Array.from({ length: 129 }, (_, index) => 2 ** (index - 64));

/** 2^exponent for whole exponents from -64 to 64. */
export function powerOfTwo(exponent: number): number {
  return powers[exponent + 64] ?? 2 ** exponent;
}

/** `(acc * multiplier + 2^(shift-1)) >> shift`: acc within 32 bits, multiplier 0..65535, shift 1..47. */
export function rescaleHalfUp(acc: number, multiplier: number, shift: number): number {
  return Math.floor((acc * multiplier + powerOfTwo(shift - 1)) * powerOfTwo(-shift));
}

/**
 * `(acc * multiplier + 2^(n-1)) >> n` for a Q31 multiplier and n from 17 to 63. The 63-bit product is formed in two
 * halves; the low 16 bits of the second cannot change the floor because the rounding constant is a multiple of 2^16.
 */
function multiplyShift(acc: number, multiplier: number, n: number): number {
  const high = multiplier >>> 16;
  const low = multiplier & 65_535;
  const product = acc * high + Math.floor(acc * low * 2 ** -16);
  return Math.floor((product + powerOfTwo(n - 17)) * powerOfTwo(16 - n));
}

/** Division of a 32-bit integer by 2^exponent, exponent 0..31, halves away from zero. */
export function roundingDivide(value: number, exponent: number): number {
  const mask = powerOfTwo(exponent) - 1;
  const remainder = value & mask;
  const threshold = (mask >> 1) + (value < 0 ? 1 : 0);
  return (value >> exponent) + (remainder > threshold ? 1 : 0);
}

/**
 * TensorFlow Lite's double rounding. `acc << max(exponent, 0)` must be within 32 bits, which accumulatorRange assures;
 * the doubling high multiply never saturates then, since multipliers are not negative, and it rounds halves up.
 */
export function rescaleTfliteDouble(acc: number, multiplier: number, exponent: number): number {
  if (exponent >= 0) return multiplyShift(acc * powerOfTwo(exponent), multiplier, 31);
  return roundingDivide(multiplyShift(acc, multiplier, 31), -exponent);
}

/** TensorFlow Lite's single rounding, halves up: acc within 32 bits, exponent -31..7. */
export function rescaleTfliteSingle(acc: number, multiplier: number, exponent: number): number {
  return multiplyShift(acc, multiplier, 31 - exponent);
}

/** Quotient of integers, ties away from zero; count is positive. */
export function roundedAverage(sum: number, count: number): number {
  // Doubled so that the tie is an integer comparison; a division by count alone would already have rounded.
  const magnitude = Math.abs(sum);
  const quotient = Math.floor((2 * magnitude + count) / (2 * count));
  return sum < 0 ? -quotient : quotient;
}
