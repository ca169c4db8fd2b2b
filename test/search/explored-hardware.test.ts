// The exact solver as the search sees it.

import { expect, test } from 'vitest';
import { zc706 } from '../../src/accelerator/devices/index.ts';
import { exploredHardware } from '../../src/search/explored-hardware.ts';
import { energy, latency, throughput } from '../../src/search/figures.ts';
import { CostModel, expectedCost } from '../../src/search/hardware.ts';
import { nano } from '../../src/search/presets/index.ts';
import { describeNetwork } from '../../src/supernet/describe.ts';
import type { Choices } from '../../src/supernet/space.ts';

const { space } = nano;
const choose = (bits: number): Choices => [
  { block: 'k3e3', bits },
  { block: 'k3e3', bits },
];

test('the network gamma* was solved for costs what gamma* says', () => {
  const hardware = exploredHardware(zc706);
  const network = describeNetwork(space, choose(8), 'solved');
  const { gamma, epochCycles } = hardware.refresh(network);
  const chunks = hardware.chunkCycles(gamma, network);
  expect(chunks).toHaveLength(gamma.chunks.length);
  // Widths of neighbours aside, the busiest chunk is the epoch.
  expect(Math.max(...chunks) / epochCycles).toBeGreaterThan(0.9);
  expect(Math.max(...chunks) / epochCycles).toBeLessThan(1.1);
});

test('a table of every choice is finite, and only skip is free', () => {
  const table = new CostModel(space, exploredHardware(zc706)).tabulate(choose(4));
  const total = (cycles: readonly number[] = []): number => cycles.reduce((a, b) => a + b, 0);
  expect(table.epochCycles).toBeGreaterThan(0);
  for (const candidates of table.cycles) {
    const [narrow, wide] = candidates[0] ?? [];
    expect(total(narrow)).toBeGreaterThan(0);
    expect(total(wide)).toBeGreaterThan(0);
    expect(Number.isFinite(total(wide))).toBe(true);
    expect(candidates[1] === undefined || total(candidates[1][0]) === 0).toBe(true);
  }
});

test.each([
  ['throughput', throughput],
  ['latency', latency],
  ['energy', energy],
])(
  '%s: the proxy equals the figure for the network it was made for',
  (_name, figure) => {
    const hardware = exploredHardware(zc706, { figure });
    const table = new CostModel(space, hardware).tabulate(choose(8));
    const shares = table.cycles.map((candidates) => ({
      candidates: candidates.map((_, i) => Number(i === 0)),
      bits: [0, 1],
    }));
    const expected = expectedCost(table, shares);
    expect(expected.epochCycles / table.epochCycles).toBeCloseTo(1, 9);
    const { epochCycles } = hardware.refresh(describeNetwork(space, choose(4), 'narrow'));
    // Energy is that of the fastest accelerator, whose idle lanes may cost what narrow bits save.
    if (!figure.alone) expect(epochCycles).toBeLessThan(table.epochCycles);
    expect(epochCycles).toBeGreaterThan(0);
    // Sums weigh all chunks alike, a throughput the busiest most.
    const slopes = expected.chunks.map(({ slope }) => slope);
    const isEven = Math.max(...slopes) - Math.min(...slopes) < 1e-9;
    expect(isEven).toBe(figure.power === 1);
  },
  300_000,
);
