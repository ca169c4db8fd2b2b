// A run's state in one file, written whole or not at all: a JSON header, then the numbers of all tensors.
//
//   8 bytes magic   4 bytes header length (little-endian)   header (UTF-8)   float32 values, little-endian

import { readFileSync } from 'node:fs';
import { InvalidConfigError } from '../util/errors.ts';
import { hashOf, isMissingFile, writeFileAtomic } from '../util/json.ts';

const magic = 'ANBACKP1';
const prefixBytes = magic.length + 4;

/** Plain facts and the tensors they go with. */
export interface Checkpoint<Facts> {
  readonly facts: Facts;
  readonly arrays: readonly Float32Array[];
}

interface Header<Facts> {
  readonly facts: Facts;
  readonly lengths: readonly number[];
  /** SHA-256 of the values, so that a damaged file is refused and not trained on. */
  readonly hash: string;
}

/** Replaces the file in one step. */
export function writeCheckpoint<Facts>(path: string, { facts, arrays }: Checkpoint<Facts>): void {
  const values = Buffer.concat(
    arrays.map((array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength)),
  );
  const lengths = arrays.map((array) => array.length);
  const header: Header<Facts> = { facts, lengths, hash: hashOf(values) };
  const text = Buffer.from(JSON.stringify(header), 'utf8');
  const size = Buffer.alloc(4);
  size.writeUInt32LE(text.length);
  writeFileAtomic(path, Buffer.concat([Buffer.from(magic, 'latin1'), size, text, values]));
}

/** The state in a file; undefined where there is none. */
export function readCheckpoint<Facts>(path: string): Checkpoint<Facts> | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if (isMissingFile(error)) return undefined;
    throw error;
  }
  const parsed = parse<Facts>(bytes);
  if (parsed !== undefined) return parsed;
  throw new InvalidConfigError(
    `${path} is damaged`,
    'delete it and start the search without --resume',
  );
}

function parse<Facts>(bytes: Buffer): Checkpoint<Facts> | undefined {
  if (bytes.length < prefixBytes || bytes.toString('latin1', 0, magic.length) !== magic)
    return undefined;
  const start = prefixBytes + bytes.readUInt32LE(magic.length);
  if (start > bytes.length) return undefined;
  const header = parseHeader<Facts>(bytes.toString('utf8', prefixBytes, start));
  const values = bytes.subarray(start);
  if (header === undefined || hashOf(values) !== header.hash) return undefined;
  // A copy starts at an address that float32 can be read from.
  const floats = new Float32Array(Uint8Array.from(values).buffer);
  let from = 0;
  const arrays = header.lengths.map((length) => {
    from += length;
    return floats.slice(from - length, from);
  });
  return { facts: header.facts, arrays };
}

function parseHeader<Facts>(text: string): Header<Facts> | undefined {
  try {
    return JSON.parse(text) as Header<Facts>;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
