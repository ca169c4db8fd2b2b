// Reads byte arrays out of MAT files of level 5, as MATLAB writes them: no library for it is both maintained and under a
// licence that goes with ours.
//
//   128 bytes header, the last two "IM" for little-endian; then elements {type: 4 bytes, length: 4 bytes, data},
//   data padded to 8 bytes unless compressed; up to 4 bytes may lie in the tag itself, its length in the upper half of
//   the type. A matrix element holds flags, dimensions, name and values, elements again; values run by columns.

import { inflateSync } from 'node:zlib';
import { refuseFile } from './files.ts';

const types = { int8: 1, uint8: 2, int32: 5, uint32: 6, double: 9, matrix: 14, compressed: 15 };
const headerBytes = 128;

/** One matrix by columns: the first dimension runs fastest. */
export interface MatArray {
  readonly dimensions: readonly number[];
  readonly values: ArrayLike<number>;
}

interface Element {
  readonly type: number;
  readonly bytes: Uint8Array;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function* elementsOf(bytes: Uint8Array, path: string): Generator<Element> {
  const view = viewOf(bytes);
  for (let at = 0; at + 8 <= bytes.length; ) {
    const word = view.getUint32(at, true);
    const smallLength = word >>> 16;
    if (smallLength > 0) {
      yield { type: word & 0xffff, bytes: bytes.subarray(at + 4, at + 4 + smallLength) };
      at += 8;
      continue;
    }
    const length = view.getUint32(at + 4, true);
    const end = at + 8 + length;
    if (end > bytes.length) refuseFile(path, 'it ends inside an element');
    yield { type: word, bytes: bytes.subarray(at + 8, end) };
    at = word === types.compressed ? end : at + 8 + Math.ceil(length / 8) * 8;
  }
}

function numbersOf({ type, bytes }: Element, path: string): ArrayLike<number> {
  const view = viewOf(bytes);
  const list = (size: number, read: (at: number) => number): Float64Array =>
    Float64Array.from({ length: bytes.length / size }, (_, i) => read(i * size));
  if (type === types.uint8 || type === types.int8) return bytes;
  if (type === types.double) return list(8, (at) => view.getFloat64(at, true));
  if (type === types.int32) return list(4, (at) => view.getInt32(at, true));
  if (type === types.uint32) return list(4, (at) => view.getUint32(at, true));
  return refuseFile(path, `it holds values of type ${type}, which no data set uses`);
}

function inflate(bytes: Uint8Array, path: string): Uint8Array {
  try {
    return new Uint8Array(inflateSync(bytes));
  } catch (error) {
    return refuseFile(
      path,
      `it cannot be decompressed: ${error instanceof Error ? error.message : error}`,
    );
  }
}

/** All matrices of a file, by name. */
export function parseMat(bytes: Uint8Array, path: string): ReadonlyMap<string, MatArray> {
  const mark = Buffer.from(bytes.subarray(headerBytes - 2, headerBytes)).toString('latin1');
  if (mark !== 'IM') refuseFile(path, 'it is no little-endian MAT file of level 5');
  const arrays = new Map<string, MatArray>();
  for (const outer of elementsOf(bytes.subarray(headerBytes), path)) {
    const isPacked = outer.type === types.compressed;
    const inner = isPacked ? [...elementsOf(inflate(outer.bytes, path), path)] : [outer];
    for (const { type, bytes: content } of inner) {
      if (type !== types.matrix) continue;
      const [flags, dimensions, name, values] = elementsOf(content, path);
      if (
        flags === undefined ||
        dimensions === undefined ||
        name === undefined ||
        values === undefined
      )
        refuseFile(path, 'it holds a matrix without dimensions, name or values');
      arrays.set(Buffer.from(name.bytes).toString('latin1'), {
        dimensions: Array.from(numbersOf(dimensions, path)),
        values: numbersOf(values, path),
      });
    }
  }
  return arrays;
}
