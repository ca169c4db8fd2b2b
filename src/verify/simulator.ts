// Builds a netlist's simulator once, keeps it by hash, and runs it.

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readHarness, readLibrary, readWaivers } from '../emit/library.ts';
import { emitNetlist, moduleNames } from '../emit/netlist.ts';
import type { HardwarePlan } from '../lower/plan.ts';
import { hashOf, writeFileAtomic } from '../util/json.ts';
import { cacheFolder } from '../util/paths.ts';
import { findTool, runTool } from '../util/tools.ts';

/** An executable simulator of one netlist. */
export interface Simulator {
  readonly executable: string;
  readonly version: string;
  /** Seconds the build took; 0 where it was kept. */
  readonly buildSeconds: number;
}

/** What one run printed of one case; the same keys as sim/harness prints. */
export interface CaseResult {
  readonly case: number;
  readonly mode: 'latency' | 'throughput';
  readonly images: number;
  readonly bitExact: boolean;
  readonly mismatches: number;
  readonly firstMismatch: null | {
    readonly layer: number;
    readonly image: number;
    readonly byte: number;
    readonly expected: readonly number[];
    readonly got: readonly number[];
  };
  readonly axiErrors: number;
  readonly firstAxiError: string;
  readonly status: number;
  readonly cycles: number;
  readonly layers: readonly {
    readonly chunk: number;
    readonly index: number;
    readonly runs: number;
    readonly cycles: number;
    readonly lowest: number;
    readonly highest: number;
  }[];
  readonly epochs: readonly number[];
  readonly chunks: readonly (readonly number[])[];
  readonly hang: string | null;
}

export interface RunResult {
  readonly cases: readonly CaseResult[];
  readonly kiloCyclesPerSecond: number;
  /** One record of eight words per command: case, chunk, layer run, layer, unit, kind, start, end. */
  readonly commands: Uint32Array;
}

const lintFlags = ['--lint-only', '-Wall', '--timing'];

/** Files of a netlist in a folder, in compile order. */
function writeSources(plan: HardwarePlan, folder: string): { readonly rtl: string[]; readonly top: string } {
  const rtl: string[] = [];
  for (const [name, text] of readLibrary()) {
    writeFileAtomic(join(folder, 'rtl', name), text);
    rtl.push(join('rtl', name));
  }
  for (const [path, text] of emitNetlist(plan)) {
    writeFileAtomic(join(folder, path), text);
    if (path.startsWith('rtl/')) rtl.push(path);
  }
  writeFileAtomic(join(folder, 'tb', 'harness.cpp'), readHarness());
  writeFileAtomic(join(folder, 'lint.vlt'), readWaivers());
  return { rtl, top: moduleNames(plan).wrapper };
}

/** `verilator --lint-only -Wall` over library and generated code; throws ToolFailedError with the warnings. */
export async function lintNetlist(plan: HardwarePlan, folder: string): Promise<void> {
  const { rtl, top } = writeSources(plan, folder);
  await runTool('verilator', [...lintFlags, '--top-module', top, 'lint.vlt', ...rtl], {
    cwd: folder,
    remedy: `see the files under ${folder}; generated RTL must lint clean`,
  });
}

/** Verilator's arguments for the harness; the generated Makefile uses the same. */
export function simulationFlags(top: string, trace: boolean): string[] {
  return [
    '--cc',
    '--exe',
    '--build',
    '-j',
    '2',
    '-O3',
    '--assert',
    '--x-assign',
    'unique',
    '--x-initial',
    'unique',
    '-Wno-fatal',
    '--unroll-count',
    '8192',
    '--unroll-stmts',
    '200000',
    ...(trace ? ['--trace-fst'] : []),
    '-CFLAGS',
    '-O2 -I../tb',
    '--top-module',
    top,
    '--Mdir',
    'obj_dir',
    '-o',
    'harness',
  ];
}

/** The simulator of a plan's netlist, built where no earlier run left one. */
export async function buildSimulator(plan: HardwarePlan, trace = false): Promise<Simulator> {
  const tool = findTool('verilator');
  const sources = [...readLibrary().values(), readHarness(), ...emitNetlist({ ...plan, name: 'netlist', hash: plan.netlistHash }).values()];
  const key = hashOf({ sources, version: tool.version, trace }).slice(0, 24);
  const folder = join(cacheFolder, 'simulators', key);
  const executable = join(folder, 'obj_dir', 'harness');
  const version = tool.version ?? 'unknown';
  if (existsSync(executable)) return { executable, version, buildSeconds: 0 };
  const started = performance.now();
  const working = `${folder}.${process.pid}.${Math.floor(started)}`;
  mkdirSync(working, { recursive: true });
  try {
    const { rtl, top } = writeSources({ ...plan, name: 'netlist', hash: plan.netlistHash }, working);
    const flags = [...simulationFlags(top, trace), ...tool.makeFlags];
    await runTool('verilator', [...flags, 'lint.vlt', ...rtl, 'tb/harness.cpp'], {
      cwd: working,
      remedy: 'see what the compiler printed above; `autonba doctor` names the versions found',
    });
    // Another process may have built the same netlist meanwhile; either result is good.
    if (!existsSync(executable)) {
      rmSync(folder, { recursive: true, force: true });
      renameSync(working, folder);
    }
  } finally {
    rmSync(working, { recursive: true, force: true });
  }
  return { executable, version, buildSeconds: (performance.now() - started) / 1000 };
}

/** Runs a container of cases. A mismatch is a result, not an error. */
export async function runSimulator(
  simulator: Simulator,
  caseFile: string,
  options: { readonly stalls?: number; readonly commandFile?: string; readonly traceFile?: string; readonly signal?: AbortSignal } = {},
): Promise<RunResult> {
  const args = [
    caseFile,
    ...(options.stalls === undefined ? [] : ['--stalls', String(options.stalls)]),
    ...(options.commandFile === undefined ? [] : ['--commands', options.commandFile]),
    ...(options.traceFile === undefined ? [] : ['--trace', options.traceFile]),
    // Registers without reset start at random, so that a missing initialisation shows.
    '+verilator+rand+reset+2',
    '+verilator+seed+1',
  ];
  const run = await runTool(simulator.executable, args, {
    acceptedExitCodes: [1],
    remedy: 'the simulation itself broke off; run it again with --trace',
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const lines = run.stdout.split('\n').filter((line) => line.startsWith('{'));
  const cases: CaseResult[] = [];
  let kiloCyclesPerSecond = 0;
  for (const line of lines) {
    const parsed = JSON.parse(line) as CaseResult | { readonly summary: true; readonly kiloCyclesPerSecond: number };
    if ('summary' in parsed) kiloCyclesPerSecond = parsed.kiloCyclesPerSecond;
    else cases.push(parsed);
  }
  const raw = options.commandFile === undefined ? new Uint8Array() : new Uint8Array(readFileSync(options.commandFile));
  return { cases, kiloCyclesPerSecond, commands: new Uint32Array(raw.buffer, raw.byteOffset, raw.byteLength >> 2) };
}
