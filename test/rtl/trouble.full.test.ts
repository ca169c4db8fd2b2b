// Outside the memory contract: 200 seeds of bus stalls and bus errors in many places, on netlists of the coverage test.

import { expect, test } from 'vitest';
import { planCovering } from '../../src/verify/covering.ts';
import type { Netlist } from '../../src/verify/netlists.ts';
import { checkChunks } from '../../src/verify/random-chunks.ts';
import type { Tally } from '../../src/verify/run-cases.ts';
import { coveredCases, coveringSize, runNetlist } from '../../src/verify/selfcheck.ts';
import { resumable } from '../support/resumable.ts';

const seed = 7;
const { netlists } = planCovering(seed, coveringSize.netlists, coveringSize.runs);
const kept = resumable<Tally>('trouble', ({ failures }) => failures.length === 0);

// Every eighth netlist: both kinds, forms, buses and ports are among them.
const chosen = netlists.filter((_, n) => n % 8 === 3).map((covered, n) => ({ ...covered, n }));
const casesEach = 3;
const stallSeedsEach = 25;
const accesses = [1, 2, 9, 31, 77, -1, -2, -5];

test('the netlists differ', () => {
  expect(chosen.length * stallSeedsEach).toBe(200);
  const differing = (of: (netlist: Netlist) => unknown): number =>
    new Set(chosen.map(({ netlist }) => of(netlist))).size;
  expect(differing(({ shape }) => shape.kind)).toBe(2);
  expect(differing(({ shape }) => shape.form)).toBe(2);
  expect(differing(({ shape }) => shape.busBits)).toBe(2);
  expect(differing(({ isShared }) => isShared)).toBe(2);
});

test.each(chosen)('$netlist.name: stalls cost cycles, never bits', async (covered) => {
  const { netlist, wishes, n } = covered;
  for (let k = 0; k < stallSeedsEach; k++) {
    const stalls = 1 + n * stallSeedsEach + k;
    const result = await kept(`${netlist.name} stalls ${stalls}`, () => {
      // Other layers with each seed.
      const at = (k * casesEach) % (wishes.length - casesEach);
      const some = { netlist, wishes: wishes.slice(at, at + casesEach) };
      const cases = coveredCases(some, seed + 1 + k);
      const label = (_: unknown, c: number) => `${netlist.name} stalls ${stalls}, case ${c}`;
      return runNetlist(netlist, cases, label, { stalls });
    });
    // Bits, no hang, and no layer faster than predicted.
    expect(result.failures).toEqual([]);
  }
});

test.each(chosen)(
  '$netlist.name: a bus error stops the run, the next one is exact',
  async (covered) => {
    const { netlist, wishes } = covered;
    for (const busError of accesses) {
      const result = await kept(`${netlist.name} error ${busError}`, () => {
        const some = { netlist, wishes: wishes.slice(0, casesEach) };
        const label = (_: unknown, c: number) => `${netlist.name} error in ${busError}, case ${c}`;
        return runNetlist(netlist, coveredCases(some, seed + 50), label, { busError });
      });
      expect(result.failures).toEqual([]);
    }
  },
);

test.each(['five', 'six'] as const)('%s chunks: stalls and bus errors', async (name) => {
  for (const trouble of [
    { stalls: 1 },
    { stalls: 2 },
    ...accesses.map((busError) => ({ busError })),
  ]) {
    const result = await kept(`${name} ${JSON.stringify(trouble)}`, () =>
      checkChunks(name, 200, 2, trouble),
    );
    expect(result.failures).toEqual([]);
  }
});
