// Bits into memory images: little-endian beats, lane 0 in the lowest bits (docs/hardware.md 2).

import type { Tensor } from '../network/network.ts';
import { ceilDiv, lanesOf } from '../schedule/plan.ts';

/** Writes `bits` of a value at a bit offset; fields never straddle more than five bytes. */
export function putBits(bytes: Uint8Array, bitOffset: number, bits: number, value: number): void {
  let left = bits;
  let offset = bitOffset;
  let rest = value;
  while (left > 0) {
    const inByte = offset & 7;
    const take = Math.min(8 - inByte, left);
    const mask = (1 << take) - 1;
    const index = offset >> 3;
    bytes[index] = ((bytes[index] ?? 0) & ~(mask << inByte)) | ((rest & mask) << inByte);
    // Arithmetic shift: the upper bits of a negative value stay ones.
    rest >>= take;
    offset += take;
    left -= take;
  }
}

/** One image of a tensor as it lies in memory; spare lanes hold the zero point. `values` is [row][column][channel]. */
export function packTensor(
  tensor: Tensor,
  values: ArrayLike<number>,
  slotBits: number,
  busBits: number,
): Uint8Array {
  const [rows, columns, channels] = tensor.shape;
  const lanes = lanesOf(busBits, slotBits);
  const blocks = ceilDiv(channels, lanes);
  const pixels = rows * columns;
  const bytes = new Uint8Array((blocks * pixels * busBits) / 8);
  for (let block = 0; block < blocks; block++)
    for (let pixel = 0; pixel < pixels; pixel++)
      for (let lane = 0; lane < lanes; lane++) {
        const channel = block * lanes + lane;
        const value =
          channel < channels ? (values[pixel * channels + channel] ?? 0) : tensor.zeroPoint;
        putBits(bytes, (block * pixels + pixel) * busBits + lane * slotBits, slotBits, value);
      }
  return bytes;
}

/** The inverse of packTensor, spare lanes dropped. */
export function unpackTensor(
  tensor: Tensor,
  bytes: Uint8Array,
  slotBits: number,
  busBits: number,
): Int32Array {
  const [rows, columns, channels] = tensor.shape;
  const lanes = lanesOf(busBits, slotBits);
  const pixels = rows * columns;
  const values = new Int32Array(pixels * channels);
  for (let pixel = 0; pixel < pixels; pixel++)
    for (let channel = 0; channel < channels; channel++) {
      const block = Math.floor(channel / lanes);
      const bit = (block * pixels + pixel) * busBits + (channel % lanes) * slotBits;
      let raw = 0;
      for (let k = 0; k < slotBits; k += 1)
        raw |= (((bytes[(bit + k) >> 3] ?? 0) >> ((bit + k) & 7)) & 1) << k;
      const sign = tensor.signed && (raw >> (slotBits - 1)) & 1 ? 2 ** slotBits : 0;
      values[pixel * channels + channel] = raw - sign;
    }
  return values;
}
