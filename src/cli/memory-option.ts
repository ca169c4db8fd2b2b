// The memory contract as users type it: L,S,OT or L,S,OT,Lw.

import { defaultMemory, MAX_OUTSTANDING_BURSTS, type Memory } from '../schedule/memory.ts';
import { InvalidConfigError } from '../util/errors.ts';

export const memoryOption = {
  type: 'string',
  describe: 'memory contract: read latency, cycles a beat, bursts outstanding[, write latency]',
  default: [
    defaultMemory.readLatencyCycles,
    defaultMemory.beatCycles,
    defaultMemory.outstandingBursts,
    defaultMemory.writeLatencyCycles,
  ].join(','),
} as const;

const limits = [1000, 64, MAX_OUTSTANDING_BURSTS, 1000];

/** @throws InvalidConfigError where it is not three or four whole numbers within their limits */
export function parseMemory(text: string): Memory {
  const parts = text.split(',').map((part) => Number(part.trim() === '' ? Number.NaN : part));
  const isWhole = parts.every(
    (part, k) => Number.isInteger(part) && part >= 1 && part <= (limits[k] ?? 0),
  );
  const [readLatencyCycles, beatCycles, outstandingBursts, writeLatencyCycles] = parts;
  if (
    !isWhole ||
    parts.length > 4 ||
    readLatencyCycles === undefined ||
    beatCycles === undefined ||
    outstandingBursts === undefined
  )
    throw new InvalidConfigError(
      `memory "${text}" is not L,S,OT or L,S,OT,Lw`,
      `give whole numbers, for example 20,1,8: L up to ${limits[0]}, S up to ${limits[1]}, OT up to ${MAX_OUTSTANDING_BURSTS}`,
    );
  return {
    readLatencyCycles,
    beatCycles,
    outstandingBursts,
    writeLatencyCycles:
      writeLatencyCycles ?? Math.min(readLatencyCycles, defaultMemory.writeLatencyCycles),
  };
}
