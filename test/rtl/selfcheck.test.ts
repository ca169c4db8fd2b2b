// Random layers on random arrays under random memories: bits, cycles and every command's times, tolerance 0.

import { describe, expect, test } from 'vitest';
import { namedNetlist, type ShapeName } from '../../src/verify/netlists.ts';
import { randomCase } from '../../src/verify/random-case.ts';
import { selfcheck } from '../../src/verify/selfcheck.ts';

const runs = 12;
const seed = 20;
// A guard against hanging, not a claim: a simulator takes half a minute to build, more on a busy machine.
const timeout = 1_200_000;
// Both kinds and forms, on-chip memory, every slot, every multiplier, pipeline registers, both buses: 108 runs; the full test has all.
const shapes: readonly ShapeName[] = [
  's2x4x4',
  'd3x8',
  's3x8x8',
  's2x4x8t',
  's1x8x16w4',
  's2x8x2b32',
  'd4x1a16',
  's4x4x4p2',
  's2x8x16w4p4',
];

describe.each(shapes)('%s', (shape) => {
  test('its cases are cut into tiles and do not come out even', () => {
    for (let k = 0; k < runs; k++) {
      const { tiles, raggedDimensions } = randomCase(namedNetlist(shape), seed * 10_000 + k);
      expect(tiles).toBeGreaterThan(1);
      expect(raggedDimensions).toBeGreaterThanOrEqual(1);
    }
  });

  test('RTL, integer model and schedule agree', { timeout }, async () => {
    const result = await selfcheck({ designs: runs, seed, shapes: [shape] });
    expect(result.failures).toEqual([]);
    expect(result.designs).toBe(runs);
    expect(result.bitMismatches).toBe(0);
    expect(result.cycleMismatches).toBe(0);
    expect(result.commandMismatches).toBe(0);
    // Tiles need at least a read, an array command and a store each.
    expect(result.commands).toBeGreaterThan(6 * runs);
  });
});

test('stalls outside the memory contract cost cycles, never bits', { timeout }, async () => {
  for (const stalls of [1, 2]) {
    const result = await selfcheck({ designs: runs, seed, shapes: ['s2x4x4'], stalls });
    expect(result.failures).toEqual([]);
    expect(result.bitMismatches).toBe(0);
  }
});

test.each([5, 40, -1, -2])(
  'a bus error in access %i stops the run; the next one is exact again',
  { timeout },
  async (busError) => {
    const result = await selfcheck({ designs: runs, seed, shapes: ['s2x4x4'], busError });
    expect(result.failures).toEqual([]);
    expect(result.designs).toBe(runs);
  },
);
