// Builds a netlist's simulator once, keeps it by hash, and runs it.

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, benchFiles, simulationFlags, WAIVER_FILE } from '../emit/bench.ts';
import { moduleNames } from '../emit/netlist.ts';
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
  /** Of copying resident weights on chip; 0 where there are none. */
  readonly prologueCycles: number;
  /** False where a bus error was asked for and the design did not stop and report it. */
  readonly stoppedOnError: boolean;
  readonly hang: string | null;
}

export interface RunResult {
  readonly cases: readonly CaseResult[];
  readonly kiloCyclesPerSecond: number;
  /** One record of eight words per command: case, chunk, layer run, layer, unit, kind, start, end. */
  readonly commands: Uint32Array;
}

/** A netlist with its bench, as files: what a generated directory holds, or what selfcheck emits in memory. */
export interface BenchSources {
  readonly top: string;
  readonly chunks: number;
  /** Path -> text; `rtl/` files are compiled in this order, `tb/` holds harness and binding. */
  readonly files: ReadonlyMap<string, string>;
}

/** Sources of a plan's netlist, named so that equal netlists have equal bytes. */
export function netlistSources(plan: HardwarePlan): BenchSources {
  const anonymous = { ...plan, name: 'netlist', hash: plan.netlistHash };
  return {
    top: moduleNames(anonymous).wrapper,
    chunks: plan.chunks.length,
    files: benchFiles(anonymous),
  };
}

function writeSources(sources: BenchSources, folder: string): string[] {
  for (const [path, text] of sources.files) writeFileAtomic(join(folder, path), text);
  return [...sources.files.keys()].filter((path) => path.startsWith('rtl/'));
}

/** `verilator --lint-only -Wall` over library and generated code in a folder; throws ToolFailedError with the warnings. */
export async function lintFolder(
  folder: string,
  top: string,
  rtl: readonly string[],
): Promise<void> {
  await runTool('verilator', ['--lint-only', '-Wall', '--top-module', top, WAIVER_FILE, ...rtl], {
    cwd: folder,
    remedy: `see the files under ${folder}; generated RTL must lint clean`,
  });
}

/** Copies the objects that no netlist is in; returns their names. */
function copyObjects(from: string, to: string): readonly string[] {
  if (!existsSync(from)) return [];
  const names = readdirSync(from).filter((name) => /^verilated.*\.o$/.test(name));
  if (names.every((name) => existsSync(join(to, name)))) return names;
  mkdirSync(to, { recursive: true });
  for (const name of names) {
    // Under another name first, so that a build beside this one never sees half a file.
    const partial = join(to, `${name}.${process.pid}`);
    copyFileSync(join(from, name), partial);
    renameSync(partial, join(to, name));
  }
  return names;
}

/**
 * Builds in a folder of objects. Verilator's own are the same for every netlist: compiled once, that saves much of a build.
 * @param flags all that these objects depend on
 * @param build takes the further flags with which Verilator does not compile them again
 */
export async function withRuntime<T>(
  objects: string,
  flags: unknown,
  build: (keptFlags: readonly string[]) => Promise<T>,
): Promise<T> {
  const runtime = join(cacheFolder, 'runtime', hashOf(flags).slice(0, 24));
  mkdirSync(objects, { recursive: true });
  // They depend on the makefile that is about to be written: make is told that they are old enough.
  const kept = copyObjects(runtime, objects).flatMap((name) => ['-MAKEFLAGS', `-o ${name}`]);
  const built = await build(kept);
  copyObjects(objects, runtime);
  return built;
}

/** The simulator of a netlist, built where no earlier run left one. */
export async function buildSimulator(
  sources: BenchSources,
  options: BuildOptions = {},
): Promise<Simulator> {
  const tool = findTool('verilator');
  const version = tool.version ?? 'unknown';
  const { top, chunks } = sources;
  const flags = [...simulationFlags(top, chunks, options), ...tool.makeFlags];
  const key = hashOf({ files: [...sources.files], version, flags }).slice(0, 24);
  const folder = join(cacheFolder, 'simulators', key);
  const executable = join(folder, 'obj_dir', 'harness');
  if (existsSync(executable)) return { executable, version, buildSeconds: 0 };
  const started = performance.now();
  const working = `${folder}.${process.pid}.${Math.floor(started)}`;
  mkdirSync(working, { recursive: true });
  try {
    const rtl = writeSources(sources, working);
    const same = {
      flags: [...simulationFlags('any', chunks, options), ...tool.makeFlags],
      version,
    };
    await withRuntime(join(working, 'obj_dir'), same, (kept) =>
      runTool('verilator', [...flags, ...kept, WAIVER_FILE, ...rtl, 'tb/harness.cpp'], {
        cwd: working,
        remedy: 'see what the compiler printed above; `autonba doctor` names the versions found',
      }),
    );
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
  options: {
    readonly stalls?: number;
    /** Read beat, or write burst where negative, that is answered with an error before the run that counts. */
    readonly busError?: number;
    /** The last read beat, or write burst where negative, that the memory answers. */
    readonly silent?: number;
    readonly commandFile?: string;
    readonly traceFile?: string;
    readonly signal?: AbortSignal;
  } = {},
): Promise<RunResult> {
  const args = [
    caseFile,
    ...(options.stalls === undefined ? [] : ['--stalls', String(options.stalls)]),
    ...(options.busError === undefined ? [] : ['--bus-error', String(options.busError)]),
    ...(options.silent === undefined ? [] : ['--silent', String(options.silent)]),
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
    const parsed = JSON.parse(line) as
      | CaseResult
      | { readonly summary: true; readonly kiloCyclesPerSecond: number };
    if ('summary' in parsed) kiloCyclesPerSecond = parsed.kiloCyclesPerSecond;
    else cases.push(parsed);
  }
  const raw =
    options.commandFile === undefined
      ? new Uint8Array()
      : new Uint8Array(readFileSync(options.commandFile));
  return {
    cases,
    kiloCyclesPerSecond,
    commands: new Uint32Array(raw.buffer, raw.byteOffset, raw.byteLength >> 2),
  };
}
