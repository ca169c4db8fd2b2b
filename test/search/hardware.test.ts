import { expect, test } from 'vitest';
import { macsOf } from '../../src/network/geometry.ts';
import type { Network } from '../../src/network/network.ts';
import {
  CostModel,
  expectedCost,
  type HardwareOracle,
  type LayerShares,
} from '../../src/search/hardware.ts';
import { penalize } from '../../src/search/objective.ts';
import { micro } from '../../src/search/presets/index.ts';
import { largestChoices } from '../../src/search/reference.ts';
import { type Choices, layersOf } from '../../src/supernet/space.ts';
import { macOracle } from './mac-oracle.ts';

const { space } = micro;
const choices: Choices = space.layers.map(() => ({ block: 'k3e3', bits: 6 }));

const sharesOf = (own: Choices): LayerShares[] =>
  layersOf(space).map(({ candidates }, l) => ({
    candidates: candidates.map((name) => Number(name === own[l]?.block)),
    bits: space.bits.map((bits) => Number(bits === own[l]?.bits)),
  }));

test('the expected epoch of the network gamma* was solved for is its true epoch', () => {
  const table = new CostModel(space, macOracle).tabulate(choices);
  const { epochCycles } = expectedCost(table, sharesOf(choices));
  expect(epochCycles).toBeCloseTo(table.epochCycles, 6);
  const larger = expectedCost(table, sharesOf(largestChoices(space)));
  expect(larger.epochCycles).toBeGreaterThan(epochCycles);
});

test('wider, deeper and finer choices cost more; skip costs nothing', () => {
  const { cycles } = new CostModel(space, macOracle).tabulate(choices);
  const cost = (name: (typeof space.candidates)[number], bits: number): number =>
    (cycles[0]?.[space.candidates.indexOf(name)]?.[bits] ?? []).reduce((a, b) => a + b, 0);
  expect(cost('k3e1', 0)).toBeLessThan(cost('k3e3', 0));
  expect(cost('k3e3', 0)).toBeLessThan(cost('k5e3', 0));
  expect(cost('k5e3', 0)).toBeLessThan(cost('k5e3', 2));
  expect(cost('skip', 2)).toBe(0);
  expect(largestChoices(space)[1]).toEqual({ block: 'k5e6', bits: 8 });
});

test('slopes of the expected epoch are those of finite differences', () => {
  const table = new CostModel(space, macOracle).tabulate(choices);
  const shares = layersOf(space).map(({ candidates }, l) => ({
    candidates: candidates.map((_, i) => (1 + ((i + l) % 3)) / 20),
    bits: [0.5, 0.3, 0.2],
  }));
  const { layers } = expectedCost(table, shares);
  const delta = 1e-5;
  const moved = (axis: 'candidates' | 'bits', layer: number, index: number, by: number): number =>
    expectedCost(
      table,
      shares.map((own, l) =>
        l === layer
          ? { ...own, [axis]: own[axis].map((share, i) => share + (i === index ? by : 0)) }
          : own,
      ),
    ).epochCycles;
  for (const axis of ['candidates', 'bits'] as const) {
    layers.forEach((slopes, l) => {
      slopes[axis].forEach((slope, i) => {
        const difference = moved(axis, l, i, delta) - moved(axis, l, i, -delta);
        expect(difference / (2 * delta)).toBeCloseTo(slope, 3);
      });
    });
  }
});

test('the oracle is asked for the network and for each layer alone', () => {
  const asked: string[] = [];
  const oracle: HardwareOracle<string> = {
    multipliers: 64,
    refresh: (network: Network) => ({ gamma: network.name, epochCycles: 100 }),
    chunkCycles: (gamma, network) => {
      asked.push(`${gamma} ${network.name}`);
      return [network.operators.reduce((sum, operator) => sum + macsOf(network, operator), 0)];
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
