// Files of data sets: found, read and refused in one sentence.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidConfigError } from '../util/errors.ts';

/** Whether a folder has all of these files. */
export function hasFiles(folder: string, names: readonly string[]): boolean {
  return names.every((name) => existsSync(join(folder, name)));
}

export function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

/** Names in a folder, sorted, hidden ones left out. */
export function namesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .sort();
}

/** Bytes of a file that a format asks for. */
export function readDataFile(path: string): Uint8Array {
  if (!existsSync(path))
    throw new InvalidConfigError(`${path} does not exist`, 'give a folder with the whole data set');
  return new Uint8Array(readFileSync(path));
}

/** Refuses a data file. */
export function refuseFile(path: string, problem: string): never {
  throw new InvalidConfigError(`${path}: ${problem}`, 'give the undamaged original');
}

/** One after the other in one array. */
export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
