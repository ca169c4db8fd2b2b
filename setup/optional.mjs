// Tools that only some commands and tests use: they are looked for and named, never installed.

import { findOnPath, firstLineOf } from './common.mjs';

const tools = [
  { name: 'yosys', args: ['-V'], use: 'synth and the second opinion on generated Verilog' },
  { name: 'z3', args: ['--version'], use: 'proofs about the arithmetic' },
  { name: 'iverilog', args: ['-V'], use: 'a second simulator in the tests' },
  { name: 'chromium', args: ['--version'], use: 'the tests that look at the report' },
  { name: 'nextpnr-ecp5', args: ['--version'], use: 'synth --place --family ecp5' },
  { name: 'nextpnr-ice40', args: ['--version'], use: 'synth --place --family ice40' },
  { name: 'sbatch', args: ['--version'], use: 'runs on a Slurm cluster' },
];

/** @returns {import('./common.mjs').Check[]} */
export function checkOptionalTools() {
  return tools.map(({ name, args, use }) => {
    const path = findOnPath(name);
    if (path !== null) {
      return { name, ok: true, required: false, detail: firstLineOf(path, args) ?? path };
    }
    return {
      name,
      ok: false,
      required: false,
      detail: `not found; used by ${use}`,
      remedy: `install ${name} if you want that`,
    };
  });
}
