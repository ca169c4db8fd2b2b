// Reads FlatBuffers tables by field number, and never outside the file: the library itself checks nothing.

import { ByteBuffer } from 'flatbuffers';
import { refuse } from '../../network/refuse.ts';

/** A table of a FlatBuffers file; a field's number is its place in the schema. */
export interface FlatTable {
  readonly byte: (field: number, absent?: number) => number;
  readonly unsignedByte: (field: number, absent?: number) => number;
  readonly int: (field: number, absent?: number) => number;
  readonly unsignedInt: (field: number, absent?: number) => number;
  readonly float: (field: number, absent?: number) => number;
  readonly text: (field: number) => string;
  readonly table: (field: number) => FlatTable | undefined;
  /** Number of entries of a vector, 0 where it is absent. */
  readonly count: (field: number) => number;
  readonly tables: (field: number) => readonly FlatTable[];
  readonly ints: (field: number) => readonly number[];
  readonly longs: (field: number) => readonly number[];
  readonly floats: (field: number) => readonly number[];
  readonly bytes: (field: number) => Uint8Array;
}

const longestText = 400;

function broken(what: string): never {
  return refuse(
    'TensorFlow Lite file',
    `${what} lies outside the file`,
    'the file is truncated or damaged; copy or convert it again',
  );
}

/** The file's root table. */
export function openFlat(file: Uint8Array): FlatTable {
  const buffer = new ByteBuffer(file);
  const size = file.byteLength;

  const check = (at: number, bytes: number, what: string): number => {
    if (!(at >= 0 && at + bytes <= size)) broken(what);
    return at;
  };

  /** Where a stored offset leads. */
  const follow = (at: number, what: string): number => at + buffer.readUint32(check(at, 4, what));

  const open = (at: number): FlatTable => {
    const vtable = at - buffer.readInt32(check(at, 4, 'a table'));
    const fields = buffer.readUint16(check(vtable, 2, 'a vtable'));
    check(vtable, fields, 'a vtable');
    /** Position of a field, 0 where the table does not have it. */
    const place = (field: number, bytes: number): number => {
      const entry = 4 + 2 * field;
      const offset = entry + 2 <= fields ? buffer.readUint16(vtable + entry) : 0;
      return offset === 0 ? 0 : check(at + offset, bytes, 'a field');
    };
    /** Position of a vector's first entry and how many there are. */
    const vector = (field: number, width: number): readonly [number, number] => {
      const from = place(field, 4);
      if (from === 0) return [0, 0];
      const start = follow(from, 'a vector');
      const length = buffer.readUint32(check(start, 4, 'a vector'));
      return [check(start + 4, length * width, 'a vector'), length];
    };
    const scalar =
      (bytes: number, read: (at: number) => number) =>
      (field: number, absent = 0): number => {
        const from = place(field, bytes);
        return from === 0 ? absent : read(from);
      };
    const list =
      (width: number, read: (at: number) => number) =>
      (field: number): readonly number[] => {
        const [from, length] = vector(field, width);
        return Array.from({ length }, (_, index) => read(from + width * index));
      };
    const bytes = (field: number): Uint8Array => {
      const [from, length] = vector(field, 1);
      return file.subarray(from, from + length);
    };
    return {
      byte: scalar(1, (from) => buffer.readInt8(from)),
      unsignedByte: scalar(1, (from) => buffer.readUint8(from)),
      int: scalar(4, (from) => buffer.readInt32(from)),
      unsignedInt: scalar(4, (from) => buffer.readUint32(from)),
      float: scalar(4, (from) => buffer.readFloat32(from)),
      ints: list(4, (from) => buffer.readInt32(from)),
      floats: list(4, (from) => buffer.readFloat32(from)),
      longs: list(8, (from) => Number(buffer.readInt64(from))),
      bytes,
      text: (field) => Buffer.from(bytes(field).subarray(0, longestText)).toString('utf8'),
      table: (field) => {
        const from = place(field, 4);
        return from === 0 ? undefined : open(follow(from, 'a table'));
      },
      count: (field) => vector(field, 1)[1],
      tables: (field) => {
        const [from, length] = vector(field, 4);
        return Array.from({ length }, (_, index) => open(follow(from + 4 * index, 'a table')));
      },
    };
  };

  return open(follow(0, 'the root'));
}
