// Every cycle of a layer is in one part of its split, and in one only.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lanesOfArray, splitCycles, splitParts, splitPercent } from '../../src/cost/cycle-split.ts';
import { schedule } from '../../src/schedule/commands.ts';
import { longestPath, timeline } from '../../src/schedule/longest-path.ts';
import { LAYER_GAP_CYCLES } from '../../src/schedule/timing.ts';
import { memories, plannedCases } from '../schedule/arbitraries.ts';

test('the parts are not negative and sum to the cycles times the lanes', () => {
  fc.assert(
    fc.property(plannedCases, memories, ({ plan }, memory) => {
      const commands = schedule(plan, memory);
      const split = splitCycles(plan, commands, timeline(commands));
      const total = splitParts.reduce((sum, part) => sum + split[part], 0);
      expect(total).toBe((longestPath(commands) + LAYER_GAP_CYCLES) * lanesOfArray(plan));
      for (const part of splitParts) expect(split[part]).toBeGreaterThanOrEqual(0);
      expect(splitPercent(split).reduce((sum, share) => sum + share, 0)).toBeCloseTo(100, 9);
    }),
    { numRuns: 300 },
  );
});

test('the waits for reads are the cycles in which a ready array lacks an input or weights', () => {
  fc.assert(
    fc.property(plannedCases, memories, ({ plan }, memory) => {
      const commands = schedule(plan, memory);
      const intervals = timeline(commands);
      const { read, store } = splitCycles(plan, commands, intervals);
      const ends = (own: readonly number[], unit: 'read' | 'store'): number =>
        Math.max(
          -1,
          ...own.flatMap((w) => (commands[w]?.unit === unit ? [intervals[w]?.endCycle ?? -1] : [])),
        );
      // Cycle by cycle, as the chunk's own counters count (hw/rtl/nba_chunk.sv).
      let [reads, sums, ready] = [0, 0, 0];
      commands.forEach(({ unit, waits }, k) => {
        if (unit !== 'array') return;
        const { startCycle = 0, endCycle = 0 } = intervals[k] ?? {};
        for (let cycle = ready; cycle < startCycle; cycle++)
          if (cycle <= ends(waits, 'read')) reads++;
          else if (cycle <= ends(waits, 'store')) sums++;
        ready = endCycle + 1;
      });
      const lanes = lanesOfArray(plan);
      expect(read).toBe(reads * lanes);
      expect(store).toBe((sums + longestPath(commands) - ready) * lanes);
    }),
    { numRuns: 100 },
  );
});
