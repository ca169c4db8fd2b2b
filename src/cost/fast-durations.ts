// Durations of read and store commands without making lists of bursts: equal to src/schedule/timing.ts on every rectangle.

import { MAX_BURST_BEATS, PAGE_BYTES, type Runs } from '../schedule/bursts.ts';
import { MAX_OUTSTANDING_BURSTS, type Memory } from '../schedule/memory.ts';
import { READ_ISSUE_CYCLES, READ_WRITE_CYCLES } from '../schedule/timing.ts';

/** Ends of the bursts still outstanding; reused, since nothing here is re-entrant. */
const outstanding = new Float64Array(MAX_OUTSTANDING_BURSTS);

/** Cycles of a read command over these runs. */
export function runsReadCycles(runs: Runs, busBits: number, memory: Memory): number {
  const pageBeats = (PAGE_BYTES * 8) / busBits;
  const { readLatencyCycles, beatCycles, outstandingBursts } = memory;
  let burst = 0;
  let accepted = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (let outer = 0; outer < runs.outer; outer++)
    for (let inner = 0; inner < runs.inner; inner++) {
      let address = runs.address + outer * runs.outerStride + inner * runs.innerStride;
      let left = runs.length;
      while (left > 0) {
        const beats = Math.min(left, MAX_BURST_BEATS, pageBeats - (address % pageBeats));
        accepted = burst === 0 ? READ_ISSUE_CYCLES : accepted + 1;
        const slot = burst % outstandingBursts;
        if (burst >= outstandingBursts) accepted = Math.max(accepted, (outstanding[slot] ?? 0) + 1);
        last = Math.max(accepted + readLatencyCycles, last) + beatCycles * beats;
        outstanding[slot] = last;
        burst++;
        address += beats;
        left -= beats;
      }
    }
  return last + READ_WRITE_CYCLES;
}

/**
 * Cycles of a store command over these runs. Once a burst's address is out, its beats leave at the slower of the
 * requantizers' and the memory's rate, so only a burst's first beat needs the full recursion.
 */
export function runsStoreCycles(
  runs: Runs,
  busBits: number,
  piecesPerBeat: number,
  pipelineCycles: number,
  memory: Memory,
): number {
  const pageBeats = (PAGE_BYTES * 8) / busBits;
  const { writeLatencyCycles, beatCycles, outstandingBursts } = memory;
  const period = Math.max(piecesPerBeat, beatCycles);
  let burst = 0;
  let accepted = 0;
  let ready = piecesPerBeat + pipelineCycles;
  let written = Number.NEGATIVE_INFINITY;
  let response = 0;
  for (let outer = 0; outer < runs.outer; outer++)
    for (let inner = 0; inner < runs.inner; inner++) {
      let address = runs.address + outer * runs.outerStride + inner * runs.innerStride;
      let left = runs.length;
      while (left > 0) {
        const beats = Math.min(left, MAX_BURST_BEATS, pageBeats - (address % pageBeats));
        accepted = burst === 0 ? 1 : accepted + 1;
        const slot = burst % outstandingBursts;
        if (burst >= outstandingBursts) accepted = Math.max(accepted, (outstanding[slot] ?? 0) + 1);
        let registered = Math.max(ready, written);
        written = Math.max(registered, accepted) + beatCycles;
        if (beats > 1) {
          const second = Math.max(registered + piecesPerBeat, written);
          registered = second + (beats - 2) * period;
          written = registered + beatCycles;
        }
        ready = registered + piecesPerBeat;
        response = written + writeLatencyCycles;
        outstanding[slot] = response;
        burst++;
        address += beats;
        left -= beats;
      }
    }
  return response;
}

/** Cycles of a read command over `beats` contiguous beats. */
export function linearReadCycles(
  start: number,
  beats: number,
  busBits: number,
  memory: Memory,
): number {
  const pageBeats = (PAGE_BYTES * 8) / busBits;
  const { readLatencyCycles, beatCycles, outstandingBursts } = memory;
  let burst = 0;
  let accepted = 0;
  let last = Number.NEGATIVE_INFINITY;
  let address = start % pageBeats;
  let left = beats;
  while (left > 0) {
    const length = Math.min(left, MAX_BURST_BEATS, pageBeats - address);
    accepted = burst === 0 ? READ_ISSUE_CYCLES : accepted + 1;
    const slot = burst % outstandingBursts;
    if (burst >= outstandingBursts) accepted = Math.max(accepted, (outstanding[slot] ?? 0) + 1);
    last = Math.max(accepted + readLatencyCycles, last) + beatCycles * length;
    outstanding[slot] = last;
    burst++;
    address = (address + length) % pageBeats;
    left -= length;
  }
  return last + READ_WRITE_CYCLES;
}
