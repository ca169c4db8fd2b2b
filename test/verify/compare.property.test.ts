// The instruments of verification must move: what differs is found, and where it is.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lowerDesign } from '../../src/lower/lower.ts';
import { packTensor } from '../../src/lower/pack.ts';
import { schedule } from '../../src/schedule/commands.ts';
import { timeline } from '../../src/schedule/longest-path.ts';
import { defaultMemory } from '../../src/schedule/memory.ts';
import { defined } from '../../src/util/errors.ts';
import { compareCommands, locateMismatch } from '../../src/verify/compare.ts';
import { loadFixtureDesign } from '../support/fixture-design.ts';

const plan = lowerDesign(loadFixtureDesign(), defaultMemory);
const layers = fc.nat(plan.layers.length - 1);
const kinds = ['input', 'weights', 'parameters', 'operand'];

/** What the harness records of a layer that runs exactly as scheduled, by end of command. */
function recordsOf(layer: number): number[][] {
  const commands = schedule(defined(plan.layers[layer], 'a layer').plan, defaultMemory);
  const intervals = timeline(commands);
  const records = commands.map(({ unit, kind }, k) => {
    const { startCycle, endCycle } = defined(intervals[k], 'an interval');
    const unitIndex = ['read', 'array', 'store'].indexOf(unit);
    return [0, 0, 0, layer, unitIndex, Math.max(0, kinds.indexOf(kind)), startCycle, endCycle];
  });
  return records.sort((a, b) => (a[7] ?? 0) - (b[7] ?? 0) || (a[4] ?? 0) - (b[4] ?? 0));
}
const compare = (layer: number, records: readonly (readonly number[])[]) =>
  compareCommands(plan, layer, defaultMemory, Uint32Array.from(records.flat()));

test('a run as scheduled has no mismatch', () => {
  for (let layer = 0; layer < plan.layers.length; layer++)
    expect(compare(layer, recordsOf(layer))).toBe(null);
});

test('a command one cycle off is the one that is named', () => {
  fc.assert(
    fc.property(layers, fc.nat(), fc.constantFrom(6, 7), (layer, pick, field) => {
      const records = recordsOf(layer);
      const record = defined(records[pick % records.length], 'a record');
      const [start = 0, end = 0] = record.slice(6);
      record[field] = (record[field] ?? 0) + 1;
      const found = compare(layer, records);
      expect(found).toMatchObject({
        layer: plan.layers[layer]?.plan.layer.name,
        predictedStart: start,
        predictedEnd: end,
        simulatedStart: record[6],
        simulatedEnd: record[7],
      });
    }),
  );
});

test('a command that never came, or came once too often, is a mismatch', () => {
  fc.assert(
    fc.property(layers, fc.constantFrom(0, 1, 2), (layer, unit) => {
      const records = recordsOf(layer);
      const last = records.map((record) => record[4]).lastIndexOf(unit);
      const without = compare(layer, records.toSpliced(last, 1));
      expect(without?.command).toMatch(/^(read|array|store) \d+ was never executed$/);
      const twice = compare(layer, [...records, defined(records[last], 'a record')]);
      expect(twice?.predictedStart).toBe(-1);
    }),
  );
});

test('a differing byte is turned into channel, row and column', () => {
  fc.assert(
    fc.property(layers, fc.nat(), fc.nat(), (layer, where, change) => {
      const { output } = defined(plan.layers[layer], 'a layer').plan.layer;
      const place = defined(
        plan.places.find(({ tensor }) => tensor.name === output.name),
        'a place',
      );
      const [rows, columns, channels] = output.shape;
      const low = output.signed ? -(2 ** (output.bits - 1)) : 0;
      const values = new Int32Array(rows * columns * channels).fill(low);
      const at = where % values.length;
      const changed = Int32Array.from(values);
      changed[at] = low + 1 + (change % (2 ** output.bits - 1));
      const pack = (each: Int32Array) => packTensor(output, each, place.slotBits, plan.busBits);
      const [expected, got] = [pack(values), pack(changed)];
      const byte = expected.findIndex((value, k) => value !== got[k]);
      const beat = Math.floor(byte / 8) * 8;
      const found = locateMismatch(plan, {
        layer,
        image: 3,
        byte,
        expected: [...expected.subarray(beat, beat + 8)],
        got: [...got.subarray(beat, beat + 8)],
      });
      expect(found).toEqual({
        layer: plan.layers[layer]?.plan.layer.name,
        image: 3,
        channel: at % channels,
        row: Math.floor(at / channels / columns),
        column: Math.floor(at / channels) % columns,
        expected: low,
        got: changed[at],
      });
    }),
    { numRuns: 200 },
  );
  expect(locateMismatch(plan, null)).toBe(null);
});
