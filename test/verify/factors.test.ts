import { expect, test } from 'vitest';
import { planDesign } from '../../src/cost/design.ts';
import { countCoverage } from '../../src/verify/coverage-counts.ts';
import {
  type Assignment,
  assignmentOf,
  classOf,
  factorNames,
  factors,
  widthsOf,
} from '../../src/verify/factors.ts';
import { namedNetlist } from '../../src/verify/netlists.ts';
import { randomCase } from '../../src/verify/random-case.ts';

test('every width from 2 to 16 is in one class', () => {
  const all = factors.weights.flatMap((value) => [...widthsOf(value)]);
  expect(all).toEqual(Array.from({ length: 15 }, (_, k) => k + 2));
  for (const bits of all) expect(widthsOf(classOf(bits))).toContain(bits);
  expect(() => classOf(17)).toThrow('17 bits are in no class');
});

test('a case is asked for by a wish and is what it was asked for', () => {
  const netlist = namedNetlist('d3x8');
  for (const layer of ['depthwiseConv', 'maxPool', 'globalAveragePool', 'add'] as const)
    for (const residency of factors.residency) {
      const wish = { layer, activations: '5-8', weights: '2', order: 'paper', residency } as const;
      const { assignment, design } = randomCase(netlist, 5, wish);
      expect(assignment).toMatchObject({ ...wish, bus: '64', port: 'own', form: 'half-up' });
      // Measured anew on the layers of the design.
      const planned = planDesign(design.network, design.accelerator);
      const runs = (planned.ok ? planned.plans : []).map((plan) =>
        assignmentOf(plan.layer, plan.chunk, plan.chip, design.accelerator),
      );
      expect(runs).toContainEqual(assignment);
    }
});

test('coverage counts values and pairs, and lists pairs that were not met', () => {
  const one = Object.fromEntries(factorNames.map((name) => [name, factors[name][0]]));
  const { values, pairs } = countCoverage([one as Assignment, one as Assignment]);
  expect(values.filter(({ runs }) => runs === 2).length).toBe(factorNames.length);
  const met = [...pairs.values()].filter((count) => count === 2).length;
  expect(met).toBe((factorNames.length * (factorNames.length - 1)) / 2);
  expect([...pairs.values()].filter((count) => count === 0).length).toBe(pairs.size - met);
});
