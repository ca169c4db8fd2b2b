// Reads NPY, one array of NumPy: a short header that is a Python dictionary, then the values.
//
//   byte 0-5 "\x93NUMPY"   6-7 version   then the header's length (2 bytes, from version 2 on 4), little-endian

import { refuseFile } from './files.ts';

/** An array of whole numbers that were stored in 8 to 64 bits. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
  /** Bits of one stored value. */
  readonly bits: number;
}

type Reader = (view: DataView, at: number) => number;

/** Types of whole numbers, by NumPy's own names; `|` and `<` say that bytes are in little-endian order or alone. */
const readers: Readonly<Record<string, { readonly bytes: number; readonly read: Reader }>> = {
  '|u1': { bytes: 1, read: (view, at) => view.getUint8(at) },
  '|i1': { bytes: 1, read: (view, at) => view.getInt8(at) },
  '<u2': { bytes: 2, read: (view, at) => view.getUint16(at, true) },
  '<i2': { bytes: 2, read: (view, at) => view.getInt16(at, true) },
  '<u4': { bytes: 4, read: (view, at) => view.getUint32(at, true) },
  '<i4': { bytes: 4, read: (view, at) => view.getInt32(at, true) },
  '<u8': { bytes: 8, read: (view, at) => Number(view.getBigUint64(at, true)) },
  '<i8': { bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
};

/** Parses NPY bytes; `name` is how errors call them. */
export function parseNpy(bytes: Uint8Array, name: string): NpyArray {
  const text = (from: number, to: number): string =>
    Buffer.from(bytes.subarray(from, to)).toString('latin1');
  if (bytes.length < 12 || text(1, 6) !== 'NUMPY' || bytes[0] !== 0x93)
    refuseFile(name, 'it does not start as an NPY file does');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLong = (bytes[6] ?? 1) > 1;
  const start = isLong ? 12 : 10;
  const end = start + (isLong ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = text(start, end);
  const type = /'descr':\s*'([^']+)'/.exec(header)?.[1] ?? '';
  const sizes = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  const reader = readers[type];
  if (end > bytes.length || sizes === undefined) refuseFile(name, 'its header is damaged');
  if (reader === undefined)
    refuseFile(name, `its values are of type "${type}", not whole numbers of up to 64 bits`);
  if (/'fortran_order':\s*True/.test(header)) refuseFile(name, 'it is stored by columns');
  const shape = sizes
    .split(',')
    .map((size) => size.trim())
    .filter((size) => size !== '')
    .map(Number);
  const count = shape.reduce((product, size) => product * size, 1);
  if (bytes.length - end !== count * reader.bytes)
    refuseFile(name, `its header announces ${shape.join(' x ')} values, it holds others`);
  const values =
    type === '|u1'
      ? bytes.subarray(end)
      : Float64Array.from({ length: count }, (_, i) => reader.read(view, end + i * reader.bytes));
  return { shape, values, bits: 8 * reader.bytes };
}
