// Single modules of hw/rtl on their benches in sim/unit.

import { expect, test } from 'vitest';
import { runUnit, type Unit } from './support/unit.ts';

const units: readonly (Unit & { readonly leastChecks: number })[] = [
  { module: 'nba_fifo', parameters: { Width: '13', Depth: '8' }, leastChecks: 50_000 },
  { module: 'nba_ram', parameters: { Width: '40', Depth: '32' }, leastChecks: 19_000 },
  { module: 'nba_semaphore', parameters: {}, leastChecks: 90_000 },
  { module: 'nba_bursts', parameters: { BusBits: '64' }, leastChecks: 50_000 },
  { module: 'nba_requantize', parameters: { ProductBits: '49' }, leastChecks: 400_000 },
  { module: 'nba_requantize_tflite', parameters: {}, leastChecks: 500_000 },
  {
    module: 'nba_csr',
    parameters: { Chunks: '3', BusBits: '64', ConfigHash: "64'h0123456789abcdef" },
    leastChecks: 20_000,
  },
];

// One after the other: another file of tests runs beside this one.
test.each(units)('$module', { timeout: 1_200_000 }, async ({ leastChecks, ...unit }) => {
  const { exitCode, stdout } = await runUnit(unit);
  const [, count, wrong] = /(\d+) checks, (\d+) wrong$/.exec(stdout) ?? [];
  expect(`${wrong} wrong\n${stdout}`).toBe(`0 wrong\n${stdout}`);
  expect(Number(count)).toBeGreaterThanOrEqual(leastChecks);
  expect(exitCode).toBe(0);
});
