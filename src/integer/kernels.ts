// The inner loops: sums of products in doubles, exact below 2^53, four output channels by two pixels at a time.

/** Output channels computed together; accumulators and packed weights are padded to a multiple. */
export const channelBlock = 4;

/** Where the taps of one window lie: runs of consecutive integers at offsets from the window's first. */
export interface Window {
  readonly offsets: Int32Array;
  readonly runLength: number;
}

/**
 * Sums of one block of four channels at every pixel. `weights` is [run][position][4] from `weightsAt`; pixel p's
 * window starts at `starts[p] + shift`; its sums go to `sums[p * pitch + column]` and the three after it.
 */
export function sumBlock(
  input: Float64Array,
  starts: Int32Array,
  shift: number,
  window: Window,
  weights: Float64Array,
  weightsAt: number,
  sums: Float64Array,
  pitch: number,
  column: number,
): void {
  const { offsets, runLength } = window;
  const pixels = starts.length;
  for (let pixel = 0; pixel < pixels; pixel += 2) {
    // A last odd pixel is computed twice, which is cheaper than a second loop for it.
    const other = Math.min(pixel + 1, pixels - 1);
    const start0 = (starts[pixel] ?? 0) + shift;
    const start1 = (starts[other] ?? 0) + shift;
    let at = weightsAt;
    let a0 = 0;
    let a1 = 0;
    let a2 = 0;
    let a3 = 0;
    let b0 = 0;
    let b1 = 0;
    let b2 = 0;
    let b3 = 0;
    for (let run = 0; run < offsets.length; run++) {
      const offset = offsets[run] ?? 0;
      let x0 = start0 + offset;
      let x1 = start1 + offset;
      for (const end = x0 + runLength; x0 < end; x0++, x1++, at += 4) {
        const a = input[x0] ?? 0;
        const b = input[x1] ?? 0;
        const w0 = weights[at] ?? 0;
        const w1 = weights[at + 1] ?? 0;
        const w2 = weights[at + 2] ?? 0;
        const w3 = weights[at + 3] ?? 0;
        a0 += w0 * a;
        a1 += w1 * a;
        a2 += w2 * a;
        a3 += w3 * a;
        b0 += w0 * b;
        b1 += w1 * b;
        b2 += w2 * b;
        b3 += w3 * b;
      }
    }
    const out0 = pixel * pitch + column;
    sums[out0] = a0;
    sums[out0 + 1] = a1;
    sums[out0 + 2] = a2;
    sums[out0 + 3] = a3;
    const out1 = other * pitch + column;
    sums[out1] = b0;
    sums[out1 + 1] = b1;
    sums[out1 + 2] = b2;
    sums[out1 + 3] = b3;
  }
}

/**
 * Depthwise sums: four neighbouring channels, each with its own weights, [channel block][tap][4]. The last block may
 * read up to three integers past a pixel's channels; input must be that much longer, and weights there are zero.
 */
export function sumDepthwise(
  input: Float64Array,
  starts: Int32Array,
  offsets: Int32Array,
  weights: Float64Array,
  sums: Float64Array,
  pitch: number,
): void {
  const taps = offsets.length;
  for (let pixel = 0; pixel < starts.length; pixel++) {
    const start = starts[pixel] ?? 0;
    let at = 0;
    for (let column = 0; column < pitch; column += 4) {
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let tap = 0; tap < taps; tap++, at += 4) {
        const x = start + column + (offsets[tap] ?? 0);
        s0 += (weights[at] ?? 0) * (input[x] ?? 0);
        s1 += (weights[at + 1] ?? 0) * (input[x + 1] ?? 0);
        s2 += (weights[at + 2] ?? 0) * (input[x + 2] ?? 0);
        s3 += (weights[at + 3] ?? 0) * (input[x + 3] ?? 0);
      }
      const out = pixel * pitch + column;
      sums[out] = s0;
      sums[out + 1] = s1;
      sums[out + 2] = s2;
      sums[out + 3] = s3;
    }
  }
}
