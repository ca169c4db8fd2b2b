// Tables and descriptors read back bit by bit: what the walkers will see is what the plan says.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  descriptorOf,
  descriptorWord,
  entryWords,
  type LayerPlaces,
  tablesOf,
} from '../../src/lower/descriptor.ts';
import type { TensorPlace } from '../../src/lower/plan.ts';
import { DESCRIPTOR_WORDS } from '../../src/schedule/timing.ts';
import { plannedCases } from '../schedule/arbitraries.ts';

const bits = (word: number | undefined, low: number, count: number): number =>
  Math.floor((word ?? -1) / 2 ** low) % 2 ** count;
/** A 16-bit field in two's complement. */
const signed16 = (word: number | undefined): number => {
  const value = bits(word, 0, 16);
  return value >= 2 ** 15 ? value - 2 ** 16 : value;
};

test('entries have the length the hardware expects, in words of 32 bits', () => {
  fc.assert(
    fc.property(plannedCases, ({ plan }) => {
      for (const entries of Object.values(tablesOf(plan)))
        for (const entry of entries)
          for (const walker of ['read', 'array', 'store'] as const) {
            expect(entry[walker].length).toBeLessThanOrEqual(entryWords[walker]);
            for (const word of entry[walker]) expect(word).toBe(word >>> 0);
          }
    }),
    { numRuns: 100 },
  );
});

test('fields hold the plan', () => {
  fc.assert(
    fc.property(plannedCases, ({ plan }) => {
      const tables = tablesOf(plan);
      plan.rows.forEach((row, k) => {
        const { read = [], array = [], store = [] } = tables.rows[k] ?? {};
        expect(read[0]).toBe(row.inputAddress);
        expect(bits(read[1], 0, 12)).toBe(row.inputRows);
        expect(bits(read[1], 12, 20)).toBe(row.inputMerged);
        expect(bits(read[2], 0, 16)).toBe(row.bufferOffset);
        expect(bits(read[2], 16, 8)).toBe(row.bank);
        expect(bits(read[2], 24, 3)).toBe(row.phase);
        expect(bits(read[2], 27, 1)).toBe(Number(row.inputFull));
        expect(bits(read[2], 28, 1)).toBe(Number(row.outputFull));
        expect(array[0]).toBe(row.rowGroups);
        expect(signed16(array[1])).toBe(row.top);
        expect(bits(store[1], 0, 12)).toBe(row.outputRows);
        expect(bits(store[1], 12, 20)).toBe(row.outputMerged);
      });
      plan.columns.forEach((column, k) => {
        expect(signed16(tables.columns[k]?.array[1])).toBe(column.left);
        expect(tables.columns[k]?.read[1]).toBe(column.inputColumns);
        expect(bits(tables.columns[k]?.read[2], 0, 16)).toBe(column.bufferOffset);
      });
      plan.steps.forEach((step, k) => {
        const release = plan.steps[k + 1]?.newInput ?? true;
        const flags = [step.first, step.last, step.newInput, release];
        for (const word of [
          tables.steps[k]?.read[2],
          tables.steps[k]?.array[1],
          tables.steps[k]?.store[2],
        ])
          expect(word).toBe(flags.reduce((sum, flag, bit) => sum + Number(flag) * 2 ** bit, 0));
      });
    }),
    { numRuns: 100 },
  );
});

test('a descriptor holds geometry, places and pitches', () => {
  const offsets = fc.nat(2 ** 30 - 1);
  fc.assert(
    fc.property(
      plannedCases,
      offsets,
      offsets,
      fc.nat(30),
      ({ plan, layer }, input, output, delay) => {
        const place = (offsetBeats: number, ringShift: number): TensorPlace => ({
          tensor: layer.input,
          slotBits: 8,
          region: 'activations',
          offsetBeats,
          beats: 1,
          chip: null,
          ringShift,
          ringMask: 3,
        });
        const places: LayerPlaces = {
          input: place(input, 9),
          output: { ...place(output, 17), region: 'output' },
          operand: place(7, 10),
          weightOffsetBeats: 512,
          parameterOffsetBeats: 1024,
        };
        const bases = { rows: 1, columns: 20, outputs: 30, steps: 40 };
        const words = descriptorOf(plan, places, bases, delay, delay % 2 === 1);
        const word = (name: keyof typeof descriptorWord) => words[descriptorWord[name]];
        expect(words.length).toBe(DESCRIPTOR_WORDS);
        for (const value of words) expect(value).toBe(value >>> 0);
        expect(bits(word('InputBase'), 0, 30)).toBe(input);
        expect(bits(word('InputBase'), 30, 2)).toBe(1);
        expect(bits(word('OutputBase'), 0, 30)).toBe(output);
        expect(bits(word('OutputBase'), 30, 2)).toBe(3);
        expect(bits(word('OutputRing'), 0, 5)).toBe(17);
        expect(bits(word('OutputRing'), 16, 16)).toBe(3);
        expect(bits(word('Flags'), 0, 3)).toBe(plan.input.stride[0]);
        expect(bits(word('Flags'), 3, 3)).toBe(plan.input.stride[1]);
        expect(bits(word('Flags'), 7, 1)).toBe(layer.add === undefined ? 0 : 1);
        expect(bits(word('Flags'), 14, 1)).toBe(delay % 2);
        expect(bits(word('InputSize'), 0, 16)).toBe(plan.input.height);
        expect(bits(word('InputSize'), 16, 16)).toBe(plan.input.rowBeats);
        expect(bits(word('BlockPitch'), 16, 3)).toBe(plan.input.columnBeats);
        expect(bits(word('Steps'), 0, 16)).toBe(plan.steps.length);
        expect(bits(word('RowPitch'), 16, 16)).toBe(plan.rowPitch * plan.input.stride[0]);
        expect(bits(word('ChannelTables'), 16, 16)).toBe(40);
        expect(word('Delay')).toBe(delay);
      },
    ),
    { numRuns: 100 },
  );
});
