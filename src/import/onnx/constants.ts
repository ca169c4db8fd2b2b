// Constants of an ONNX graph: real numbers in doubles, with the step they are multiples of where they are quantized.

import { refuse } from '../../network/refuse.ts';
import type { Budget } from '../budget.ts';
import type { OnnxTensor } from './schema.ts';

/** A constant, row-major. */
export interface Constant {
  readonly dims: readonly number[];
  readonly values: Float64Array;
  /** What every value is a whole multiple of; of the same rank, 1 where it does not vary. */
  readonly step?: Constant;
  /** Width that the quantizer gave the multiples. */
  readonly bits?: number;
  /** Integers of this type have not been given a scale yet. */
  readonly elementType?: number;
}

/** How many values dims describe. */
export function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1);
}

/** Members of the schema's TensorProto.DataType. */
export const dataTypes = {
  float: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  double: 11,
  uint4: 21,
  int4: 22,
};

function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Bytes of one element, and how to read it. */
const readers: ReadonlyMap<number, readonly [number, (view: DataView, at: number) => number]> =
  new Map([
    [dataTypes.float, [4, (view, at) => view.getFloat32(at, true)]],
    [dataTypes.uint8, [1, (view, at) => view.getUint8(at)]],
    [dataTypes.int8, [1, (view, at) => view.getInt8(at)]],
    [dataTypes.uint16, [2, (view, at) => view.getUint16(at, true)]],
    [dataTypes.int16, [2, (view, at) => view.getInt16(at, true)]],
    [dataTypes.int32, [4, (view, at) => view.getInt32(at, true)]],
    [dataTypes.int64, [8, (view, at) => Number(view.getBigInt64(at, true))]],
    [dataTypes.bool, [1, (view, at) => view.getUint8(at)]],
    [dataTypes.float16, [2, (view, at) => half(view.getUint16(at, true))]],
    [dataTypes.double, [8, (view, at) => view.getFloat64(at, true)]],
  ]);

function fourBits(raw: Uint8Array, index: number, signed: boolean): number {
  const nibble = ((raw[index >> 1] ?? 0) >> (4 * (index & 1))) & 15;
  return signed && nibble > 7 ? nibble - 16 : nibble;
}

/** Reads a stored constant; what it claims to hold must be there before anything is allocated. */
export function readConstant(tensor: OnnxTensor, subject: string, budget: Budget): Constant {
  const { dims, dataType, rawData } = tensor;
  const count = sizeOf(dims);
  const known = readers.get(dataType);
  const isFour = dataType === dataTypes.int4 || dataType === dataTypes.uint4;
  if (tensor.dataLocation !== 0) {
    refuse(subject, 'its data lies in another file', 'save the model as one file');
  }
  if (dims.length > 8 || !dims.every((size) => size >= 0) || (known === undefined && !isFour)) {
    refuse(
      subject,
      `it is of type ${dataType} and shape [${dims.slice(0, 8).join(', ')}]`,
      'export constants as floating-point numbers or integers',
    );
  }
  const lists: readonly (readonly number[])[] = [
    tensor.floatData,
    tensor.int32Data,
    tensor.int64Data,
    tensor.doubleData,
    tensor.uint64Data,
  ];
  const list = lists.find((entries) => entries.length > 0) ?? [];
  const stored = isFour ? Math.ceil(count / 2) : count;
  const width = known?.[0] ?? 1;
  if (
    !(rawData.byteLength === stored * width || (rawData.byteLength === 0 && list.length === count))
  ) {
    refuse(
      subject,
      `its shape [${dims.join(', ')}] needs ${stored * width} bytes, ${rawData.byteLength} are there`,
      'the file is truncated or damaged; export it again',
    );
  }
  budget(subject, count);
  const values = new Float64Array(count);
  const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
  for (let index = 0; index < count; index++) {
    if (rawData.byteLength === 0) values[index] = list[index] ?? 0;
    else if (known === undefined)
      values[index] = fourBits(rawData, index, dataType === dataTypes.int4);
    else values[index] = known[1](view, index * width);
  }
  return { dims: [...dims], values, elementType: dataType };
}

/** A single number as a constant of no dimensions. */
export function scalar(value: number): Constant {
  return { dims: [], values: Float64Array.of(value) };
}

/** Shape of both operands stretched against each other, as ONNX broadcasts. */
export function broadcastDims(
  left: readonly number[],
  right: readonly number[],
): readonly number[] | undefined {
  const rank = Math.max(left.length, right.length);
  const dims: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const a = left[axis - rank + left.length] ?? 1;
    const b = right[axis - rank + right.length] ?? 1;
    if (a !== b && a !== 1 && b !== 1) return undefined;
    dims.push(a === 1 ? b : a);
  }
  return dims;
}

/** The value that a stretched constant has at a row-major position of `dims`. */
export function broadcastReader(
  constant: Constant,
  dims: readonly number[],
): (position: number) => number {
  if (constant.values.length === 1) {
    const [only = 0] = constant.values;
    return () => only;
  }
  const rank = dims.length;
  const strides = new Array<number>(rank).fill(0);
  let stride = 1;
  for (let axis = rank - 1; axis >= 0; axis--) {
    const size = constant.dims[axis - rank + constant.dims.length] ?? 1;
    strides[axis] = size === 1 ? 0 : stride;
    stride *= size;
  }
  return (position) => {
    let rest = position;
    let at = 0;
    for (let axis = rank - 1; axis >= 0; axis--) {
      const size = dims[axis] ?? 1;
      at += (rest % size) * (strides[axis] ?? 0);
      rest = Math.floor(rest / size);
    }
    return constant.values[at] ?? 0;
  };
}

/** Elementwise on stretched constants; undefined where their shapes do not fit. */
export function combine(
  left: Constant,
  right: Constant,
  apply: (a: number, b: number) => number,
): Constant | undefined {
  const dims = broadcastDims(left.dims, right.dims);
  if (dims === undefined) return undefined;
  const a = broadcastReader(left, dims);
  const b = broadcastReader(right, dims);
  const values = new Float64Array(sizeOf(dims)).map((_, index) => apply(a(index), b(index)));
  return { dims, values };
}

/** A constant with its axes in another order. */
export function transpose(constant: Constant, order: readonly number[]): Constant {
  const dims = order.map((axis) => constant.dims[axis] ?? 1);
  const strides = constant.dims.map((_, axis) => sizeOf(constant.dims.slice(axis + 1)));
  const values = constant.values.map((_, position) => {
    let rest = position;
    let at = 0;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      const size = dims[axis] ?? 1;
      at += (rest % size) * (strides[order[axis] ?? 0] ?? 0);
      rest = Math.floor(rest / size);
    }
    return constant.values[at] ?? 0;
  });
  const { step, bits } = constant;
  return {
    dims,
    values,
    ...(step === undefined ? {} : { step: transpose(step, order) }),
    ...(bits === undefined ? {} : { bits }),
  };
}

/** The same values under other dims; a step survives that is one number, or varies along a first axis that stays. */
export function reshapeConstant(constant: Constant, dims: readonly number[]): Constant {
  const { values, step, bits } = constant;
  const plain = { dims, values };
  if (step === undefined) return plain;
  const kept = sizeOf(step.dims) === step.dims[0] && step.dims[0] === dims[0];
  const isSingle = step.values.length === 1;
  if (!kept && !isSingle) return plain;
  const stepDims = dims.map((size, axis) => (axis === 0 && !isSingle ? size : 1));
  return {
    ...plain,
    step: { dims: stepDims, values: step.values },
    ...(bits === undefined ? {} : { bits }),
  };
}
