// Writes small TensorFlow Lite files, field by field of the public schema, for tests.

import { Builder } from 'flatbuffers';

/** One tensor of a file under test; data makes it a constant. */
export interface TensorSpec {
  readonly name?: string;
  readonly shape: readonly number[];
  /** TensorType of the schema; int8 by default. */
  readonly type?: number;
  readonly scales?: readonly number[];
  readonly zeroPoints?: readonly number[];
  readonly dimension?: number;
  readonly data?: Uint8Array;
}

/** A scalar field of an options table: its number, width in bytes, value. */
export type OptionField = readonly [field: number, bytes: 1 | 4, value: number];

/** One operator of a file under test. */
export interface OperatorSpec {
  readonly code: number;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options?: readonly OptionField[];
}

/** A whole file. */
export interface FileSpec {
  readonly tensors: readonly TensorSpec[];
  readonly operators: readonly OperatorSpec[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

export const int8Bytes = (values: readonly number[]): Uint8Array =>
  new Uint8Array(Int8Array.from(values).buffer);
export const int32Bytes = (values: readonly number[]): Uint8Array =>
  new Uint8Array(Int32Array.from(values).buffer);

function table(builder: Builder, fields: number, fill: () => void): number {
  builder.startObject(fields);
  fill();
  return builder.endObject();
}

function numbers(
  builder: Builder,
  width: number,
  values: readonly number[],
  add: (value: number) => void,
): number {
  builder.startVector(width, values.length, width);
  for (const value of [...values].reverse()) add(value);
  return builder.endVector();
}

function offsets(builder: Builder, places: readonly number[]): number {
  return numbers(builder, 4, places, (place) => builder.addOffset(place));
}

/** The bytes of the file. */
export function writeTflite(spec: FileSpec): Uint8Array {
  const builder = new Builder(1024);
  const ints = (values: readonly number[]) =>
    numbers(builder, 4, values, (value) => builder.addInt32(value));

  // Buffer 0 is the empty one of all tensors that are computed.
  const contents = [new Uint8Array(), ...spec.tensors.map(({ data }) => data ?? new Uint8Array())];
  const buffers = contents.map((data) => {
    const vector = builder.createByteVector(data);
    return table(builder, 1, () => {
      if (data.length > 0) builder.addFieldOffset(0, vector, 0);
    });
  });
  const tensors = spec.tensors.map((tensor, index) => {
    const {
      shape,
      type = 9,
      scales = [],
      zeroPoints = scales.map(() => 0),
      dimension = 0,
    } = tensor;
    const scale = numbers(builder, 4, scales, (value) => builder.addFloat32(value));
    const zero = numbers(builder, 8, zeroPoints, (value) => builder.addInt64(BigInt(value)));
    const quantization = table(builder, 7, () => {
      if (scales.length === 0) return;
      builder.addFieldOffset(2, scale, 0);
      builder.addFieldOffset(3, zero, 0);
      builder.addFieldInt32(6, dimension, 0);
    });
    const name = builder.createString(tensor.name ?? `t${index}`);
    const dims = ints(shape);
    return table(builder, 5, () => {
      builder.addFieldOffset(0, dims, 0);
      builder.addFieldInt8(1, type, 0);
      builder.addFieldInt32(2, tensor.data === undefined ? 0 : index + 1, 0);
      builder.addFieldOffset(3, name, 0);
      builder.addFieldOffset(4, quantization, 0);
    });
  });
  const kinds = [...new Set(spec.operators.map(({ code }) => code))];
  const codes = kinds.map((code) =>
    table(builder, 4, () => {
      builder.addFieldInt8(0, Math.min(code, 127), 0);
      builder.addFieldInt32(3, code, 0);
    }),
  );
  const operators = spec.operators.map(({ code, inputs, outputs, options = [] }) => {
    const read = ints(inputs);
    const written = ints(outputs);
    const chosen = table(builder, 16, () => {
      for (const [field, bytes, value] of options) {
        if (bytes === 1) builder.addFieldInt8(field, value, -100);
        else builder.addFieldInt32(field, value, -100);
      }
    });
    return table(builder, 5, () => {
      builder.addFieldInt32(0, kinds.indexOf(code), 0);
      builder.addFieldOffset(1, read, 0);
      builder.addFieldOffset(2, written, 0);
      builder.addFieldInt8(3, 1, 0);
      builder.addFieldOffset(4, chosen, 0);
    });
  });
  const parts = [
    offsets(builder, tensors),
    ints(spec.inputs),
    ints(spec.outputs),
    offsets(builder, operators),
  ];
  const graph = table(builder, 4, () => {
    parts.forEach((part, field) => {
      builder.addFieldOffset(field, part, 0);
    });
  });
  const lists = [offsets(builder, codes), offsets(builder, [graph]), offsets(builder, buffers)];
  const model = table(builder, 5, () => {
    builder.addFieldInt32(0, 3, 0);
    builder.addFieldOffset(1, lists[0] ?? 0, 0);
    builder.addFieldOffset(2, lists[1] ?? 0, 0);
    builder.addFieldOffset(4, lists[2] ?? 0, 0);
  });
  builder.finish(model, 'TFL3');
  return builder.asUint8Array();
}
