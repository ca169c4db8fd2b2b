// What yosys makes of a small design, as gates, on the same bench: the same bits, cycles and commands as the RTL.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeFileAtomic } from '../../src/util/json.ts';
import { runTool } from '../../src/util/tools.ts';
import type { Netlist } from '../../src/verify/netlists.ts';
import { randomCase } from '../../src/verify/random-case.ts';
import { runNetlist } from '../../src/verify/selfcheck.ts';
import type { BenchSources } from '../../src/verify/simulator.ts';

const small: Netlist = {
  name: 'gates',
  shape: {
    kind: 'standard',
    busBits: 64,
    rows: 1,
    outputs: 2,
    inputs: 2,
    slotBits: 8,
    weightBits: 8,
    requantizers: 1,
    multiplier: 'dsp2',
    accumulatorBuffers: 2,
    hasAdd: false,
    pipeline: { rotation: 1, adders: 1, sums: 1, requantizer: 1 },
    buffers: { input: 512, weights: 512, parameters: 64, accumulators: 256, operand: 0 },
  },
};

/** The core and all below it become one module of gates; memories stay arrays, and the wrapper is the RTL's. */
async function synthesized({ files, ...sources }: BenchSources): Promise<BenchSources> {
  const folder = mkdtempSync(join(tmpdir(), 'autonba-gates-'));
  try {
    for (const [path, text] of files) writeFileAtomic(join(folder, path), text);
    const core = `${sources.top}_core`;
    const rtl = [...files.keys()].filter((path) => path.endsWith('.sv'));
    const commands = [
      `read_verilog -sv ${rtl.join(' ')}`,
      `hierarchy -check -top ${core}`,
      'proc',
      'chformal -remove',
      `synth -top ${core} -flatten -run begin:fine`,
      'opt -fast -full',
      'techmap',
      'opt -fast',
      'abc -fast',
      'opt -fast',
      'check -assert',
      'clean',
      'write_verilog -noattr gates.v',
    ];
    await runTool('yosys', ['-q', '-p', commands.join('; ')], { cwd: folder });
    const kept = [...files].filter(([path]) => !path.endsWith('.sv'));
    return {
      ...sources,
      files: new Map([[`rtl/${core}.v`, readFileSync(join(folder, 'gates.v'), 'utf8')], ...kept]),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const isMissing = spawnSync('yosys', ['-V']).status !== 0;
const name = 'a design as gates takes the same bits, cycles and commands';

test.skipIf(isMissing)(
  isMissing ? `${name} (yosys is not installed)` : name,
  { timeout: 3_600_000 },
  async () => {
    const cases = Array.from({ length: 6 }, (_, k) => randomCase(small, 100 + k));
    const tally = await runNetlist(small, cases, ({ seed }) => `gates, seed ${seed}`, {
      change: synthesized,
    });
    expect(tally.failures).toEqual([]);
    expect(tally.bitMismatches + tally.cycleMismatches + tally.commandMismatches).toBe(0);
    expect(tally.commands).toBeGreaterThan(6 * cases.length);
    expect(tally.simulatedCycles).toBeGreaterThan(1000);
  },
);
