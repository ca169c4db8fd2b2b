// Twenty random networks that branch, on two to six chunks with own and shared ports, each in both modes.

import { expect, test } from 'vitest';
import { branching } from '../../src/network/random-graph.ts';
import {
  type ChunkSetName,
  checkChunks,
  chunkSets,
  randomChunksCase,
} from '../../src/verify/random-chunks.ts';
import type { Tally } from '../../src/verify/run-cases.ts';
import { resumable } from '../support/resumable.ts';

const sets = Object.keys(chunkSets) as ChunkSetName[];
const networksPerSet = 4;
const seed = 100;
const kept = resumable<Tally>('chunks', ({ failures }) => failures.length === 0);

test('the networks branch, and use two to six chunks', () => {
  const found = sets.flatMap((name) =>
    Array.from({ length: networksPerSet }, (_, k) => {
      const { design } = randomChunksCase(name, seed + k, 'latency');
      const used = new Set(design.accelerator.placements.map(({ chunk }) => chunk));
      expect(used.size).toBe(chunkSets[name].shapes.length);
      return branching(design.network);
    }),
  );
  expect(found.length).toBe(20);
  for (const { shared, sums } of found) expect(Math.min(shared, sums)).toBeGreaterThan(0);
});

test.each(sets)('%s chunks: every bit, cycle and command', async (name) => {
  const result = await kept(name, () =>
    checkChunks(name, seed, networksPerSet, { bothModes: true }),
  );
  expect(result.failures).toEqual([]);
  expect(result.bitMismatches + result.cycleMismatches + result.commandMismatches).toBe(0);
  // Every layer of every network runs at least twice in each mode.
  expect(result.commands).toBeGreaterThan(4 * networksPerSet * 6 * chunkSets[name].shapes.length);
  console.log(
    `${name} chunks: ${result.commands} commands, ${result.simulatedCycles} cycles, ${Math.round(result.buildSeconds)} s of builds`,
  );
});
