// Builds the C simulation of several lowered designs at once and runs their cases: one compilation for all shapes.

import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { encodeCases, type SimulationCase } from '../../../src/emit/case-file.ts';
import { hlsSources } from '../../../src/emit/hls-sources.ts';
import type { HardwarePlan } from '../../../src/lower/plan.ts';
import { projectRoot } from '../../../src/util/paths.ts';
import { readToolsFile, runTool } from '../../../src/util/tools.ts';

/** Folder of ap_int.h, or undefined where set-up could not fetch it. */
export function hlsHeaders(): string | undefined {
  const entry = readToolsFile()['hls-headers'];
  if (typeof entry !== 'object' || entry === null || !('path' in entry)) return undefined;
  const folder = resolve(projectRoot, String(entry.path));
  // The compiler names files by their real paths.
  return existsSync(join(folder, 'ap_int.h')) ? realpathSync(folder) : undefined;
}

/** Designs whose chunks stand side by side in one top function. */
export interface Joined {
  readonly plan: HardwarePlan;
  /** A case of the design `member` as a case of the joined one: same words, other chunk numbers. */
  readonly caseOf: (member: number, simulation: SimulationCase) => SimulationCase;
}

/** Puts the chunks of plans with one bus side by side; at most 15, the sixteenth number names the order. */
export function joinPlans(members: readonly HardwarePlan[]): Joined {
  const [first] = members;
  if (first === undefined) throw new Error('no plan to join');
  const starts = members.map((_, k) =>
    members.slice(0, k).reduce((sum, plan) => sum + plan.chunks.length, 0),
  );
  const chunks = members.flatMap((plan) => plan.chunks);
  if (chunks.length > 15 || members.some((plan) => plan.busBits !== first.busBits))
    throw new Error('too many chunks, or different buses');
  return {
    plan: { ...first, name: 'joined', chunks },
    caseOf: (member, simulation) => {
      const start = starts[member] ?? 0;
      const { plan } = simulation;
      return {
        ...simulation,
        plan: {
          ...plan,
          chunks,
          program: plan.program.map((word) => ({ ...word, chunk: word.chunk + start })),
          order: plan.order.map((chunk) => chunk + start),
          layersPerChunk: chunks.map((_, c) => plan.layersPerChunk[c - start] ?? 0),
          places: plan.places.map((place) => ({
            ...place,
            chip: place.chip === null ? null : place.chip + start,
          })),
        },
      };
    },
  };
}

/** What a C simulation printed. */
export interface CsimRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly compileSeconds: number;
  /** Warnings of the compiler, with the file each is about. */
  readonly warnings: readonly string[];
}

/** @param change edits a source, to see whether the testbench notices */
export async function runCsim(
  plan: HardwarePlan,
  cases: readonly SimulationCase[],
  headers: string,
  options: {
    readonly change?: (path: string, text: string) => string;
    readonly flags?: string;
  } = {},
): Promise<CsimRun> {
  const folder = mkdtempSync(join(tmpdir(), 'autonba-csim-'));
  try {
    for (const [path, text] of hlsSources(plan)) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), options.change?.(path, text) ?? text);
    }
    writeFileSync(join(folder, 'cases.bin'), encodeCases(cases));
    const started = performance.now();
    const flags = (options.flags ?? '-O1').split(' ');
    const warn = '-std=c++14 -Wall -Wextra -Wno-unknown-pragmas'.split(' ');
    const sources = ['design.cpp', 'testbench.cpp'];
    const compiled = await runTool(
      'g++',
      [...warn, ...flags, '-isystem', headers, '-I.', ...sources, '-o', 'testbench'],
      { cwd: join(folder, 'hls') },
    );
    const compileSeconds = (performance.now() - started) / 1000;
    const run = await runTool(join(folder, 'hls', 'testbench'), [join(folder, 'cases.bin')], {
      acceptedExitCodes: [1],
    });
    return {
      exitCode: run.exitCode,
      stdout: run.stdout,
      compileSeconds,
      warnings: compiled.stderr.split('\n').filter((line) => /\bwarning:/.test(line)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
