// A netlist with everything that lints and simulates it, and the flags to do so.

import type { HardwarePlan } from '../lower/plan.ts';
import { readHarness, readLibrary, readWaivers } from './library.ts';
import { emitNetlist } from './netlist.ts';

// Measured: -O1 simulates as fast as -O2 and compiles in two thirds of the time; what runs once needs neither.
export const COMPILER_LEVELS = 'OPT_FAST=-O1 OPT_SLOW=-O0 OPT_GLOBAL=-O2';

export const WAIVER_FILE = 'lint/verilator.vlt';

/** Library, generated modules, harness, binding and waivers, by path; `rtl/` in compile order. */
export function benchFiles(plan: HardwarePlan): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [name, text] of readLibrary()) files.set(`rtl/${name}`, text);
  for (const [path, text] of emitNetlist(plan)) files.set(path, text);
  files.set('tb/harness.cpp', readHarness());
  files.set(WAIVER_FILE, readWaivers());
  return files;
}

/** From so many chunks on, a netlist's model is compiled in parts: two cores then take half the time. */
const MANY_CHUNKS = 8;

const commonFlags: readonly string[] = [
  '-O3',
  '--assert',
  '--x-assign unique',
  '--x-initial unique',
  '-Wno-fatal',
  '--unroll-count 8192',
  '--unroll-stmts 200000',
];

/** How the bench's model is made, whoever calls Verilator: each an option with its value. */
export function modelFlags(chunks: number): readonly string[] {
  // One C++ file for few chunks: reading the headers again for each part costs more than a second core saves.
  return [...commonFlags, `--output-split ${chunks < MANY_CHUNKS ? 0 : 20_000}`];
}

/** How a simulator is built. */
export interface BuildOptions {
  /** Whether it can write waves. */
  readonly trace?: boolean;
  /** It runs on; more than one pay only where as many cores are idle. 1 where left out. */
  readonly threads?: number;
}

/** Verilator's arguments for the bench, without files; a generated Makefile uses the same. */
export function simulationFlags(
  top: string,
  chunks: number,
  { trace = false, threads = 1 }: BuildOptions = {},
): string[] {
  return [
    '--cc',
    '--exe',
    '--build',
    '-j 2',
    ...modelFlags(chunks),
    ...(trace ? ['--trace-fst'] : []),
    ...(threads > 1 ? [`--threads ${threads}`] : []),
    '--top-module',
    top,
    '--Mdir obj_dir',
    '-o harness',
  ]
    .flatMap((flag) => flag.split(' '))
    .concat(['-CFLAGS', '-I../tb', '-MAKEFLAGS', COMPILER_LEVELS]);
}
