import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arrayCycles } from '../../src/schedule/commands.ts';
import { wordsNeeded } from '../../src/schedule/tile-legality.ts';
import { arrayDrainCycles } from '../../src/schedule/timing.ts';
import { defined } from '../../src/util/errors.ts';
import { plannedCases } from './arbitraries.ts';

const range = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, k) => from + k);

test('tiles cover output rows, columns and channels exactly once', () => {
  fc.assert(
    fc.property(plannedCases, ({ plan, layer }) => {
      const [height, width, channels] = layer.outputShape;
      expect(plan.rows.flatMap((row) => range(row.outputAddress / width, row.outputRows))).toEqual(
        range(0, height),
      );
      expect(
        plan.columns.flatMap((column) => range(column.outputAddress, column.outputColumns)),
      ).toEqual(range(0, width));
      expect(plan.outputs.flatMap((output) => range(output.start, output.channels))).toEqual(
        range(0, channels),
      );
    }),
    { numRuns: 300 },
  );
});

test('the steps of an output tile visit every input channel it needs exactly once', () => {
  fc.assert(
    fc.property(plannedCases, ({ plan, layer }) => {
      const perInput = layer.inputShape[2] / layer.groups;
      const perOutput = layer.outputShape[2] / layer.groups;
      plan.outputs.forEach((output, index) => {
        const steps = plan.steps.filter((step) => step.output === index);
        expect(steps.map((step) => step.first)).toEqual(steps.map((_, k) => k === 0));
        expect(steps.map((step) => step.last)).toEqual(steps.map((_, k) => k === steps.length - 1));
        const visited = steps.flatMap((step) => range(step.start, step.channels));
        expect(new Set(visited).size).toBe(visited.length);
        const needed = range(output.start, output.channels).flatMap((position) => {
          const channel = layer.permutation?.[position] ?? position;
          return layer.kind === 'depthwise'
            ? [position]
            : range(Math.floor(channel / perOutput) * perInput, perInput);
        });
        expect(needed.filter((channel) => !visited.includes(channel))).toEqual([]);
        expect(visited.filter((channel) => channel >= layer.inputShape[2])).toEqual([]);
      });
      // Steps of one output tile stand together, and tiles follow each other.
      const order = plan.steps.map((step) => step.output);
      expect(order).toEqual([...order].sort((a, b) => a - b));
    }),
    { numRuns: 300 },
  );
});

test('a step that keeps the input has the input of the step before', () => {
  fc.assert(
    fc.property(plannedCases, ({ plan: { steps } }) => {
      steps.forEach((step, k) => {
        const before = steps[k - 1];
        const same =
          before !== undefined && before.start === step.start && before.channels === step.channels;
        expect(step.newInput).toBe(!same);
      });
    }),
    { numRuns: 300 },
  );
});

test('weights and records lie one after the other, without gap or overlap', () => {
  fc.assert(
    fc.property(plannedCases, ({ plan }) => {
      let weights = 0;
      for (const step of plan.steps) {
        expect(step.weightAddress).toBe(weights);
        weights += step.weightBeats;
      }
      expect(plan.weightBeats).toBe(weights);
      let records = 0;
      for (const output of plan.outputs) {
        expect(output.parameterAddress).toBe(records);
        records += output.parameterBeats;
      }
      expect(plan.parameterBeats).toBe(records);
    }),
    { numRuns: 100 },
  );
});

test('no array beats its peak: words times lanes are at least the multiply-accumulates', () => {
  fc.assert(
    fc.property(plannedCases, ({ plan, layer, chunk }) => {
      let words = 0;
      for (const row of plan.rows)
        for (const column of plan.columns)
          for (const step of plan.steps) {
            const output = defined(plan.outputs[step.output], 'an output tile');
            words += arrayCycles(plan, row, column, output, step) - arrayDrainCycles(plan.chunk);
          }
      const [height, width, outputs] = layer.outputShape;
      const perOutput = layer.kind === 'depthwise' ? 1 : layer.inputShape[2] / layer.groups;
      const macs = height * width * outputs * perOutput * layer.kernel[0] * layer.kernel[1];
      expect(words * chunk.rows * chunk.outputs * chunk.inputs).toBeGreaterThanOrEqual(macs);
    }),
    { numRuns: 300 },
  );
});

test('no two pixels of an input tile share a word of the buffer, and none lies beyond what legality counted', () => {
  fc.assert(
    fc.property(
      plannedCases,
      fc.nat(),
      fc.nat(),
      ({ plan, layer, chunk, tile, slots, busBits }, r, c) => {
        const row = defined(plan.rows[r % plan.rows.length], 'a row tile');
        const column = defined(plan.columns[c % plan.columns.length], 'a column tile');
        const [stride] = plan.input.stride;
        const seen = new Set<string>();
        const held = wordsNeeded(layer, chunk, tile, slots, busBits, plan.chip).input;
        for (let k = 0; k < row.inputRows; k++)
          for (let j = 0; j < column.inputColumns; j++) {
            // Row i of the tile, padding included: bank floor(i / s) mod Pr, slot floor(floor(i / s) / Pr) * s + i mod s.
            const i = Math.max(0, -row.top) + k;
            const group = Math.floor(i / stride);
            const slot = Math.floor(group / chunk.rows) * stride + (i % stride);
            const address = slot * plan.rowPitch + column.bufferOffset + j;
            if (k === 0) {
              expect(row.bank).toBe(group % chunk.rows);
              expect(row.phase).toBe(i % stride);
              expect(row.bufferOffset + column.bufferOffset + j).toBe(address);
            }
            expect(address).toBeLessThan(plan.blockPitch);
            seen.add(`${group % chunk.rows}/${address}`);
          }
        expect(seen.size).toBe(row.inputRows * column.inputColumns);
        expect(held).toBeGreaterThanOrEqual(plan.blockPitch);
      },
    ),
    { numRuns: 300 },
  );
});
