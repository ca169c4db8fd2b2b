import { expect, test } from 'vitest';
import { toy } from '../../src/search/presets/toy.ts';
import { frontOf, hypervolumeOf, quartilesOf, regretOf, truthOf } from '../../src/search/regret.ts';
import { toyRecipe } from '../../src/search/toy-problem.ts';
import known from '../../src/search/toy-truth.json' with { type: 'json' };
import { allPoints } from '../../src/search/truth.ts';
import { pointName } from '../../src/supernet/space.ts';
import { hashOf } from '../../src/util/json.ts';

const plane = (accuracy: number, epochCycles: number) => ({ accuracy, epochCycles });

test('a front is what nothing equals in both', () => {
  const points = [
    plane(0.7, 100),
    plane(0.6, 100),
    plane(0.7, 200),
    plane(0.9, 400),
    plane(0.8, 500),
  ];
  expect(frontOf(points)).toEqual([plane(0.7, 100), plane(0.9, 400)]);
});

test('a hypervolume is the area under the steps', () => {
  const worst = plane(0.5, Math.E ** 2 * 100);
  // Two wide and 0.2 high, then one wide and 0.1 high.
  const points = [plane(0.7, 100), plane(0.8, Math.E * 100), plane(0.6, Math.E * 100)];
  expect(hypervolumeOf(points, worst)).toBeCloseTo(2 * 0.2 + 1 * 0.1, 12);
  expect(hypervolumeOf([worst], worst)).toBe(0);
});

test('quartiles interpolate', () => {
  expect(quartilesOf([4, 1, 3, 2])).toEqual([1.75, 2.5, 3.25]);
  expect(quartilesOf([7])).toEqual([7, 7, 7]);
});

test('the optimum has no regret, everything else some', () => {
  const cost = { weight: 1, form: 'log', targetCycles: 1000 } as const;
  const truth = truthOf(
    [
      { point: 'k3e1:3', accuracies: [0.6, 0.8], accelerators: 1, epochCycles: 1000 },
      { point: 'k3e3:8', accuracies: [0.8], accelerators: 1, epochCycles: 2000 },
      { point: 'skip', accuracies: [0.1], accelerators: 1, epochCycles: 1000 },
    ],
    cost,
  );
  expect(truth.bestReward).toBeCloseTo(0.8 * 2 ** -0.07, 12);
  const best = [{ block: 'k3e3', bits: 8 }] as const;
  const other = [{ block: 'k3e1', bits: 3 }] as const;
  expect(regretOf(truth, best, [other])).toEqual({ reward: 0, hypervolume: 0 });
  const alone = regretOf(truth, other, []);
  expect(alone.reward).toBeCloseTo(1 - 0.7 / (0.8 * 2 ** -0.07), 12);
  // The slower point is on the edge of the area and adds nothing to it.
  expect(alone.hypervolume).toBeCloseTo(0, 12);
  expect(() => regretOf(truth, [{ block: 'k5e6', bits: 3 }], [])).toThrow(/k5e6:3 is missing/);
});

test('the committed table has every point of the toy, by the recipe that the preset has today', () => {
  expect(known.points.map(({ point }) => point)).toEqual(allPoints(toy.space).map(pointName));
  expect(known.points).toHaveLength(240);
  expect(known.recipe).toBe(hashOf(toyRecipe(known.testImages)).slice(0, 12));
  for (const { accuracies, accelerators, epochCycles } of known.points) {
    expect(Math.min(...accuracies)).toBeGreaterThan(0.5);
    expect(accelerators).toBeGreaterThan(0);
    expect(Number.isInteger(epochCycles)).toBe(true);
  }
});
