// Ports: which chunks share one, what they then see, and what is refused.

import { expect, test } from 'vitest';
import type { Memory } from '../../src/schedule/memory.ts';
import { chunkMemories, portMemory, portProblems, portsOf } from '../../src/schedule/ports.ts';
import { InvalidConfigError } from '../../src/util/errors.ts';

const named = (ports: readonly (number | undefined)[]) =>
  ports.map((port, c) => ({ name: `c${c}`, port }));

const memory: Memory = {
  readLatencyCycles: 20,
  beatCycles: 2,
  outstandingBursts: 8,
  writeLatencyCycles: 10,
};

test('chunks that name no port have one each', () => {
  expect(portsOf(named([undefined, undefined]))).toEqual([[0], [1]]);
  expect(chunkMemories(named([undefined, undefined]), memory)).toEqual([memory, memory]);
});

test('a chunk alone sees the memory, chunks of one port a slower one', () => {
  const chunks = named([1, 0, 1, 1]);
  expect(portsOf(chunks)).toEqual([[1], [0, 2, 3]]);
  const shared = {
    readLatencyCycles: 24,
    beatCycles: 6,
    outstandingBursts: 8,
    writeLatencyCycles: 20,
  };
  expect(chunkMemories(chunks, memory)).toEqual([shared, memory, shared, shared]);
});

test.each([
  [
    [0, undefined, 0],
    'chunks[1] "c1": port is left out while 2 chunks name one; the nearest legal is 1, a port of its own',
  ],
  [
    [0, 0, 3],
    'chunks[2] "c2": port is 3, must be a whole number from 0 to 2, one less than the chunks; the nearest legal is 2',
  ],
  [
    [-1, 0],
    'chunks[0] "c0": port is -1, must be a whole number from 0 to 1, one less than the chunks; the nearest legal is 0',
  ],
  [
    [0, 2, 2],
    'chunks[1] "c1": port is 2, but no chunk uses port 1; ports are numbered without gaps, the nearest legal is 1',
  ],
])('%j is refused', (ports, sentence) => {
  expect(portProblems(named(ports))).toEqual([sentence]);
});

test('every numbering without gaps is legal', () => {
  for (const ports of [[0], [0, 0], [1, 0], [2, 1, 0, 2], Array<number>(12).fill(0)])
    expect(portProblems(named(ports))).toEqual([]);
});

test('a latency of more beats than a shared port keeps under way is refused', () => {
  const long = { ...memory, readLatencyCycles: 123 };
  expect(portMemory(long, 2).readLatencyCycles).toBe(127);
  expect(() => portMemory({ ...long, readLatencyCycles: 124 }, 2)).toThrow(InvalidConfigError);
  expect(() => portMemory({ ...long, writeLatencyCycles: 124 }, 2)).toThrow(
    'a shared port keeps 63 beats under way, too few for a latency of 124 at 2 cycles a beat',
  );
  expect(portMemory({ ...long, readLatencyCycles: 124 }, 1).readLatencyCycles).toBe(124);
});
