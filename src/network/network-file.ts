// Networks on disk: <name>.json and, when operators have weights, <name>.bin beside it.

import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { stableStringify, writeFileAtomic } from '../util/json.ts';
import { decodeNetwork, encodeNetwork, parseDocument } from './document.ts';
import type { Network } from './network.ts';
import { refuse } from './refuse.ts';
import { validateNetwork } from './validate.ts';

/** A JSON of this size holds every network the limits allow; larger files are refused before they are read. */
const documentBytes = 64 * 2 ** 20;

function readBounded(path: string, bytes: number, exact: boolean): Buffer {
  const file = open(path);
  try {
    const status = fstatSync(file);
    if (!status.isFile()) refuse(`"${path}"`, 'is not a file', 'name a network file');
    if (status.size > bytes || (exact && status.size !== bytes)) {
      refuse(
        `"${path}"`,
        `has ${status.size} bytes where ${bytes} ${exact ? 'are expected' : 'are allowed'}`,
        'write the network again',
      );
    }
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

function open(path: string): number {
  try {
    // A named pipe would hang here for ever if opening it could block.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    return refuse(`"${path}"`, `cannot be read (${code})`, 'name an existing network file');
  }
}

function parseJson(path: string): unknown {
  const text = readBounded(path, documentBytes, false).toString('utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return refuse(`"${path}"`, `is not JSON (${reason})`, 'name a network file');
  }
}

/** Reads and validates a network; anything wrong is one InvalidConfigError that names its place. */
export function readNetwork(path: string): Network {
  const document = parseDocument(parseJson(path));
  const { weightsFile } = document;
  const binary =
    weightsFile === undefined
      ? new Uint8Array()
      : readBounded(join(dirname(path), weightsFile.name), weightsFile.bytes, true);
  return decodeNetwork(document, binary);
}

function binaryNameFor(path: string): string {
  const stem = basename(path).replace(/\.json$/, '');
  const plain = stem
    .replace(/[^A-Za-z0-9_.-]/g, '_')
    .replace(/^[.-]+/, '')
    .slice(0, 120);
  return `${plain === '' ? 'network' : plain}.bin`;
}

/** A validated network's files by name: the binary first, so that a JSON never names a file that is not there. */
export function networkFiles(
  fileName: string,
  network: Network,
): ReadonlyMap<string, string | Uint8Array> {
  validateNetwork(network);
  const { document, binary } = encodeNetwork(network, binaryNameFor(fileName));
  const files = new Map<string, string | Uint8Array>();
  if (document.weightsFile !== undefined) files.set(document.weightsFile.name, binary);
  files.set(fileName, `${stableStringify(document)}\n`);
  return files;
}

/** Validates and writes a network. */
export function writeNetwork(path: string, network: Network): void {
  for (const [name, content] of networkFiles(basename(path), network))
    writeFileAtomic(join(dirname(path), name), content);
}
