// What every part of set-up needs: where things lie, how a command is run, how a long step is shown.

import { spawn, spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
} from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, isAbsolute, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Everything set-up fetches or builds outside node_modules; safe to delete. */
export const cacheFolder = join(root, '.autonba');

/** What set-up found, read by `src/util/tools.ts`. */
export const toolsFile = join(cacheFolder, 'tools.json');

/**
 * One line of `autonba doctor`.
 * @typedef {object} Check
 * @property {string} name what was looked for
 * @property {boolean} ok
 * @property {boolean} required false: only some tests or commands need it
 * @property {string} detail what was found, or what is wrong, in one sentence
 * @property {string} [remedy] what to do about it
 * @property {Record<string, unknown>} [found] what goes into tools.json under this name
 */

/**
 * @typedef {object} Outcome
 * @property {boolean} ok
 * @property {string} output the last lines of stdout and stderr together
 */

const keptCharacters = 20_000;

/**
 * Runs a command and never throws: a command that cannot start is an outcome like any other.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{cwd?: string, env?: Record<string, string>, timeoutSeconds?: number}} [options]
 * @returns {Promise<Outcome>}
 */
export function run(command, args, { cwd = root, env = {}, timeoutSeconds = 900 } = {}) {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutSeconds * 1000,
    });
    /** @param {Buffer} chunk */
    const keep = (chunk) => {
      output = (output + chunk).slice(-keptCharacters);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => resolve({ ok: false, output: error.message }));
    child.on('close', (code) => resolve({ ok: code === 0, output: output.trim() }));
  });
}

/**
 * The first line a tool prints about its version, or null where it does not run.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Record<string, string>} [env]
 */
export function firstLineOf(command, args = ['--version'], env = {}) {
  const result = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    timeout: 20_000,
  });
  if (result.status !== 0) return null;
  return (result.stdout || result.stderr).trim().split('\n')[0] ?? null;
}

/**
 * Where a command lies on PATH, or null.
 * @param {string} command
 */
export function findOnPath(command) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const candidate = join(folder, command);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not in this folder, or not executable: the next one may have it.
    }
  }
  return null;
}

/**
 * A path as tools.json keeps it: relative inside the checkout, so that the checkout can be moved.
 * @param {string} path
 */
export function portable(path) {
  const inside = relative(root, path);
  return inside.startsWith('..') || isAbsolute(inside) ? path : inside;
}

/**
 * A JSON file's content, or the fallback where it is missing or broken (a killed run may leave one).
 * @param {string} path
 * @param {Record<string, any>} fallback
 * @returns {Record<string, any>}
 */
export function readJson(path, fallback = {}) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return fallback;
  }
}

/**
 * Writes a file in one step, so that a killed run never leaves half of it.
 * @param {string} path
 * @param {unknown} value
 */
export async function writeJson(path, value) {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(draft, path);
}

/**
 * An empty folder for one step's downloads, removed when the step is over.
 * @template T
 * @param {string} name
 * @param {(folder: string) => Promise<T>} action
 * @returns {Promise<T>}
 */
export async function withFolder(name, action) {
  await removeLeftovers(name);
  const folder = join(cacheFolder, `${name}.${process.pid}.tmp`);
  mkdirSync(folder, { recursive: true });
  try {
    return await action(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * A killed set-up leaves up to a gigabyte behind; one that still runs keeps its folder.
 * @param {string} name
 */
async function removeLeftovers(name) {
  if (!existsSync(cacheFolder)) return;
  for (const entry of readdirSync(cacheFolder)) {
    const owner = new RegExp(`^${name}\\.(\\d+)\\.tmp$`).exec(entry)?.[1];
    if (owner === undefined || isRunning(Number(owner))) continue;
    await rm(join(cacheFolder, entry), { recursive: true, force: true });
  }
}

/** @param {number} processId */
function isRunning(processId) {
  if (processId === process.pid) return false;
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * Says on stderr why a step failed: the end of what its command printed.
 * @param {Outcome} outcome
 * @param {number} [lines]
 */
export function showReason({ output }, lines = 2) {
  process.stderr.write(`${output.split('\n').slice(-lines).join('\n')}\n`);
}

/**
 * Shows a long step on stderr: a running clock on a terminal, one line at each end elsewhere.
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} action
 * @returns {Promise<T>}
 */
export async function step(title, action) {
  const start = process.hrtime.bigint();
  const seconds = () => Number((process.hrtime.bigint() - start) / 1_000_000_000n);
  const isTerminal = process.stderr.isTTY === true;
  const show = () => process.stderr.write(`\r  ${title} ... ${seconds()} s`);
  if (!isTerminal) process.stderr.write(`  ${title} ...\n`);
  const clock = isTerminal ? setInterval(show, 500) : undefined;
  try {
    return await action();
  } finally {
    clearInterval(clock);
    process.stderr.write(`${isTerminal ? '\r' : ''}  ${title}: ${seconds()} s\n`);
  }
}

/** Python with pip, which carries binaries that no other registry has; null where there is none. */
export function findPython() {
  for (const command of ['python3', 'python']) {
    if (firstLineOf(command, ['-m', 'pip', '--version'])) return command;
  }
  return null;
}

/** @param {string} path */
export const isThere = (path) => existsSync(path);
