// Published figures come out of our formulas within stated bounds, and searches are as good as looking at everything.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as published from '../../src/cost/published/index.ts';
import { bestArray } from '../../src/cost/published/zhang-2015.ts';
import { agrees, type PublishedSet, ratioOf, roundedTo } from '../../src/cost/published.ts';
import {
  alexnetHalves,
  finnBram18,
  finnCycles,
  pipelineCycles,
  pipelineDsp,
  pipelinedCycles,
  type TiledLayer,
  tiledCycles,
} from '../../src/cost/published-formulas.ts';
import { solveMultiClp } from '../../src/cost/published-multi-clp.ts';

describe.each(Object.values<PublishedSet>(published))('$name', (set) => {
  test('every figure is marked, and ours lies within its bounds', () => {
    const points = set.points();
    expect(points.length).toBeGreaterThan(5);
    expect(set.source.length).toBeGreaterThan(40);
    expect(points.filter((point) => !agrees(point))).toEqual([]);
    expect(points.filter(({ mark }) => mark === 'D')).toEqual([]);
  });
});

test('bounds hold half a unit of the last digit, and no more', () => {
  const point = (ours: number) => ({
    ...{ what: '', unit: '', published: 1558, mark: 'A' as const },
    ...{ ours, bounds: roundedTo(1, 1558) },
  });
  expect([1557.5, 1558, 1558.5].map((ours) => agrees(point(ours)))).toEqual([true, true, true]);
  expect([1557.4, 1558.6].map((ours) => agrees(point(ours)))).toEqual([false, false]);
  expect(ratioOf(point(779))).toBe(0.5);
});

test('closed forms by hand', () => {
  const second: TiledLayer = { name: '2', outputs: 128, inputs: 48, size: 27, kernel: 5 };
  // 2 x 7 tiles of 27 x 27 x 25 positions
  expect(tiledCycles(second, 64, 7)).toBe(14 * 18_225);
  expect(pipelinedCycles(second, 64, 7)).toBe(14 * 18_245);
  expect(pipelineCycles({ macs: 4096, channels: 8, kernels: 4 })).toBe(128);
  expect(pipelineDsp({ macs: 1, channels: 8, kernels: 4 }, 2)).toBe(64);
  expect(pipelineDsp({ macs: 1, channels: 8, kernels: 4 }, 2, 8)).toBe(32);
  expect(finnCycles({ width: 600, height: 64, simd: 5, pe: 2, vectors: 3 })).toBe(3 * 120 * 32);
  expect(
    [
      [1, 16_385],
      [2, 8193],
      [4, 4097],
      [9, 2049],
      [18, 1025],
      [36, 513],
      [36, 512],
      [37, 512],
    ].map(([width = 0, depth = 0]) => finnBram18(width, depth)),
  ).toEqual([2, 2, 2, 2, 2, 2, 1, 2]);
});

test("Zhang's array is the best of its budget", () => {
  expect(bestArray(448)).toEqual([64, 7]);
});

test("Shen's arrays for the 485T come out of the bare problem", () => {
  const groups = [
    [0, 0],
    [1, 1],
    [2, 2],
    [3, 3, 4, 4],
  ];
  const found = solveMultiClp(alexnetHalves, { multipliers: 448, maxArrays: 4, groups });
  expect(found).toMatchObject({ epochCycles: 1_557_504, multipliers: 448 });
  expect(found.arrays.map(({ tn, tm }) => [tn, tm])).toEqual([
    [3, 24],
    [8, 19],
    [1, 96],
    [2, 64],
  ]);
});

/** Every way to share whole layers out over arrays of every size. */
function leastEpoch(layers: readonly TiledLayer[], multipliers: number): number {
  let least = Number.POSITIVE_INFINITY;
  const descend = (l: number, groups: readonly (readonly TiledLayer[])[]): void => {
    const layer = layers[l];
    if (layer === undefined) {
      size(groups, multipliers, 0);
      return;
    }
    groups.forEach((group, g) => {
      descend(l + 1, groups.with(g, [...group, layer]));
    });
    descend(l + 1, [...groups, [layer]]);
  };
  const size = (groups: readonly (readonly TiledLayer[])[], left: number, slowest: number) => {
    const [group, ...rest] = groups;
    if (group === undefined) least = Math.min(least, slowest);
    else
      for (let tm = 1; tm <= left; tm++)
        for (let tn = 1; tm * tn <= left; tn++) {
          const cycles = group.reduce((sum, layer) => sum + 2 * tiledCycles(layer, tm, tn), 0);
          size(rest, left - tm * tn, Math.max(slowest, cycles));
        }
  };
  descend(0, []);
  return least;
}

test('the search for several arrays is as good as looking at everything', () => {
  const layer = fc.record({
    name: fc.constant('x'),
    outputs: fc.integer({ min: 1, max: 9 }),
    inputs: fc.integer({ min: 1, max: 9 }),
    size: fc.integer({ min: 1, max: 4 }),
    kernel: fc.constant(1),
  });
  fc.assert(
    fc.property(
      fc.array(layer, { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 3, max: 8 }),
      (layers, multipliers) => {
        const { epochCycles } = solveMultiClp(layers, { multipliers, maxArrays: 3 });
        expect(epochCycles).toBe(leastEpoch(layers, multipliers));
      },
    ),
    { numRuns: 100 },
  );
});
