// A small seeded generator, passed in wherever chance is needed, so that a seed fixes every result.

import { unreachable } from './errors.ts';

/** Everything a generator remembers; plain numbers, for checkpoints. */
export type RngState = readonly [number, number, number, number];

/** A stream of pseudo-random numbers. */
export interface Rng {
  /** Uniform in [0, 1), 32 bits of resolution. */
  next(): number;
  /** Uniform whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number;
  /** One entry, each equally likely. */
  pick<T>(entries: readonly T[]): T;
  /** Standard normal: mean 0, deviation 1. */
  normal(): number;
  /** A copy in random order. */
  shuffle<T>(entries: readonly T[]): T[];
  /** An independent stream; depends on the label and on the state now, and leaves the state alone. */
  fork(label: string): Rng;
  state(): RngState;
  restore(state: RngState): void;
}

/** A generator whose whole stream follows from the seed. */
export function createRng(seed: number | string): Rng {
  return fromState(stateOf(String(seed)));
}

// xoshiro128** of Blackman and Vigna: four 32-bit words, period 2^128 - 1.
function fromState(initial: RngState): Rng {
  let [a, b, c, d] = initial;

  const next = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result / 2 ** 32;
  };

  const integer = (low: number, high: number): number =>
    low + Math.floor(next() * (high - low + 1));

  const state = (): RngState => [a >>> 0, b >>> 0, c >>> 0, d >>> 0];

  return {
    next,
    integer,
    pick: <T>(entries: readonly T[]): T => {
      if (entries.length === 0) unreachable('pick from an empty list');
      return entries[integer(0, entries.length - 1)] as T;
    },
    // Box-Muller; the second number of each pair is thrown away, so that the state is four words.
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    shuffle: <T>(entries: readonly T[]): T[] => {
      const copy = [...entries];
      for (let last = copy.length - 1; last > 0; last -= 1) {
        const other = integer(0, last);
        [copy[last], copy[other]] = [copy[other] as T, copy[last] as T];
      }
      return copy;
    },
    fork: (label) => fromState(stateOf(`${state().join(' ')} ${label}`)),
    state,
    restore: (saved) => {
      [a, b, c, d] = saved;
    },
  };
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** Four words out of a text: FNV-1a over it, then splitmix-like scrambling for each word. */
function stateOf(text: string): RngState {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  const word = (): number => {
    hash = (hash + 0x9e3779b9) | 0;
    let mixed = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  return [word(), word(), word(), word()];
}
