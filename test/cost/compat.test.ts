// The released model's formulas against values worked out by hand, and its demo solved in its own space.

import { expect, test } from 'vitest';
import {
  type CompatDesign,
  type CompatLayer,
  compatCycles,
  compatLayers,
  compatResources,
} from '../../src/cost/compat.ts';
import { exploreCompat } from '../../src/explore/compat.ts';
import { CompatChunkSpace } from '../../src/explore/compat-space.ts';
import { sizeOf } from '../../src/explore/problem.ts';
import { autoNbaDemo } from '../../src/network/networks/index.ts';

/** Mode, then Tr Tc Tm Tn, then Pr Pc Pm Pn. */
const design = (mode: number, buffers: string, parallel: string): CompatDesign => {
  const [bufferRows = 0, bufferColumns = 0, bufferOutputs = 0, bufferInputs = 0] = buffers
    .split(' ')
    .map(Number);
  const [rows = 0, columns = 0, outputs = 0, inputs = 0] = parallel.split(' ').map(Number);
  return {
    ...{ mode, bufferRows, bufferColumns, bufferOutputs, bufferInputs },
    ...{ rows, columns, outputs, inputs },
  };
};

/** Input and output channels, size of the map, kernel, bits; depthwise where there is one input channel. */
const layer = (figures: string): CompatLayer => {
  const [inputChannels = 0, outputChannels = 0, size = 0, kernel = 0, bits = 0] = figures
    .split(' ')
    .map(Number);
  const depthwise = inputChannels === 1;
  return { name: figures, depthwise, inputChannels, outputChannels, size, kernel, bits };
};

// tiles x (write + steps x (max(compute, input) + weights)), each with the port's 2 to 4 words a cycle and bits/16.
test.each([
  {
    // 2 2 12 tiles; written (8x256/4 + 256) 0.375; 4 steps; 8x4x256/32; input 4x256/4 0.375; weights 32/4 0.375
    case: [design(1, '16 16 8 4', '1 1 8 4'), layer('16 96 32 1 6')] as const,
    cycles: 48 * (288 + 4 * (256 + 3)),
    // 32 lanes of 6/16; input 2 x 4 banks, output 8 banks
    resources: { dsp: 12, bram: 16 },
  },
  {
    // 24 of 32 outputs are three quarters of a tile: not rounded up
    case: [design(0, '4 4 32 1', '1 1 4 1'), layer('8 24 4 1 4')] as const,
    cycles: 0.75 * (64 + 8 * (128 + 2)),
    resources: { dsp: 1, bram: 6 },
  },
  {
    // rows in parallel: input by 4 of its 6 rows, weights one word a cycle, their memory counted
    case: [design(2, '4 4 2 2', '4 1 1 1'), layer('24 24 8 3 8')] as const,
    cycles: 48 * (8 + 12 * (144 + 6)),
    resources: { dsp: 2, bram: 12 + 4 + 3 },
  },
  {
    case: [design(0, '4 4 4 1', '1 1 4 1'), layer('1 64 8 3 8')] as const,
    cycles: 64 * (16 + 144 + 4.5),
    resources: { dsp: 2, bram: 12 },
  },
  {
    // depthwise by rows reads two words a cycle, as Pm = 1 says, not by its 20 rows
    case: [design(1, '16 16 1 1', '16 1 1 1'), layer('1 96 32 5 6')] as const,
    cycles: 384 * (30 + 400 + 1.875),
    resources: { dsp: 6, bram: 40 + 16 + 5 },
  },
  {
    // 1,024 lanes wait for the port: 32x16/4 x 0.5 = 64 cycles to read what takes 16 to compute
    case: [design(1, '4 4 32 32', '1 1 32 32'), layer('64 64 8 1 8')] as const,
    cycles: 8 * (72 + 2 * (64 + 128)),
    resources: { dsp: 512, bram: 64 + 32 },
  },
])('layer and chunk of case %$', ({ case: [chosen, given], cycles, resources }) => {
  expect(compatCycles(chosen, given)).toBe(cycles);
  expect(compatResources(chosen, given)).toEqual(resources);
});

test('the released space has as many designs as its lists allow', () => {
  const count = (depthwise: boolean, large: boolean) =>
    sizeOf(new CompatChunkSpace([], { depthwise, large }, { dsp: 900, bram: 700 }));
  // Pairs of buffer and parallelism: 15 of five values, 10 of four, 21 of six, 6 of three.
  expect(count(false, true)).toBe(3 * 15 * 15 * 10 * 10);
  expect(count(false, false)).toBe(3 * 6 * 6 * 21 * 21);
  expect(count(true, true)).toBe(2 * 15 * 15 * 10);
  expect(count(true, false)).toBe(2 * 6 * 6 * 21);
});

test("the released demo's optimum, proven: 176.8 and 407.4 frames/s", () => {
  const layers = compatLayers(autoNbaDemo.build());
  expect(layers).toHaveLength(70);
  const fixed = exploreCompat(layers, { mode: 1 });
  const free = exploreCompat(layers);
  expect(fixed).toMatchObject({ provenOptimal: true, cycles: 1_131_204 });
  expect(fixed?.framesPerSecond.toFixed(1)).toBe('176.8');
  expect(free).toMatchObject({ provenOptimal: true, cycles: 490_968 });
  expect(free?.framesPerSecond.toFixed(1)).toBe('407.4');
  for (const found of [fixed, free]) {
    expect(found?.dsp).toBeLessThanOrEqual(900);
    expect(found?.bram).toBeLessThanOrEqual(700);
  }
  const tight = exploreCompat(layers, { mode: 1, limits: { dsp: 40, bram: 700 } });
  expect(tight?.dsp).toBeLessThanOrEqual(40);
  expect(tight?.framesPerSecond).toBeLessThan(176);
  expect(exploreCompat(layers, { limits: { dsp: 1, bram: 700 } })).toBeUndefined();
});
