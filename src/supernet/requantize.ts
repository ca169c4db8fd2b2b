// Real factors as the integers of half-up requantization (docs/hardware.md 1).

import type { HalfUpAdd } from '../network/network.ts';

const multiplierBits = 16;
const largestShift = 47;

/** `factor` = multiplier * 2^-shift. */
export interface IntegerFactor {
  readonly multiplier: number;
  readonly shift: number;
}

/** The shift that brings a factor into the multiplier's top bit, or as near as the widest shift allows. */
function shiftFor(factor: number): number {
  const shift = multiplierBits - 1 - Math.floor(Math.log2(factor));
  return Math.min(largestShift, Math.max(1, shift));
}

/** Nearest unsigned 16-bit multiplier and shift 1..47; a factor of zero, or one too small to matter, gets multiplier 0. */
export function integerFactor(factor: number): IntegerFactor {
  if (!(factor >= 0 && Number.isFinite(factor)))
    throw new Error(`factor ${factor} is not a magnitude`);
  if (factor === 0) return { multiplier: 0, shift: 1 };
  const shift = shiftFor(factor);
  const multiplier = Math.round(factor * 2 ** shift);
  // Rounding up to 2^16 is the same factor one shift less.
  if (multiplier === 2 ** multiplierBits && shift > 1)
    return { multiplier: multiplier / 2, shift: shift - 1 };
  return { multiplier: Math.min(multiplier, 2 ** multiplierBits - 1), shift };
}

/** Both operands' factors under the one shift that keeps the larger in 16 bits. */
export function integerAdd(factorA: number, factorB: number): HalfUpAdd {
  const { shift } = integerFactor(Math.max(factorA, factorB));
  const scale = 2 ** shift;
  const limit = 2 ** multiplierBits - 1;
  return {
    form: 'half-up',
    multiplierA: Math.min(limit, Math.round(factorA * scale)),
    multiplierB: Math.min(limit, Math.round(factorB * scale)),
    shift,
  };
}
