// The second opinion on our Verilog: yosys reads chunks, checks them, and maps them to families up to their memories.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { synthesize } from '../../src/synth/synthesize.ts';
import { runTool } from '../../src/util/tools.ts';
import { packedDesign, tinyDesign, writeTinyDirectory } from './tiny-directory.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'autonba-yosys-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const isMissing = spawnSync('yosys', ['-V']).status !== 0;
const reason = isMissing ? ' (yosys is not installed)' : '';
const timeout = 1_200_000;

test.skipIf(isMissing).each([
  ['xc7', packedDesign],
  ['ecp5', tinyDesign],
  ['ice40', packedDesign],
] as const)(
  `%s: blocks as counted; no latch, no second driver, no loop${reason}`,
  { timeout },
  async (family, design) => {
    writeTinyDirectory(folder, design);
    const { rows, latches, chunks } = await synthesize(folder, family, { countsOnly: true });
    expect(latches).toBe(0);
    expect(chunks.length).toBe(design.accelerator.chunks.length);
    const blocks = rows.filter(({ resource }) => resource === 'dsp' || resource === 'bram18');
    expect(blocks.length).toBe(2);
    for (const { predicted, synthesized } of blocks) {
      expect(synthesized).toBeGreaterThan(0);
      // What an iCE40 takes is an estimate.
      if (family !== 'ice40') expect(synthesized).toBe(predicted);
    }
  },
);

test.skipIf(isMissing).each([
  ['a loop', "= free_q != 2'd0;", "= free_q != 2'd0 || (free_o && use_i);", 'check -assert'],
  ['a second driver', 'logic [1:0] free_q', 'assign free_o = use_i; logic [1:0] free_q', 'check'],
  [
    'a latch',
    'assign half_use_o = half_use_q;',
    'always_latch if (use_i) half_use_o = half_use_q;',
    'dlatch',
  ],
])(`%s in the library is an error${reason}`, { timeout }, async (_what, find, replace, said) => {
  writeTinyDirectory(folder, packedDesign);
  const path = join(folder, 'rtl', 'nba_semaphore.sv');
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(find);
  writeFileSync(path, text.replace(find, replace));
  const run = runTool('yosys', ['-q', 'syn/chunk_0_ecp5.ys'], { cwd: folder });
  await expect(run).rejects.toThrow(said);
});
