// Single modules of hw/rtl on their benches in sim/unit.

import { expect, test } from 'vitest';
import { runUnit, type Unit } from './support/unit.ts';

const units: readonly (Unit & { readonly leastChecks: number })[] = [
  { module: 'nba_fifo', parameters: { Width: '13', Depth: '8' }, leastChecks: 50_000 },
  { module: 'nba_ram', parameters: { Width: '40', Depth: '32' }, leastChecks: 19_000 },
  { module: 'nba_semaphore', parameters: {}, leastChecks: 90_000 },
  { module: 'nba_bursts', parameters: { BusBits: '64' }, leastChecks: 50_000 },
  { module: 'nba_bursts', parameters: { BusBits: '32' }, leastChecks: 50_000 },
  ...['0', '3'].flatMap((Registers) => [
    {
      module: 'nba_requantize',
      parameters: { ProductBits: '49', Registers },
      uses: ['nba_delay'],
      leastChecks: 400_000,
    },
    {
      module: 'nba_requantize_tflite',
      parameters: { Registers },
      uses: ['nba_delay'],
      leastChecks: 500_000,
    },
  ]),
  ...[
    { LeftBits: '2', RightBits: '3' },
    { LeftBits: '7', RightBits: '17' },
    { LeftBits: '32', RightBits: '32' },
  ].map((parameters) => ({ module: 'nba_lut_product', parameters, leastChecks: 100_000 })),
  // Every value of every operand. Two outputs, two rows, two by two, and single products in LUTs and in a multiplier.
  ...[
    { ProductsPerDsp: '2', Rows: '1', Outputs: '2', SlotBits: '8', WeightBits: '8' },
    {
      ProductsPerDsp: '2',
      Rows: '2',
      Outputs: '1',
      Depthwise: '1',
      SlotBits: '8',
      WeightBits: '6',
    },
    { ProductsPerDsp: '4', Rows: '2', Outputs: '2', SlotBits: '4', WeightBits: '4' },
    { ProductsPerDsp: '4', Rows: '2', Outputs: '2', SlotBits: '2', WeightBits: '7' },
    { ProductsPerDsp: '1', Rows: '1', Outputs: '1', SlotBits: '8', WeightBits: '8' },
    { ProductsPerDsp: '0', Rows: '1', Outputs: '1', SlotBits: '8', WeightBits: '8' },
  ].map((shape) => {
    const parameters = { Depthwise: '0', Inputs: '1', ...shape };
    const [rows, outputs] = [Number(shape.Rows), Number(shape.Outputs)];
    const lanes = parameters.Depthwise === '1' ? rows * outputs : rows;
    const bits = lanes * Number(shape.SlotBits) + outputs * Number(shape.WeightBits);
    const uses = ['nba_lut_product'];
    return { module: 'nba_multipliers', parameters, uses, leastChecks: 2 ** (bits + 1) };
  }),
  {
    module: 'nba_csr',
    parameters: { Chunks: '3', BusBits: '64', ConfigHash: "64'h0123456789abcdef" },
    leastChecks: 20_000,
  },
];

// One after the other: another file of tests runs beside this one.
test.each(units)(
  '$module $parameters',
  { timeout: 1_200_000 },
  async ({ leastChecks, ...unit }) => {
    const { exitCode, stdout } = await runUnit(unit);
    const [, count, wrong] = /(\d+) checks, (\d+) wrong$/.exec(stdout) ?? [];
    expect(`${wrong} wrong\n${stdout}`).toBe(`0 wrong\n${stdout}`);
    expect(Number(count)).toBeGreaterThanOrEqual(leastChecks);
    expect(exitCode).toBe(0);
  },
);
