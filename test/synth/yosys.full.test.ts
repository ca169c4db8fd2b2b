// Both kinds of chunk through all of yosys, for every family, to the last LUT.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as families from '../../src/synth/families/index.ts';
import { synthesize } from '../../src/synth/synthesize.ts';
import { writeTinyDirectory } from './tiny-directory.ts';

const isMissing = spawnSync('yosys', ['-V']).status !== 0;
const reason = isMissing ? ' (yosys is not installed)' : '';

test.skipIf(isMissing).each(Object.keys(families))(
  `%s: blocks as counted, no latch${reason}`,
  { timeout: 3_600_000 },
  async (family) => {
    const folder = mkdtempSync(join(tmpdir(), 'autonba-yosys-'));
    try {
      writeTinyDirectory(folder);
      const { rows, latches, chunks } = await synthesize(folder, family);
      expect(latches).toBe(0);
      expect(chunks.map((chunk) => chunk.name)).toEqual(['standard', 'depthwise']);
      for (const { resource, predicted, synthesized } of rows) {
        expect(synthesized).toBeGreaterThan(0);
        // LUT and flip-flops are fitted, and what an iCE40 takes is an estimate.
        const isCounted = resource === 'dsp' || resource === 'bram18';
        if (isCounted && family !== 'ice40') expect(synthesized).toBe(predicted);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
