// Durations against a memory and a unit simulated cycle by cycle, as the contract of hardware.md 4 reads.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Memory } from '../../src/schedule/memory.ts';
import { readCycles, storeCycles } from '../../src/schedule/timing.ts';
import { defined } from '../../src/util/errors.ts';
import { memories } from './arbitraries.ts';

const bursts = fc.array(fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 60 })), {
  minLength: 1,
  maxLength: 24,
});

/** A read command from cycle 0: one address a cycle while fewer than OT bursts are open. */
function simulateRead(lengths: readonly number[], memory: Memory): number {
  const queue: { readonly accepted: number; left: number }[] = [];
  let issued = 0;
  let open = 0;
  let busBusy = 0;
  let done = 0;
  for (let cycle = 1; done < lengths.length; cycle++) {
    const openBefore = open;
    const front = queue[0];
    if (front !== undefined && cycle > front.accepted + memory.readLatencyCycles) {
      busBusy++;
      if (busBusy === memory.beatCycles) {
        busBusy = 0;
        front.left--;
        if (front.left === 0) {
          queue.shift();
          open--;
          done++;
          // The last beat is written one cycle after it arrived.
          if (done === lengths.length) return cycle + 1;
        }
      }
    }
    if (issued < lengths.length && openBefore < memory.outstandingBursts) {
      queue.push({ accepted: cycle, left: defined(lengths[issued], 'a burst') });
      issued++;
      open++;
    }
  }
  throw new Error('a read of nothing');
}

/** A store command from cycle 0: a pipeline that stands still while its output register is occupied. */
function simulateStore(
  lengths: readonly number[],
  pieces: number,
  stages: number,
  memory: Memory,
): number {
  const accepted: { readonly at: number; left: number }[] = [];
  const answers: number[] = [];
  const total = lengths.reduce((sum, beats) => sum + beats, 0);
  let issued = 0;
  let open = 0;
  let steps = 0;
  let beats = 0;
  let holds = false;
  let slot = 0;
  let answered = 0;
  for (let cycle = 1; cycle < 1_000_000; cycle++) {
    const openBefore = open;
    const front = accepted[0];
    let taken = false;
    if (holds && front !== undefined && front.at < cycle) {
      slot++;
      if (slot === memory.beatCycles) {
        slot = 0;
        taken = true;
        front.left--;
        if (front.left === 0) {
          accepted.shift();
          answers.push(cycle + memory.writeLatencyCycles);
        }
      }
    }
    // One step of the pipeline; the step that ends a beat needs the register free or being freed.
    const endsBeat = beats < total && steps + 1 === (beats + 1) * pieces + stages;
    if (!endsBeat || !holds || taken) {
      steps++;
      holds = endsBeat || (holds && !taken);
      if (endsBeat) beats++;
    }
    if (answers[0] === cycle) {
      answers.shift();
      open--;
      answered++;
      if (answered === lengths.length) return cycle;
    }
    if (issued < lengths.length && openBefore < memory.outstandingBursts) {
      accepted.push({ at: cycle, left: defined(lengths[issued], 'a burst') });
      issued++;
      open++;
    }
  }
  throw new Error('a store that never ends');
}

test('a read takes what the memory, cycle by cycle, makes it take', () => {
  fc.assert(
    fc.property(bursts, memories, (lengths, memory) => {
      expect(readCycles(lengths, memory)).toBe(simulateRead(lengths, memory));
    }),
    { numRuns: 2000 },
  );
});

test('a store takes what pipeline and memory, cycle by cycle, make it take', () => {
  fc.assert(
    fc.property(
      bursts,
      fc.constantFrom(1, 2, 4, 8, 16),
      fc.constantFrom(4, 6),
      memories,
      (lengths, pieces, stages, memory) => {
        expect(storeCycles(lengths, pieces, stages, memory)).toBe(
          simulateStore(lengths, pieces, stages, memory),
        );
      },
    ),
    { numRuns: 2000 },
  );
});
