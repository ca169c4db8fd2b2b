// JSON whose bytes depend on the content only, and files written so that nothing is half done.

import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { InvalidConfigError } from './errors.ts';

/** JSON with sorted keys: equal values give equal text, whatever order their keys were set in. */
export function stableStringify(value: unknown, indent = 0): string {
  return JSON.stringify(sortKeys(value), null, indent);
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  // Dates and the like know their own JSON form.
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, entry]) => [key, sortKeys(entry)]));
}

/** SHA-256 in hexadecimal: of bytes and text as they are, of anything else as stable JSON. */
export function hashOf(value: unknown): string {
  const isRaw = typeof value === 'string' || value instanceof Uint8Array;
  const content = isRaw ? value : (stableStringify(value) ?? 'undefined');
  return createHash('sha256').update(content).digest('hex');
}

/** Writes a file in one step, with its folders: a killed run leaves the old file or the new one. */
export function writeFileAtomic(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    writeFileSync(draft, content);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Writes only where the bytes differ, so that nothing downstream rebuilds; true if it wrote. */
export function writeFileIfChanged(path: string, content: string | Uint8Array): boolean {
  if (hasContent(path, content)) return false;
  writeFileAtomic(path, content);
  return true;
}

function hasContent(path: string, content: string | Uint8Array): boolean {
  return readOrNull(path)?.equals(Buffer.from(content)) ?? false;
}

function readOrNull(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isMissingFile(error)) return null;
    throw error;
  }
}

/** Readable JSON with a final newline, written in one step. */
export function writeJson(path: string, value: unknown): void {
  writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** A file's JSON; a missing or broken file is the user's to cure, so it says which and where. */
export function readJson(path: string): unknown {
  const content = readOrNull(path);
  if (content === null) {
    throw new InvalidConfigError(`${path} does not exist`, 'check the path');
  }
  try {
    return JSON.parse(content.toString('utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidConfigError(`${path} is not JSON: ${reason}`, 'correct the file');
  }
}

/** Whether an error of the file system means that the file or one of its folders is not there. */
export function isMissingFile(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
