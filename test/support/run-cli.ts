// Runs the command line as users do: as a process of its own.

import { join } from 'node:path';
import { execa } from 'execa';
import { projectRoot } from '../../src/util/paths.ts';

/** What a run left behind. */
export interface CliRun {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param args the words after `autonba` */
export async function runCli(
  args: readonly string[],
  { cwd = projectRoot, env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): Promise<CliRun> {
  const command = join(projectRoot, 'bin', 'autonba.mjs');
  const run = await execa(process.execPath, [command, ...args], { cwd, env, reject: false });
  return { exitCode: run.exitCode, stdout: run.stdout, stderr: run.stderr };
}
