// Designs that no hardware can be: refused with the rule, the nearest legal value and exit code 1, nothing written.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Chunk, Placement, SlotBits } from '../../src/accelerator/accelerator.ts';
import { main } from '../../src/cli/main.ts';
import type { Design } from '../../src/cost/design.ts';
import { writeDesign } from '../../src/cost/design-file.ts';
import type { Operator } from '../../src/network/network.ts';
import { loadFixtureDesign } from '../support/fixture-design.ts';

const legal = loadFixtureDesign();
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'illegal-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** What `autonba generate` says of a design, and that it wrote nothing. */
async function generate(design: Design): Promise<{ exitCode: number; said: string }> {
  const path = join(folder, 'design.json');
  const out = join(folder, 'out');
  writeDesign(path, design);
  let said = '';
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
  const exitCode = await main(['generate', path, '--out', out, '--quiet']);
  expect(existsSync(out)).toBe(exitCode === 0);
  return { exitCode, said };
}

const withChunk = (change: Partial<Chunk>, index = 0): Design => ({
  ...legal,
  accelerator: {
    ...legal.accelerator,
    chunks: legal.accelerator.chunks.map((chunk, c) =>
      c === index ? { ...chunk, ...change } : chunk,
    ),
  },
});

const withTile = (change: Partial<Placement['tile']>): Design => ({
  ...legal,
  accelerator: {
    ...legal.accelerator,
    placements: legal.accelerator.placements.map((placement, l) =>
      l === 1 ? { ...placement, tile: { ...placement.tile, ...change } } : placement,
    ),
  },
});

const buffers = legal.accelerator.chunks[0]?.buffers ?? {
  input: 2,
  weights: 2,
  parameters: 2,
  accumulators: 2,
  operand: 2,
};

/** Chunks beyond the two that work. */
const withMore = (count: number, change: (chunk: Chunk, index: number) => Chunk): Design => ({
  ...legal,
  accelerator: {
    ...legal.accelerator,
    chunks: Array.from({ length: count }, (_, c) => {
      const [first, second] = legal.accelerator.chunks;
      if (first === undefined || second === undefined) throw new Error('the fixture has two');
      return change(c === 1 ? second : first, c);
    }),
  },
});

const withBias = (bias: number): Design => ({
  ...legal,
  network: {
    ...legal.network,
    operators: legal.network.operators.map(
      (operator): Operator =>
        operator.name === 'stem' && operator.kind === 'conv' && operator.parameters !== undefined
          ? {
              ...operator,
              parameters: {
                ...operator.parameters,
                bias: operator.parameters.bias.map((value, k) => (k === 0 ? bias : value)),
              },
            }
          : operator,
    ),
  },
});

const sizes = 'must be a whole number from 1 to 65535; the nearest legal is 1';
const rules: readonly (readonly [rule: string, design: Design, sentence: string])[] = [
  [
    'a tile larger than its buffer',
    withChunk({ buffers: { ...buffers, accumulators: 128 } }),
    'words of the accumulators buffer, which holds 128; the nearest legal is buffers.accumulators 256 or tile rows',
  ],
  [
    'widths that do not divide',
    withChunk({ inputs: 12 }),
    '12 activation lanes neither divide nor are a multiple of the 8 lanes of a beat; the nearest legal is 8 inputs',
  ],
  [
    'requantizers that do not divide',
    withChunk({ requantizers: 3 }),
    'requantizers is 3, must divide the 8 outputs; the nearest legal is 2',
  ],
  [
    'a tile that is no multiple',
    withTile({ outputs: 12 }),
    'tile outputs is 12, must be a multiple of 8 or all 48; the nearest legal is 8',
  ],
  ['an array of no rows', withChunk({ rows: 0 }), `rows is 0, ${sizes}`],
  ['a tile of no rows', withTile({ rows: 0 }), `tile rows is 0, ${sizes}`],
  [
    'a buffer of no words',
    withChunk({ buffers: { ...buffers, weights: 0 } }),
    'buffers.weights is 0 words, must be a power of two from 2 to 32768; the nearest legal is 2',
  ],
  [
    'weight bits out of range',
    withChunk({ weightBits: 17 }),
    'weightBits is 17, must be 2 to 16; the nearest legal is 16',
  ],
  [
    'slots out of range',
    withChunk({ slotBits: 12 as SlotBits }),
    'slotBits is 12, must be 2, 4, 8 or 16; the nearest legal is 8',
  ],
  [
    'weights wider than the chunk',
    withChunk({ weightBits: 2 }),
    "bits, the chunk's 2; the nearest legal is weightBits",
  ],
  [
    'an accumulator that can overflow',
    withBias(2 ** 31 - 1),
    'the sum of channel 0 could overflow 32 bits; the nearest legal is a smaller bias',
  ],
  [
    'more chunks than a device has ports',
    withMore(6, (chunk) => chunk),
    '6 chunks on 6 memory ports, the device has 4; the nearest legal is 4 ports, some shared',
  ],
  [
    'more chunks than registers address',
    withMore(17, (chunk) => ({ ...chunk, port: 0 })),
    '17 chunks are more than the registers address; the nearest legal is 15',
  ],
  [
    'a port that is skipped',
    withMore(3, (chunk, c) => ({ ...chunk, port: c === 0 ? 0 : 2 })),
    'port is 2, but no chunk uses port 1; ports are numbered without gaps, the nearest legal is 1',
  ],
];

test.each(rules)('%s', { timeout: 60_000 }, async (_rule, design, sentence) => {
  const { exitCode, said } = await generate(design);
  expect(said).toContain(sentence);
  expect(exitCode).toBe(1);
});
