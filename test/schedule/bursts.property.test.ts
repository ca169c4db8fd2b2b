import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  burstsOf,
  linearRuns,
  MAX_BURST_BEATS,
  PAGE_BYTES,
  type Runs,
} from '../../src/schedule/bursts.ts';
import { inputRuns, outputRuns } from '../../src/schedule/commands.ts';
import { beatsOfTensor } from '../../src/schedule/residency.ts';
import { defined } from '../../src/util/errors.ts';
import { plannedCases } from './arbitraries.ts';

const runs: fc.Arbitrary<Runs> = fc
  .record({
    address: fc.nat(5000),
    outer: fc.integer({ min: 1, max: 4 }),
    inner: fc.integer({ min: 1, max: 5 }),
    length: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 1500 })),
    outerStride: fc.nat(3000),
    innerStride: fc.nat(700),
    step: fc.constantFrom(1, 1, 2, 4),
  })
  // Every beat of a scattered run is a burst of its own.
  .map((all) => ({ ...all, length: all.step > 1 ? Math.min(all.length, 40) : all.length }));
const buses = fc.constantFrom(32, 64);

/** First beats of the runs, in order. */
function runStarts({ address, outer, inner, outerStride, innerStride }: Runs): number[] {
  return Array.from(
    { length: outer * inner },
    (_, k) => address + Math.floor(k / inner) * outerStride + (k % inner) * innerStride,
  );
}

/** Every beat of the runs, in order. */
const beatsOf = (all: Runs): number[] =>
  runStarts(all).flatMap((start) =>
    Array.from({ length: all.length }, (_, k) => start + k * all.step),
  );

test('bursts cover their runs exactly once, within pages and 256 beats, and none is shorter than it must be', () => {
  fc.assert(
    fc.property(runs, buses, (all, busBits) => {
      const pageBeats = (PAGE_BYTES * 8) / busBits;
      const bursts = burstsOf(all, busBits);
      let next = 0;
      for (const start of runStarts(all)) {
        let at = start;
        const end = start + all.length * all.step;
        while (at < end) {
          const beats = defined(bursts[next++], 'a burst');
          expect(beats).toBeGreaterThanOrEqual(1);
          expect(beats).toBeLessThanOrEqual(all.step > 1 ? 1 : MAX_BURST_BEATS);
          expect(Math.floor((at + beats - 1) / pageBeats)).toBe(Math.floor(at / pageBeats));
          at += beats * all.step;
          const isCut = at < end && all.step === 1;
          expect(!isCut || beats === MAX_BURST_BEATS || at % pageBeats === 0).toBe(true);
        }
        expect(at).toBe(end);
      }
      expect(next).toBe(bursts.length);
    }),
    { numRuns: 500 },
  );
});

test('a single run is one run', () => {
  fc.assert(
    fc.property(fc.nat(9999), fc.integer({ min: 1, max: 600 }), (address, beats) => {
      expect(beatsOf(linearRuns(address, beats))).toEqual(
        Array.from({ length: beats }, (_, k) => address + k),
      );
    }),
  );
});

test('the output tiles of a layer write every beat of the tensor exactly once', () => {
  fc.assert(
    fc.property(plannedCases, ({ plan, slots, busBits, layer }) => {
      const written = plan.rows.flatMap((row) =>
        plan.columns.flatMap((column) =>
          plan.outputs.flatMap((channel) =>
            beatsOf(outputRuns(plan, row, column, channel, 'output')),
          ),
        ),
      );
      const total = beatsOfTensor(layer.outputShape, busBits / slots.output);
      expect(written.sort((a, b) => a - b)).toEqual(Array.from({ length: total }, (_, k) => k));
    }),
    { numRuns: 100 },
  );
});

test('an input tile is its rectangle of the padded map, cut to the map and to what a kernel of one tap reads', () => {
  fc.assert(
    fc.property(
      plannedCases,
      fc.nat(),
      fc.nat(),
      fc.nat(),
      ({ plan, layer, chunk, busBits }, r, c, x) => {
        const { rows, columns, steps } = plan;
        const row = defined(rows[r % rows.length], 'a row tile');
        const column = defined(columns[c % columns.length], 'a column tile');
        const step = defined(steps[x % steps.length], 'a step');
        const [height, width] = layer.inputShape;
        const lanes = busBits / chunk.slotBits;
        const outRow = row.outputAddress / layer.outputShape[1];
        const within = (out: number, count: number, axis: 0 | 1, before: number, limit: number) => {
          const first = out * layer.stride[axis] - before;
          const taps = (count - 1) * layer.stride[axis] + layer.kernel[axis];
          const isPoint = layer.kernel[0] === 1 && layer.kernel[1] === 1;
          const apart = isPoint && (axis === 0 || plan.chip.input) ? layer.stride[axis] : 1;
          return Array.from({ length: taps }, (_, k) => first + k).filter(
            (k) => k >= 0 && k < limit && (k - first) % apart === 0,
          );
        };
        const wanted = [];
        for (
          let block = Math.floor(step.start / lanes);
          block * lanes < step.start + step.channels;
          block++
        )
          for (const i of within(outRow, row.outputRows, 0, layer.padding.top, height))
            for (const j of within(
              column.outputAddress,
              column.outputColumns,
              1,
              layer.padding.left,
              width,
            ))
              wanted.push((block * height + i) * width + j);
        expect(beatsOf(inputRuns(plan, row, column, step))).toEqual(wanted);
      },
    ),
    { numRuns: 300 },
  );
});
