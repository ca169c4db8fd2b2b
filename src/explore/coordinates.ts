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

/** Index of coordinates in a box of that shape; the first coordinate varies slowest. */
export function indexOf(shape: readonly number[], at: Coordinates): number {
  const { rows, outputs, inputs, requantizers, buffers, residency, level, style } = at;
  const values = [rows, outputs, inputs, requantizers, buffers, residency, level, style];
  return values.reduce((index, value, k) => index * (shape[k] ?? 1) + value, 0);
}

/** Coordinates at an index. */
export function coordinatesOf(shape: readonly number[], index: number): Coordinates {
  const values = new Array<number>(shape.length).fill(0);
  let rest = index;
  for (let k = shape.length - 1; k >= 0; k--) {
    const count = shape[k] ?? 1;
    values[k] = rest % count;
    rest = Math.floor(rest / count);
  }
  const [rows = 0, outputs = 0, inputs = 0, requantizers = 0, ...others] = values;
  const [buffers = 0, residency = 0, level = 0, style = 0] = others;
  return { rows, outputs, inputs, requantizers, buffers, residency, level, style };
}
