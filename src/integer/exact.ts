// The arithmetic of docs/hardware.md 1 in big integers, written as the definitions are: the oracle of everything else.

/** Right shift that rounds halves up: floor(x / 2^s + 1/2). */
function shiftHalfUp(value: bigint, shift: number): bigint {
  return (value + (1n << BigInt(shift - 1))) >> BigInt(shift);
}

/** `(acc * multiplier + 2^(shift-1)) >> shift`, shift at least 1. */
export function exactHalfUp(acc: bigint, multiplier: number, shift: number): bigint {
  return shiftHalfUp(acc * BigInt(multiplier), shift);
}

/** Saturating rounding doubling high multiply of 32-bit integers: the high half of 2ab, rounded. */
export function exactDoublingHighMultiply(a: bigint, b: bigint): bigint {
  const lowest = -(1n << 31n);
  if (a === lowest && b === lowest) return (1n << 31n) - 1n;
  const product = a * b;
  const nudge = product >= 0n ? 1n << 30n : 1n - (1n << 30n);
  // Division of big integers truncates, as the C++ of the reference kernels does.
  return (product + nudge) / (1n << 31n);
}

/** Division by a power of two, halves away from zero. */
export function exactRoundingDivide(value: bigint, exponent: number): bigint {
  const mask = (1n << BigInt(exponent)) - 1n;
  const remainder = value & mask;
  const threshold = (mask >> 1n) + (value < 0n ? 1n : 0n);
  return (value >> BigInt(exponent)) + (remainder > threshold ? 1n : 0n);
}

/** TensorFlow Lite's rescaling of convolutions: the multiplication rounds, then the shift rounds again. */
export function exactTfliteDouble(acc: bigint, multiplier: number, exponent: number): bigint {
  const shifted = acc << BigInt(Math.max(exponent, 0));
  const high = exactDoublingHighMultiply(shifted, BigInt(multiplier));
  return exactRoundingDivide(high, Math.max(-exponent, 0));
}

/** TensorFlow Lite's rescaling of fully connected layers: one rounding, halves up. */
export function exactTfliteSingle(acc: bigint, multiplier: number, exponent: number): bigint {
  return shiftHalfUp(acc * BigInt(multiplier), 31 - exponent);
}

/** Quotient of integers, ties away from zero; the divisor is positive. */
export function exactAverage(sum: bigint, count: bigint): bigint {
  const magnitude = sum < 0n ? -sum : sum;
  const quotient = (2n * magnitude + count) / (2n * count);
  return sum < 0n ? -quotient : quotient;
}
