// Builds the bench of one module of hw/rtl and runs it. Kept by content, like simulators.

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf } from '../../../src/util/json.ts';
import { cacheFolder, projectRoot } from '../../../src/util/paths.ts';
import { findTool, runTool } from '../../../src/util/tools.ts';
import { withRuntime } from '../../../src/verify/simulator.ts';

/** One module on its bench. */
export interface Unit {
  /** Module, file in hw/rtl and bench in sim/unit are all named so. */
  readonly module: string;
  /** Parameters as Verilog writes them. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Modules it instantiates. */
  readonly uses?: readonly string[];
}

/** What a bench printed and how it ended. */
export interface UnitRun {
  readonly exitCode: number;
  readonly stdout: string;
}

const libraryFile = (module: string): string =>
  readFileSync(join(projectRoot, 'hw/rtl', `${module}.sv`), 'utf8');

/** @param change edits the module's text, to see whether its bench notices */
export async function runUnit(
  { module, parameters, uses = [] }: Unit,
  change: (text: string) => string = (text) => text,
): Promise<UnitRun> {
  const files = new Map([
    [`${module}.sv`, change(libraryFile(module))],
    ...uses.map((name) => [`${name}.sv`, libraryFile(name)] as const),
    ['bench.cpp', readFileSync(join(projectRoot, 'sim/unit', `${module}.cpp`), 'utf8')],
    ['bench.hpp', readFileSync(join(projectRoot, 'sim/unit/bench.hpp'), 'utf8')],
  ]);
  const { version, makeFlags } = findTool('verilator');
  const args = [
    ...'--cc --exe --build -j 1 --assert --x-assign unique --x-initial unique -Wall -Wno-fatal'.split(
      ' ',
    ),
    ...`--prefix Vdut --top-module ${module} --Mdir obj_dir -o bench`.split(' '),
    ...['-CFLAGS', '-O1 -I..', '-MAKEFLAGS', 'OPT_GLOBAL=-O0'],
    ...Object.entries(parameters).map(([name, value]) => `-G${name}=${value}`),
    // A bench sees the parameters that are numbers as macros of the same name.
    ...Object.entries(parameters)
      .filter(([, value]) => /^\d+$/.test(value))
      .flatMap(([name, value]) => ['-CFLAGS', `-D${name}=${value}`]),
    ...makeFlags,
    ...[...uses, module].map((name) => `${name}.sv`),
    'bench.cpp',
  ];
  const key = hashOf({ files: [...files], args, version }).slice(0, 24);
  const folder = join(cacheFolder, 'units', key);
  const executable = join(folder, 'obj_dir', 'bench');
  if (!existsSync(executable)) {
    const working = `${folder}.${process.pid}`;
    mkdirSync(working, { recursive: true });
    for (const [name, text] of files) writeFileSync(join(working, name), text);
    try {
      await withRuntime(join(working, 'obj_dir'), { unit: makeFlags, version }, (kept) =>
        runTool('verilator', [...kept, ...args], { cwd: working }),
      );
      rmSync(folder, { recursive: true, force: true });
      renameSync(working, folder);
    } finally {
      rmSync(working, { recursive: true, force: true });
    }
  }
  // Registers without reset start at random.
  const random = ['+verilator+rand+reset+2', '+verilator+seed+1'];
  const { exitCode, stdout } = await runTool(executable, random, { acceptedExitCodes: [1] });
  return { exitCode, stdout };
}
