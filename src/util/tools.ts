// Runs other people's programs: found by set-up or on PATH, their failure turned into a sentence.

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { ToolFailedError, type ToolFailure, ToolMissingError } from './errors.ts';
import { cacheFolder, projectRoot } from './paths.ts';

/** A program that set-up found. */
export interface Tool {
  /** Absolute, or a bare name to be looked for on PATH. */
  readonly path: string;
  readonly version: string | null;
  /** The tool's own installation folder where it must be told (VERILATOR_ROOT). */
  readonly root: string | null;
  /** Arguments that every build with this tool needs. */
  readonly makeFlags: readonly string[];
}

/** What `.autonba/tools.json` holds, read anew each time: set-up may have run in between. */
export function readToolsFile(folder = cacheFolder): Readonly<Record<string, unknown>> {
  const path = join(folder, 'tools.json');
  if (!existsSync(path)) return {};
  return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
}

/** The named program as set-up found it, else a bare name for PATH. */
export function findTool(name: string, folder = cacheFolder): Tool {
  // The names users know; set-up files the compiler under what it is for.
  const entry = readToolsFile(folder)[name === 'g++' ? 'cxx' : name];
  if (!isToolEntry(entry)) return { path: name, version: null, root: null, makeFlags: [] };
  const absolute = (path: string) => resolve(projectRoot, path);
  return {
    path: absolute(entry.path),
    version: entry.version ?? null,
    root: typeof entry.root === 'string' ? absolute(entry.root) : null,
    makeFlags: entry.makeFlags ?? [],
  };
}

interface ToolEntry {
  readonly path: string;
  readonly version?: string;
  readonly root?: string | null;
  readonly makeFlags?: readonly string[];
}

function isToolEntry(entry: unknown): entry is ToolEntry {
  return typeof entry === 'object' && entry !== null && 'path' in entry;
}

/** How a program is run. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Stops the program after so long; by default it may run for ever. */
  readonly timeoutSeconds?: number;
  /** Stops the program when aborted. */
  readonly signal?: AbortSignal;
  /** Text for its standard input. */
  readonly input?: string;
  /** What to do about a failure; goes into the error. */
  readonly remedy?: string;
  /** Exit codes that are answers rather than failures, beside 0. */
  readonly acceptedExitCodes?: readonly number[];
}

/** A program's run that ended well. */
export interface ToolRun {
  readonly command: string;
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const tailLines = 20;

/**
 * Runs a program to its end.
 *
 * @throws ToolMissingError where there is no such program
 * @throws ToolFailedError with the command, exit code and last 20 lines where it fails
 */
export async function runTool(
  name: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<ToolRun> {
  const { cwd, env, timeoutSeconds, signal, input, remedy, acceptedExitCodes = [] } = options;
  const tool = findTool(name);
  const rootEnvironment =
    tool.root === null ? {} : { [`${name.toUpperCase().replaceAll('-', '_')}_ROOT`]: tool.root };

  const result = await execa(tool.path, args, {
    env: { ...rootEnvironment, ...env },
    reject: false,
    stdin: input === undefined ? 'ignore' : 'pipe',
    ...(input === undefined ? {} : { input }),
    ...(cwd === undefined ? {} : { cwd }),
    ...(timeoutSeconds === undefined ? {} : { timeout: timeoutSeconds * 1000 }),
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });

  // A missing working folder raises the same code as a missing program, but is our own mistake.
  if (result.code === 'ENOENT' && (cwd === undefined || existsSync(cwd))) {
    throw new ToolMissingError(name);
  }
  const exitCode = result.exitCode ?? null;
  const command = [name, ...args].join(' ');
  if (exitCode === 0 || (exitCode !== null && acceptedExitCodes.includes(exitCode))) {
    return { command, exitCode, stdout: result.stdout, stderr: result.stderr };
  }
  const printed = lastLines(`${result.stdout}\n${result.stderr}`, tailLines);
  const reason = result.timedOut ? `no end after ${timeoutSeconds} s` : '';
  const tail = [printed, reason || (printed === '' ? result.originalMessage : '')]
    .filter(Boolean)
    .join('\n');
  const failure: ToolFailure = { command: shorten(command), exitCode, tail };
  throw new ToolFailedError(failure, remedy ?? `see what ${name} printed above`);
}

function lastLines(text: string, count: number): string {
  return text.trim().split('\n').slice(-count).join('\n');
}

/** A command of many files would bury the reason below it. */
function shorten(command: string, maximumCharacters = 300): string {
  return command.length <= maximumCharacters
    ? command
    : `${command.slice(0, maximumCharacters)} ...`;
}
