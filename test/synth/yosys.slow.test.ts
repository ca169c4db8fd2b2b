// The second opinion on our Verilog: yosys reads a generated chunk and maps it to several families without latches.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { synthesize } from '../../src/synth/synthesize.ts';
import { writeTinyDirectory } from './tiny-directory.ts';

const folder = mkdtempSync(join(tmpdir(), 'autonba-yosys-'));
afterAll(() => rmSync(folder, { recursive: true }));

const isMissing = spawnSync('yosys', ['-V']).status !== 0;
const reason = isMissing ? ' (yosys is not installed)' : '';

test.skipIf(isMissing).each(['xc7', 'ecp5'])(
  `yosys maps both kinds of chunk to %s: DSP and BRAM as counted, no latch${reason}`,
  { timeout: 1_200_000 },
  async (family) => {
    writeTinyDirectory(folder);
    const { rows, latches, chunks } = await synthesize(folder, family);
    expect(latches).toBe(0);
    expect(chunks.map((chunk) => chunk.name)).toEqual(['standard', 'depthwise']);
    for (const { resource, predicted, synthesized } of rows) {
      if (resource === 'dsp' || resource === 'bram18') expect(synthesized).toBe(predicted);
      else expect(synthesized).toBeGreaterThan(0);
    }
  },
);
