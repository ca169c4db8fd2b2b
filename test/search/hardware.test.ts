import { expect, test } from 'vitest';
import { macsOf } from '../../src/network/geometry.ts';
import type { Network } from '../../src/network/network.ts';
import {
  CostModel,
  type CostTable,
  expectedLayerCost,
  type HardwareOracle,
} from '../../src/search/hardware.ts';
import { penalize } from '../../src/search/objective.ts';
import { micro } from '../../src/search/presets/index.ts';
import { largestChoices } from '../../src/search/reference.ts';
import type { Choices } from '../../src/supernet/space.ts';
import { macOracle } from './mac-oracle.ts';

const { space } = micro;
const choices: Choices = space.layers.map(() => ({ block: 'k3e3', bits: 6 }));

test('the expected epoch of the network gamma* was solved for is its true epoch', () => {
  const table: CostTable = new CostModel(space, macOracle).tabulate(choices);
  const work = table.cycles.reduce((sum, layer) => {
    const candidates = layer.map((_, c) => Number(c === space.candidates.indexOf('k3e3')));
    return sum + expectedLayerCost(layer, { candidates, bits: [0, 1, 0] }).expected;
  }, table.fixedCycles);
  expect(work * table.epochPerWork).toBeCloseTo(table.epochCycles, 6);
});

test('wider, deeper and finer choices cost more; skip costs nothing', () => {
  const { cycles } = new CostModel(space, macOracle).tabulate(choices);
  const cost = (name: (typeof space.candidates)[number], bits: number): number =>
    cycles[0]?.[space.candidates.indexOf(name)]?.[bits] ?? Number.NaN;
  expect(cost('k3e1', 0)).toBeLessThan(cost('k3e3', 0));
  expect(cost('k3e3', 0)).toBeLessThan(cost('k5e3', 0));
  expect(cost('k5e3', 0)).toBeLessThan(cost('k5e3', 2));
  expect(cost('skip', 2)).toBe(0);
  expect(largestChoices(space)[1]).toEqual({ block: 'k5e6', bits: 8 });
});

test('expected costs are the sums that gradients need', () => {
  const cycles = [
    [10, 20],
    [30, 60],
  ];
  const shares = { candidates: [0.25, 0.75], bits: [0.5, 0.5] };
  const { byCandidate, byBits, expected } = expectedLayerCost(cycles, shares);
  expect(byCandidate).toEqual([15, 45]);
  expect(byBits).toEqual([25, 50]);
  expect(expected).toBe(37.5);
});

test('the oracle is asked for the network and for each layer alone', () => {
  const asked: string[] = [];
  const oracle: HardwareOracle<string> = {
    refresh: (network: Network) => ({ gamma: network.name, epochCycles: 100 }),
    totalCycles: (gamma, network) => {
      asked.push(`${gamma} ${network.name}`);
      return network.operators.reduce((sum, operator) => sum + macsOf(network, operator), 0);
    },
  };
  new CostModel(space, oracle).tabulate(choices);
  expect(asked).toContain('candidate b3_k5e6_4');
  expect(new Set(asked).size).toBe(3 * (8 + 8 + 8 + 8) + 1);
});

test('a hinge is satisfied by its target, a line never', () => {
  const hinge = { weight: 2, form: 'hinge', targetCycles: 100 } as const;
  expect(penalize(90, hinge)).toEqual({ value: 0, slope: 0 });
  expect(penalize(150, hinge)).toEqual({ value: 1, slope: 0.02 });
  expect(penalize(150, { ...hinge, form: 'linear' })).toEqual({ value: 3, slope: 0.02 });
});
