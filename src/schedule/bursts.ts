// How a rectangle of memory becomes AXI bursts: exactly what hw/rtl/nba_bursts.sv does, in the same order.

/**
 * Runs of `length` beats `step` apart: `outer` times (`outerStride` apart) `inner` runs (`innerStride` apart), addresses
 * in beats. Beats that do not follow each other are bursts of their own.
 */
export interface Runs {
  readonly address: number;
  readonly outer: number;
  readonly inner: number;
  readonly length: number;
  readonly outerStride: number;
  readonly innerStride: number;
  readonly step: number;
}

/** AXI4 forbids a burst across 4 KiB and more than 256 beats in one. */
export const PAGE_BYTES = 4096;
export const MAX_BURST_BEATS = 256;

/** Beats of each burst, in issue order. Base addresses are 4 KiB-aligned, so offsets decide. */
export function burstsOf(runs: Runs, busBits: number): number[] {
  const pageBeats = (PAGE_BYTES * 8) / busBits;
  const bursts: number[] = [];
  for (let outer = 0; outer < runs.outer; outer++)
    for (let inner = 0; inner < runs.inner; inner++) {
      let address = runs.address + outer * runs.outerStride + inner * runs.innerStride;
      let left = runs.length;
      while (left > 0) {
        const room = runs.step > 1 ? 1 : pageBeats - (address % pageBeats);
        const beats = Math.min(left, MAX_BURST_BEATS, room);
        bursts.push(beats);
        address += beats * runs.step;
        left -= beats;
      }
    }
  return bursts;
}

/** A single run. */
export function linearRuns(address: number, beats: number): Runs {
  return { address, outer: 1, inner: 1, length: beats, outerStride: 0, innerStride: 0, step: 1 };
}
