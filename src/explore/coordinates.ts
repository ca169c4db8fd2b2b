// Designs of a chunk as numbers: coordinates in the space's lists, packed into one index.

import type { ArrayIndex } from './layer-table.ts';

/** Coordinates of a design as indices into the space's lists. */
export interface Coordinates extends ArrayIndex {
  readonly requantizers: number;
  readonly buffers: number;
  readonly residency: number;
  readonly level: number;
  readonly style: number;
}

/** One number of values in a box of that shape; the first varies slowest. */
export const packed = (shape: readonly number[], values: readonly number[]): number =>
  values.reduce((index, value, k) => index * (shape[k] ?? 1) + value, 0);

/** The values behind such a number. */
export function unpacked(shape: readonly number[], index: number): number[] {
  const values = new Array<number>(shape.length).fill(0);
  let rest = index;
  for (let k = shape.length - 1; k >= 0; k--) {
    const count = shape[k] ?? 1;
    values[k] = rest % count;
    rest = Math.floor(rest / count);
  }
  return values;
}

/** Index of a design's coordinates in its chunk's space. */
export function indexOf(shape: readonly number[], at: Coordinates): number {
  const { rows, outputs, inputs, requantizers, buffers, residency, level, style } = at;
  return packed(shape, [rows, outputs, inputs, requantizers, buffers, residency, level, style]);
}

/** Coordinates at an index. */
export function coordinatesOf(shape: readonly number[], index: number): Coordinates {
  const [rows = 0, outputs = 0, inputs = 0, requantizers = 0, ...others] = unpacked(shape, index);
  const [buffers = 0, residency = 0, level = 0, style = 0] = others;
  return { rows, outputs, inputs, requantizers, buffers, residency, level, style };
}
