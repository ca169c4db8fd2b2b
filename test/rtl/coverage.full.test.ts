// Every legal value and pair of values on the RTL: 3,200 random layers on 64 random netlists, tolerance 0.

import { afterAll, expect, test } from 'vitest';
import { countCoverage } from '../../src/verify/coverage-counts.ts';
import { planCovering } from '../../src/verify/covering.ts';
import { type Assignment, factorNames } from '../../src/verify/factors.ts';
import type { Tally } from '../../src/verify/run-cases.ts';
import {
  coveredCases,
  coveredLabel,
  coveringSize,
  runNetlist,
} from '../../src/verify/selfcheck.ts';
import { resumable } from '../support/resumable.ts';

const seed = 7;
const { netlists, illegal } = planCovering(seed, coveringSize.netlists, coveringSize.runs);

interface NetlistResult extends Tally {
  readonly runs: readonly {
    readonly assignment: Assignment;
    readonly tiles: number;
    readonly raggedDimensions: number;
  }[];
}

const results: NetlistResult[] = [];
const kept = resumable<NetlistResult>('coverage', ({ failures }) => failures.length === 0);

test.concurrent.each(netlists)('$netlist.name', async (covered) => {
  const { name } = covered.netlist;
  const result = await kept(name, async () => {
    const cases = coveredCases(covered, seed);
    const tally = await runNetlist(covered.netlist, cases, (_, k) => coveredLabel(seed, name, k));
    const runs = cases.map(({ assignment, tiles, raggedDimensions }) => ({
      assignment,
      tiles,
      raggedDimensions,
    }));
    return { ...tally, runs };
  });
  results.push(result);
  expect(result.failures).toEqual([]);
  expect(result.runs.length).toBe(coveringSize.runs);
  expect(result.bitMismatches + result.cycleMismatches + result.commandMismatches).toBe(0);
  // Tiles need at least a read, an array command and a store each.
  expect(result.commands).toBeGreaterThan(6 * result.runs.length);
});

test('every value was run 50 times and every legal pair of values at least once', () => {
  const runs = results.flatMap((result) => result.runs);
  const { values, pairs } = countCoverage(runs.map(({ assignment }) => assignment));
  expect(results.length).toBeGreaterThanOrEqual(60);
  expect(runs.length).toBeGreaterThanOrEqual(3000);
  for (const { factor, value, runs: count } of values)
    expect(`${factor} ${value}: ${count >= 50}`).toBe(`${factor} ${value}: true`);
  // A pair is met or illegal, never both and never neither.
  const missing = [...pairs].filter(([, count]) => count === 0).map(([pair]) => pair);
  expect(missing.sort()).toEqual([...illegal.keys()].sort());
  const demanding = runs.filter(({ tiles, raggedDimensions: ragged }) => tiles >= 8 && ragged >= 2);
  expect(demanding.length).toBeGreaterThanOrEqual(runs.length / 2);
});

afterAll(() => {
  const runs = results.flatMap((result) => result.runs);
  const { values, pairs } = countCoverage(runs.map(({ assignment }) => assignment));
  const sum = (of: (result: NetlistResult) => number) => results.reduce((s, r) => s + of(r), 0);
  const counts = [...pairs.values()].filter((count) => count > 0);
  const demanding = runs.filter(({ tiles, raggedDimensions: ragged }) => tiles >= 8 && ragged >= 2);
  console.log(
    [
      `${runs.length} layer runs on ${results.length} netlists, ${sum((r) => r.commands)} commands, ${sum((r) => r.simulatedCycles)} cycles`,
      `${sum((r) => r.bitMismatches)} bit, ${sum((r) => r.cycleMismatches)} cycle, ${sum((r) => r.commandMismatches)} command mismatches; ${Math.round(sum((r) => r.buildSeconds))} s of builds`,
      `${demanding.length} runs with at least 8 tiles and 2 ragged dimensions`,
      ...factorNames.map((name) => {
        const own = values.filter(({ factor }) => factor === name);
        return `${name.padEnd(12)} ${own.map(({ value, runs: count }) => `${value} ${count}`).join(', ')}`;
      }),
      `${counts.length} pairs of values run, each at least ${Math.min(...counts)} times; ${illegal.size} pairs are illegal:`,
      ...[...illegal].map(([pair, rule]) => `  ${pair}: ${rule}`),
    ].join('\n'),
  );
});
