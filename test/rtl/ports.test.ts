// Chunks that share a memory port in turns: bits and every command's cycles, stalls, errors, and runs that stand still.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Design } from '../../src/cost/design.ts';
import { encodeCases } from '../../src/emit/case-file.ts';
import { runInteger } from '../../src/integer/run.ts';
import { lowerDesign } from '../../src/lower/lower.ts';
import { defaultMemory, type Memory } from '../../src/schedule/memory.ts';
import {
  type ChunkSetName,
  checkChunks,
  chunksRoom,
  randomChunksCase,
} from '../../src/verify/random-chunks.ts';
import {
  buildSimulator,
  lintFolder,
  netlistSources,
  runSimulator,
} from '../../src/verify/simulator.ts';
import { packedDesign } from '../synth/tiny-directory.ts';

const timeout = 1_200_000;

test.each([
  ['two', 20, 2000],
  ['four', 10, 2000],
] as const)(
  '%s chunks: %i random networks, every bit and every command',
  {
    timeout,
  },
  async (name, count, least) => {
    const { failures, commands } = await checkChunks(name, 0, count);
    expect(failures).toEqual([]);
    expect(commands).toBeGreaterThan(least);
  },
);

test.each([1, 2, 3])('stalls of seed %i cost cycles, never bits', { timeout }, async (stalls) => {
  const { failures } = await checkChunks('four', 20, 4, { stalls });
  expect(failures).toEqual([]);
});

test.each([1, 40, -1, -7])(
  'an error in answer %i stops the run, and it starts again',
  {
    timeout,
  },
  async (busError) => {
    const { failures } = await checkChunks('two', 30, 6, { busError });
    expect(failures).toEqual([]);
  },
);

/** What is said of a run whose memory falls silent. */
async function standstill(name: ChunkSetName, seed: number, silent: number): Promise<string> {
  const { design, memory, images, imageCount } = randomChunksCase(name, seed);
  const plan = lowerDesign(design, memory, chunksRoom);
  const simulator = await buildSimulator(netlistSources(plan));
  const folder = mkdtempSync(join(tmpdir(), 'standstill-'));
  try {
    const caseFile = join(folder, 'case.bin');
    const tensors = runInteger(design.network, images, imageCount);
    const simulation = { plan, mode: 'latency', memory, images: 1, tensors } as const;
    writeFileSync(caseFile, encodeCases([{ ...simulation, limitCycles: 20_000_000 }]));
    const { cases } = await runSimulator(simulator, caseFile, { silent });
    expect(cases[0]?.bitExact).toBe(false);
    return cases[0]?.hang ?? 'no hang';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('a run that stands still names the unit and what it waits for', { timeout }, async () => {
  const reads = await standstill('two', 1, 3);
  expect(reads).toMatch(
    /^no progress since cycle \d+: chunk \d layer 0: .*read waits for beats of its input/,
  );
  expect(reads).toMatch(/array waits for a full token of the (input|weights) buffer/);
  expect(reads).toMatch(/store waits for a full token of the partial sums/);
  expect(reads).toContain('idle');
  const writes = await standstill('two', 1, -1);
  expect(writes).toMatch(/store waits for a write response/);
});

/** Verilator's warnings of a netlist are errors. */
async function lint(design: Design, memory: Memory): Promise<void> {
  const sources = netlistSources(lowerDesign(design, memory));
  const folder = mkdtempSync(join(tmpdir(), 'ports-lint-'));
  try {
    for (const [path, text] of sources.files) {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const rtl = [...sources.files.keys()].filter((path) => path.startsWith('rtl/'));
    await lintFolder(folder, sources.top, rtl);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('generated ports lint without a warning', { timeout }, async () => {
  const { design, memory } = randomChunksCase('five', 2);
  await lint(design, memory);
});

test('the widest arrays lint without a warning', { timeout }, async () => {
  const { accelerator } = packedDesign;
  const chunks = accelerator.chunks.map((chunk) => ({ ...chunk, rows: 7, outputs: 16, inputs: 8 }));
  await lint({ ...packedDesign, accelerator: { ...accelerator, chunks } }, defaultMemory);
});
