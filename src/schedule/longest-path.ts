// Predicted cycles = the longest path through the commands (docs/hardware.md 4).

import type { Command, Unit } from './commands.ts';
import { HANDSHAKE_CYCLES } from './timing.ts';

/** When a unit takes a command and when it is done, in cycles from the layer's first. */
export interface Interval {
  readonly startCycle: number;
  readonly endCycle: number;
}

/** `start = max(previous end of the unit, ends waited for) + 1`, `end = start + duration`; the first start is cycle 0. */
export function timeline(commands: readonly Command[]): Interval[] {
  const unitEnd: Record<Unit, number> = { read: -1, array: -1, store: -1 };
  const intervals: Interval[] = [];
  for (const command of commands) {
    let from = unitEnd[command.unit];
    for (const wait of command.waits) from = Math.max(from, intervals[wait]?.endCycle ?? -1);
    const startCycle = from + HANDSHAKE_CYCLES;
    const endCycle = startCycle + command.durationCycles;
    unitEnd[command.unit] = endCycle;
    intervals.push({ startCycle, endCycle });
  }
  return intervals;
}

/** Cycles of a layer: last end + 1. */
export function longestPath(commands: readonly Command[]): number {
  let last = -1;
  for (const { endCycle } of timeline(commands)) last = Math.max(last, endCycle);
  return last + 1;
}
