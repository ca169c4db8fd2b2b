// Integers of any width as the narrow-range weights of a network.

/** Bits of the narrow range that holds every weight, at least `least`. */
export function narrowBits(weights: Int16Array, least: number): number {
  let widest = 1;
  for (const weight of weights) widest = Math.max(widest, Math.abs(weight));
  return Math.max(least, 2, Math.ceil(Math.log2(widest + 1)) + 1);
}

/** A kernel whose taps lie apart, as a dense one: [outer][rows][columns][inner] with zeros between. */
export function spreadKernel(
  weights: Int16Array,
  [rows, columns]: readonly [number, number],
  inner: number,
  dilation: readonly [number, number],
): Int16Array {
  if (dilation[0] === 1 && dilation[1] === 1) return weights;
  const wideRows = dilatedSize(rows, dilation[0]);
  const wideColumns = dilatedSize(columns, dilation[1]);
  const outer = weights.length / (rows * columns * inner);
  const spread = new Int16Array(outer * wideRows * wideColumns * inner);
  for (let index = 0; index < weights.length; index++) {
    const tap = Math.floor(index / inner);
    const column = tap % columns;
    const row = Math.floor(tap / columns) % rows;
    const block = Math.floor(tap / (columns * rows));
    const to = (block * wideRows + row * dilation[0]) * wideColumns + column * dilation[1];
    spread[to * inner + (index % inner)] = weights[index] ?? 0;
  }
  return spread;
}

/** Extent of a kernel with its gaps. */
export function dilatedSize(size: number, dilation: number): number {
  return (size - 1) * dilation + 1;
}
