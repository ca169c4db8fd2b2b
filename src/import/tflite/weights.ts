// Weights, biases and multipliers of one operator, out of the file's buffers.

import { refuse } from '../../network/refuse.ts';
import { type LiteContext, optionalOperand, subjectOf } from './context.ts';
import { type LiteOperator, type LiteTensor, tensorTypes } from './model.ts';

/** Weights with their zero points taken off, as they lie in the file, and their scales. */
export interface LiteWeights {
  readonly values: Int16Array;
  /** Width of the stored integers; a zero point can make the values wider. */
  readonly bits: number;
  /** One for each output channel. */
  readonly scales: readonly number[];
  readonly perChannel: boolean;
}

const storage: ReadonlyMap<number, { readonly bits: number; readonly signed: boolean }> = new Map([
  [tensorTypes.int8, { bits: 8, signed: true }],
  [tensorTypes.uint8, { bits: 8, signed: false }],
  [tensorTypes.int4, { bits: 4, signed: true }],
]);

function unpack(data: Uint8Array, count: number, bits: number, signed: boolean): Int16Array {
  const values = new Int16Array(count);
  for (let index = 0; index < count; index++) {
    const byte = data[bits === 4 ? index >> 1 : index] ?? 0;
    // Of two 4-bit integers in a byte, the first is in the lower half.
    const raw = bits === 4 ? (byte >> (4 * (index & 1))) & 15 : byte;
    values[index] = signed && raw >= 2 ** (bits - 1) ? raw - 2 ** bits : raw;
  }
  return values;
}

/** Reads constant weights of `channels` output channels, which lie along `axis`. */
export function readWeights(
  operator: LiteOperator,
  tensor: LiteTensor,
  channels: number,
  axis: number,
  context: LiteContext,
): LiteWeights {
  const subject = subjectOf(operator, context);
  const stored = storage.get(tensor.type);
  if (stored === undefined) {
    return refuse(
      subject,
      `its weights are of type ${tensor.type}, not int8`,
      'convert with full-integer quantization',
    );
  }
  const { bits, signed } = stored;
  const count = tensor.shape.reduce((product, size) => product * size, 1);
  const data = tensor.data();
  const bytes = Math.ceil((count * bits) / 8);
  if (!(count >= 1) || data.byteLength !== bytes) {
    refuse(
      subject,
      `its weights "${tensor.name.slice(0, 80)}" have ${data.byteLength} bytes where [${tensor.shape.join(', ')}] needs ${bytes}`,
      'weights must be constants of the file; if the file is damaged, convert the model again',
    );
  }
  context.budget(subject, count);
  const values = unpack(data, count, bits, signed);
  const perChannel = tensor.scaleCount > 1;
  if (tensor.scaleCount !== 1 && tensor.scaleCount !== channels) {
    refuse(
      subject,
      `its weights have ${tensor.scaleCount} scales for ${channels} channels`,
      'quantize weights per tensor or per output channel',
    );
  }
  if (perChannel && tensor.quantizedDimension !== axis) {
    refuse(
      subject,
      `its weights have scales along dimension ${tensor.quantizedDimension}`,
      `quantize weights along the output channels, dimension ${axis}`,
    );
  }
  const scales = tensor.scales();
  const zeroPoints = tensor.zeroPoints();
  if (zeroPoints.some((zeroPoint) => zeroPoint !== 0)) {
    // Only the first: older files with zero points have one scale.
    const [zeroPoint = 0] = zeroPoints;
    if (perChannel || !Number.isInteger(zeroPoint) || Math.abs(zeroPoint) > 255) {
      refuse(subject, 'its weights have zero points per channel', 'quantize weights symmetrically');
    }
    for (let index = 0; index < count; index++) values[index] = (values[index] ?? 0) - zeroPoint;
  }
  const [first = 0] = scales;
  return {
    values,
    bits,
    perChannel,
    scales: perChannel ? scales : Array.from({ length: channels }, () => first),
  };
}

/** The int32 bias, zeros where there is none. */
export function readBias(
  operator: LiteOperator,
  place: number,
  channels: number,
  context: LiteContext,
): Int32Array {
  const bias = new Int32Array(channels);
  const tensor = optionalOperand(operator, place, context);
  if (tensor === undefined) return bias;
  const data = tensor.data();
  if (tensor.type !== tensorTypes.int32 || data.byteLength !== 4 * channels) {
    refuse(
      subjectOf(operator, context),
      `its bias has ${data.byteLength} bytes of type ${tensor.type} for ${channels} channels`,
      'a bias must be a constant of int32, one per output channel',
    );
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return bias.map((_, channel) => view.getInt32(4 * channel, true));
}

/** A constant list of whole numbers: axes or paddings. */
export function readIntegers(
  operator: LiteOperator,
  tensor: LiteTensor,
  context: LiteContext,
): readonly number[] {
  const data = tensor.data();
  const width = tensor.type === tensorTypes.int64 ? 8 : 4;
  const isInteger = tensor.type === tensorTypes.int32 || tensor.type === tensorTypes.int64;
  if (!isInteger || data.byteLength % width !== 0 || data.byteLength > 64 * width) {
    refuse(
      subjectOf(operator, context),
      `its input "${tensor.name.slice(0, 80)}" is no short list of constants`,
      'fold shape arithmetic before conversion',
    );
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: data.byteLength / width }, (_, index) =>
    width === 8 ? Number(view.getBigInt64(8 * index, true)) : view.getInt32(4 * index, true),
  );
}
