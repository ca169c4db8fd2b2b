// Reads IDX, the format of MNIST and its successors: a big-endian header, then bytes.
//
//   byte 0-1  zero          byte 2  type, 8 for unsigned bytes      byte 3  number of dimensions
//   then one 32-bit size per dimension, then the values in row-major order

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { InvalidConfigError } from '../util/errors.ts';
import { hashOf, isMissingFile } from '../util/json.ts';
import type { ImageSet } from './dataset.ts';

/** A parsed IDX file of bytes. */
export interface IdxArray {
  readonly sizes: readonly number[];
  readonly values: Uint8Array;
}

const unsignedBytes = 8;

// Far above any data set in this format, far below what would exhaust the memory.
const largestFileBytes = 2 ** 30;

/** Parses IDX bytes; `name` is how errors call them. */
export function parseIdx(bytes: Uint8Array, name: string): IdxArray {
  const refuse = (problem: string): never => {
    throw new InvalidConfigError(`${name}: ${problem}`, 'give an undamaged IDX file of bytes');
  };
  const [zeroHigh, zeroLow, type, dimensions = 0] = bytes;
  if (bytes.length < 4) refuse(`${bytes.length} bytes are too few for an IDX header`);
  if (zeroHigh !== 0 || zeroLow !== 0) refuse('it does not start as an IDX file does');
  if (type !== unsignedBytes) refuse(`its values are of type ${type}, not unsigned bytes (8)`);
  if (dimensions === 0) refuse('it has no dimensions');
  const headerBytes = 4 + 4 * dimensions;
  if (bytes.length < headerBytes) refuse('it ends inside its header');

  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sizes = Array.from({ length: dimensions }, (_, index) => view.getUint32(4 + 4 * index));
  const wanted = sizes.reduce((product, size) => product * size, 1);
  const held = bytes.length - headerBytes;
  if (held !== wanted) {
    refuse(`its header announces ${sizes.join(' x ')} = ${wanted} bytes, it holds ${held}`);
  }
  return { sizes, values: bytes.subarray(headerBytes) };
}

/** Images without labels, out of IDX bytes of three dimensions: count, rows, columns. */
export function parseIdxImages(bytes: Uint8Array, name: string): Omit<ImageSet, 'labels'> {
  const { sizes, values } = parseIdx(bytes, name);
  const [count = 0, rows = 0, columns = 0] = sizes;
  if (sizes.length !== 3 || rows === 0 || columns === 0) {
    throw new InvalidConfigError(
      `${name}: its dimensions ${sizes.join(' x ')} are not count x rows x columns`,
      'give the file of images, not that of labels',
    );
  }
  return { images: values, count, rows, columns, channels: 1 };
}

/** Labels out of IDX bytes of one dimension. */
export function parseIdxLabels(bytes: Uint8Array, name: string): Uint8Array {
  const { sizes, values } = parseIdx(bytes, name);
  if (sizes.length === 1) return values;
  throw new InvalidConfigError(
    `${name}: its dimensions ${sizes.join(' x ')} are not those of labels`,
    'give the file of labels, not that of images',
  );
}

/** How a file is read. */
export interface ReadOptions {
  /** What the content, decompressed, must hash to. */
  readonly sha256?: string;
  /** What to do where the file is missing or not the original. */
  readonly remedy: string;
}

/** A file's bytes, decompressed where it is gzip, and checked against the checksum if one is given. */
export function readCheckedFile(path: string, { sha256, remedy }: ReadOptions): Uint8Array {
  const bytes = decompress(readOrRefuse(path, remedy), path, remedy);
  if (sha256 !== undefined && hashOf(bytes) !== sha256) {
    throw new InvalidConfigError(
      `${path} is not the original file: its SHA-256 is not ${sha256}`,
      remedy,
    );
  }
  return bytes;
}

function readOrRefuse(path: string, remedy: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isMissingFile(error)) throw new InvalidConfigError(`${path} does not exist`, remedy);
    throw error;
  }
}

function decompress(bytes: Uint8Array, path: string, remedy: string): Uint8Array {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!isGzip) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: largestFileBytes });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidConfigError(`${path} cannot be decompressed: ${reason}`, remedy);
  }
}
