// The fast path against the commands spelled out: every point of a small space, and random points of large ones.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Chunk, SlotBits } from '../../src/accelerator/accelerator.ts';
import { formLayers, type Layer } from '../../src/accelerator/layers.ts';
import { evaluatePlan } from '../../src/cost/layer-evaluation.ts';
import { defaultSpace } from '../../src/explore/space.ts';
import { tilesOf } from '../../src/explore/tiles.ts';
import * as networks from '../../src/network/networks/index.ts';
import { schedule } from '../../src/schedule/commands.ts';
import { chunkProblems } from '../../src/schedule/legality.ts';
import { longestPath } from '../../src/schedule/longest-path.ts';
import { defaultMemory, type Memory } from '../../src/schedule/memory.ts';
import { type LayerPlan, noChipUse, planLayer } from '../../src/schedule/plan.ts';
import { smallestSlot } from '../../src/schedule/slots.ts';
import { tileProblems } from '../../src/schedule/tile-legality.ts';
import { createRng, type Rng } from '../../src/util/rng.ts';
import { memories, plannedCases } from '../schedule/arbitraries.ts';
import { activityOf } from './activity.ts';

const expectEqual = (plan: LayerPlan, memory: Memory): void => {
  const { cycles, sums } = evaluatePlan(plan, memory);
  const { arrayWords, laneOperations, bufferBits, memoryBits } = sums;
  const found = { cycles, arrayWords, laneOperations, bufferBits, memoryBits };
  const expected = { cycles: longestPath(schedule(plan, memory)), ...activityOf(plan) };
  for (const [key, value] of Object.entries(expected))
    if (found[key as keyof typeof found] !== value)
      expect({ plan, memory, found }).toEqual({ plan, memory, found: expected });
};

const chunk: Chunk = {
  name: 'chunk',
  kind: 'standard',
  rows: 1,
  outputs: 4,
  inputs: 2,
  slotBits: 8,
  weightBits: 8,
  requantizers: 2,
  multiplier: 'dsp1',
  order: 'overlapped',
  accumulatorBuffers: 2,
  hasAdd: false,
  buffers: { input: 2, weights: 2, parameters: 2, accumulators: 2, operand: 2 },
};

test('every tile, array and order of a small space', () => {
  const formed = formLayers(networks.resnet8.build());
  const layers = formed.ok ? formed.layers : [];
  const base = layers.find((layer) => layer.add !== undefined && layer.kernel[0] === 3);
  if (base === undefined) throw new Error('no such layer');
  let points = 0;
  const shapes = [7, 9].map((rows) => ({ rows, columns: 10, inputs: 16, outputs: 20 }));
  const memory = { ...defaultMemory, outstandingBursts: 5, readLatencyCycles: 9 };
  for (const { rows, columns, inputs, outputs } of shapes)
    for (const stride of [1, 2])
      for (const add of [base.add, undefined]) {
        const size = (whole: number) => Math.floor((whole - 1) / stride) + 1;
        const { add: _, ...shape } = base;
        const layer: Layer = {
          ...shape,
          ...(add === undefined ? {} : { add }),
          inputShape: [rows, columns, inputs],
          outputShape: [size(rows), size(columns), outputs],
          stride: [stride, stride],
          padding: { top: 1, bottom: 1, left: 1, right: 1 },
        };
        for (let r = 1; r <= size(rows); r++)
          for (let c = 1; c <= size(columns); c++)
            for (const tileOutputs of [8, 16, 20])
              for (const tileInputs of [8, 16])
                for (const order of ['overlapped', 'paper'] as const)
                  for (const accumulatorBuffers of [1, 2] as const)
                    for (const arrayRows of [1, 3]) {
                      const tile = {
                        rows: r,
                        columns: c,
                        outputs: tileOutputs,
                        inputs: tileInputs,
                      };
                      const array = { ...chunk, order, accumulatorBuffers, rows: arrayRows };
                      const hasAdd = add !== undefined;
                      const slots = { output: 8, operand: 8 } as const;
                      expectEqual(planLayer(layer, { ...array, hasAdd }, tile, slots, 64), memory);
                      points++;
                    }
      }
  expect(points).toBeGreaterThan(10_000);
});

test('random layers, tiles, arrays and memories, some tensors on chip', () => {
  const chips = fc.record({
    input: fc.boolean(),
    weights: fc.boolean(),
    parameters: fc.boolean(),
    operand: fc.boolean(),
    output: fc.boolean(),
  });
  fc.assert(
    fc.property(plannedCases, memories, chips, ({ plan, ...rest }, memory, chip) => {
      expectEqual(plan, memory);
      const { layer, chunk: own, tile, slots, busBits } = rest;
      expectEqual(planLayer(layer, own, tile, slots, busBits, chip), memory);
      const [height, , channels] = layer.outputShape;
      const least = {
        rows: Math.min(tile.rows, height),
        outputs: Math.min(tile.outputs, channels),
      };
      const outputs = tile.outputs < channels && tile.outputs % 64 === 0 ? 32 : least.outputs;
      for (const first of [
        { rows: Math.ceil(least.rows / 3), outputs: least.outputs },
        { rows: Math.ceil(least.rows / 2), outputs },
      ])
        expectEqual(planLayer(layer, own, { ...tile, first }, slots, busBits, chip), memory);
    }),
    { numRuns: 1500 },
  );
});

const layersOfNetworks: readonly Layer[] = Object.values(networks).flatMap((network) => {
  const formed = formLayers(network.build());
  return formed.ok ? formed.layers : [];
});

function randomPlan(rng: Rng): LayerPlan | undefined {
  const layer = rng.pick(layersOfNetworks);
  const busBits = rng.pick([32, 64] as const);
  const wide = (bits: number): SlotBits => rng.pick([smallestSlot(bits), 8 as const]);
  const slots = { input: wide(8), output: wide(8), operand: wide(8) };
  const array: Chunk = {
    ...chunk,
    kind: layer.kind,
    rows: rng.pick(defaultSpace.rows),
    outputs: rng.pick(defaultSpace.outputs),
    inputs: layer.kind === 'depthwise' ? 1 : rng.pick(defaultSpace.inputs),
    requantizers: rng.pick(defaultSpace.requantizers),
    order: rng.pick(['overlapped', 'paper'] as const),
    accumulatorBuffers: rng.pick([1, 2] as const),
    hasAdd: layer.add !== undefined,
    form: rng.pick(['half-up', 'tflite'] as const),
    buffers: {
      input: 2 ** 15,
      weights: 2 ** 15,
      parameters: 2 ** 15,
      accumulators: 2 ** 15,
      operand: 2 ** 15,
    },
  };
  const tile = rng.pick(tilesOf(layer, slots, busBits, { ...defaultSpace, maxSteps: 1024 }));
  if (chunkProblems(array, busBits).length > 0) return undefined;
  const legal = tileProblems(
    { ...layer, weightBits: 8, input: { ...layer.input, bits: 2 } },
    array,
    tile,
    slots,
    busBits,
  ).filter((problem) => !/requantization|buffer|output has/.test(problem));
  if (legal.length > 0) return undefined;
  const chip = rng.pick([noChipUse, { ...noChipUse, weights: true, parameters: true }]);
  const first = { rows: Math.ceil(tile.rows / 2), outputs: Math.min(8, tile.outputs) };
  const cut = rng.integer(0, 3) === 0 ? { ...tile, first } : tile;
  return planLayer(layer, array, cut, slots, busBits, chip);
}

test('random designs for the layers of all named networks', () => {
  const rng = createRng(61);
  let checked = 0;
  for (let k = 0; k < 3000; k++) {
    const plan = randomPlan(rng);
    if (plan === undefined) continue;
    expectEqual(
      plan,
      rng.pick([
        defaultMemory,
        { ...defaultMemory, readLatencyCycles: rng.integer(1, 70), beatCycles: rng.integer(1, 3) },
        { ...defaultMemory, outstandingBursts: rng.integer(1, 16) },
      ]),
    );
    checked++;
  }
  expect(checked).toBeGreaterThan(1000);
});
