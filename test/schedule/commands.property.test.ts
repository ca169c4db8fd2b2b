// The command graph: its order, what it protects, and how long it takes. Who uses which buffer is worked out here
// from program order alone: a command uses the latest fill before it.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Command, type ReadKind, schedule, tokenDepths } from '../../src/schedule/commands.ts';
import { type Interval, longestPath, timeline } from '../../src/schedule/longest-path.ts';
import { planLayer } from '../../src/schedule/plan.ts';
import { defined } from '../../src/util/errors.ts';
import { memories, plannedCases } from './arbitraries.ts';

/** Commands with the indices of the fills and products they use. */
function usesOf(commands: readonly Command[]): readonly (readonly number[])[] {
  const latest = new Map<Command['kind'], number>();
  const arrays: number[] = [];
  return commands.map(({ unit, kind }, k) => {
    const of = (...kinds: readonly ReadKind[]) =>
      kinds.flatMap((each) => (latest.has(each) ? [defined(latest.get(each), each)] : []));
    if (unit === 'read') latest.set(kind, k);
    if (unit === 'array') arrays.push(k);
    if (unit === 'array') return of('input', 'weights');
    if (unit === 'store') return [...arrays.splice(0), ...of('parameters', 'operand')];
    return [];
  });
}

const small = fc.tuple(plannedCases, memories);
const run = (commands: readonly Command[]) => {
  const intervals = timeline(commands);
  return (k: number): Interval => defined(intervals[k], 'an interval');
};

test('a command waits only for earlier ones, and units begin in program order', () => {
  fc.assert(
    fc.property(small, ([{ plan }, memory]) => {
      const commands = schedule(plan, memory);
      const at = run(commands);
      const unitEnd = { read: -1, array: -1, store: -1 };
      commands.forEach(({ unit, waits, durationCycles }, k) => {
        for (const wait of waits) {
          expect(wait).toBeLessThan(k);
          expect(at(wait).endCycle).toBeLessThan(at(k).startCycle);
        }
        // Exactly one cycle after the last of its reasons, never earlier and never later.
        const reasons = [unitEnd[unit], ...waits.map((wait) => at(wait).endCycle)];
        expect(at(k).startCycle).toBe(Math.max(...reasons) + 1);
        expect(at(k).endCycle - at(k).startCycle).toBe(durationCycles);
        unitEnd[unit] = at(k).endCycle;
      });
      expect(at(0).startCycle).toBe(0);
      expect(longestPath(commands)).toBe(Math.max(...Object.values(unitEnd)) + 1);
    }),
    { numRuns: 150 },
  );
});

test('nothing starts before what it uses is there', () => {
  fc.assert(
    fc.property(small, ([{ plan }, memory]) => {
      const commands = schedule(plan, memory);
      const at = run(commands);
      usesOf(commands).forEach((uses, k) => {
        for (const used of uses) expect(at(used).endCycle).toBeLessThan(at(k).startCycle);
      });
      const stores = commands.filter(({ unit }) => unit === 'store').length;
      expect(stores).toBe(plan.rows.length * plan.columns.length * plan.outputs.length);
      const arrays = commands.filter(({ unit }) => unit === 'array').length;
      expect(arrays).toBe(plan.rows.length * plan.columns.length * plan.steps.length);
    }),
    { numRuns: 150 },
  );
});

test('no buffer is overwritten while a command still uses it', () => {
  fc.assert(
    fc.property(small, ([{ plan }, memory]) => {
      const commands = schedule(plan, memory);
      const at = run(commands);
      const uses = usesOf(commands);
      const depths = tokenDepths(plan);
      for (const kind of ['input', 'weights', 'parameters', 'operand'] as const) {
        const fills = commands.flatMap((command, k) => (command.kind === kind ? [k] : []));
        fills.forEach((fill, n) => {
          const overwritten = fills[n - depths[kind]];
          if (overwritten === undefined) return;
          const users = uses.flatMap((used, k) => (used.includes(overwritten) ? [k] : []));
          expect(users.length).toBeGreaterThan(0);
          for (const user of users) expect(at(user).endCycle).toBeLessThan(at(fill).startCycle);
        });
      }
      // Partial sums: the first array command of a tile fills what the store `depth` tiles before has emptied.
      const stores = commands.flatMap(({ unit }, k) => (unit === 'store' ? [k] : []));
      stores.forEach((store, n) => {
        const emptied = stores[n - depths.accumulators];
        const first = uses[store]?.find((used) => commands[used]?.unit === 'array');
        if (emptied === undefined) return;
        expect(at(emptied).endCycle).toBeLessThan(
          at(defined(first, 'an array command')).startCycle,
        );
      });
    }),
    { numRuns: 150 },
  );
});

test('a slower memory never makes a layer faster', () => {
  const slower = fc.constantFrom('readLatencyCycles', 'writeLatencyCycles', 'beatCycles');
  fc.assert(
    fc.property(small, slower, fc.integer({ min: 1, max: 9 }), ([{ plan }, memory], what, more) => {
      const before = longestPath(schedule(plan, memory));
      const after = longestPath(schedule(plan, { ...memory, [what]: memory[what] + more }));
      expect(after).toBeGreaterThanOrEqual(before);
    }),
    { numRuns: 150 },
  );
});

test('the overlapped order with equal buffers is never slower than the one of the paper', () => {
  fc.assert(
    fc.property(small, ([{ layer, chunk, tile, slots, busBits }, memory]) => {
      const cycles = (order: 'overlapped' | 'paper') =>
        longestPath(schedule(planLayer(layer, { ...chunk, order }, tile, slots, busBits), memory));
      expect(cycles('overlapped')).toBeLessThanOrEqual(cycles('paper'));
    }),
    { numRuns: 150 },
  );
});
