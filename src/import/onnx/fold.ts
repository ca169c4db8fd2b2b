// Nodes whose inputs are all constants: computed while importing.

import {
  broadcastReader,
  type Constant,
  combine,
  dataTypes,
  readConstant,
  reshapeConstant,
  scalar,
  sizeOf,
  transpose,
} from './constants.ts';
import { attribute, integer, refuseNode, type Step, subjectOf, text } from './context.ts';
import { codeRange, roundHalfEven, roundingOf } from './targets.ts';
import { resolveDims } from './views.ts';

/** Computes a node from constants. */
export type Fold = (step: Step, inputs: readonly (Constant | undefined)[]) => Constant;

function first(step: Step, inputs: readonly (Constant | undefined)[], place = 0): Constant {
  return inputs[place] ?? refuseNode(step, `its input ${place} is missing`, 'export it again');
}

/** Elementwise arithmetic on two constants. */
export function foldBinary(apply: (a: number, b: number) => number): Fold {
  return (step, inputs) => {
    const left = first(step, inputs);
    const right = first(step, inputs, 1);
    const result = combine(left, right, apply);
    if (result === undefined) {
      return refuseNode(
        step,
        `it combines [${left.dims.join(', ')}] with [${right.dims.join(', ')}]`,
        'the file is damaged; export it again',
      );
    }
    // One factor for all keeps a quantized constant quantized.
    const { step: unit, bits } = left;
    const isScaling = apply(3, 2) === 6 || apply(3, 2) === 1.5;
    if (!isScaling || unit === undefined || right.values.length !== 1) return result;
    const [factor = 1] = right.values;
    const scaled = {
      dims: unit.dims,
      values: unit.values.map((one) => Math.abs(apply(one, factor))),
    };
    return { ...result, step: scaled, ...(bits === undefined ? {} : { bits }) };
  };
}

/** Elementwise functions of one constant. */
export function foldUnary(apply: (value: number) => number): Fold {
  return (step, inputs) => {
    const { dims, values } = first(step, inputs);
    return { dims, values: values.map(apply) };
  };
}

export const foldSame: Fold = (step, inputs) => first(step, inputs);

export const foldCast: Fold = (step, inputs) => {
  const given = first(step, inputs);
  const to = integer(step, 'to', dataTypes.float);
  const isReal = [dataTypes.float, dataTypes.double, dataTypes.float16].includes(to);
  return isReal ? given : { dims: given.dims, values: given.values.map(Math.trunc) };
};

export const foldConstant: Fold = (step) => {
  const value = attribute(step, 'value')?.t;
  if (value) return readConstant(value, subjectOf(step), step.context.budget);
  const single = attribute(step, 'value_float') ?? attribute(step, 'value_int');
  if (single !== undefined) return scalar(single.name === 'value_int' ? single.i : single.f);
  const list = attribute(step, 'value_ints')?.ints ?? attribute(step, 'value_floats')?.floats;
  if (list !== undefined) return { dims: [list.length], values: Float64Array.from(list) };
  return refuseNode(step, 'it holds no number', 'export constants as tensors');
};

function normalized(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

function sizeAt(step: Step, { dims }: Constant, axis: number): number {
  return (
    dims[axis] ??
    refuseNode(step, `it works on axis ${axis} of [${dims.join(', ')}]`, 'export it again')
  );
}

export const foldGather: Fold = (step, inputs) => {
  const data = first(step, inputs);
  const indices = first(step, inputs, 1);
  const axis = normalized(integer(step, 'axis', 0), data.dims.length);
  const size = sizeAt(step, data, axis);
  const inner = sizeOf(data.dims.slice(axis + 1));
  const outer = sizeOf(data.dims.slice(0, axis));
  const count = indices.values.length;
  step.context.budget(subjectOf(step), outer * count * inner);
  const values = new Float64Array(outer * count * inner).map((_, position) => {
    const block = Math.floor(position / inner);
    const index = normalized(indices.values[block % count] ?? 0, size);
    return (
      data.values[(Math.floor(block / count) * size + index) * inner + (position % inner)] ?? 0
    );
  });
  return {
    dims: [...data.dims.slice(0, axis), ...indices.dims, ...data.dims.slice(axis + 1)],
    values,
  };
};

export const foldConcat: Fold = (step, inputs) => {
  const parts = inputs.filter((input) => input !== undefined);
  const [lead] = parts;
  const axis = normalized(integer(step, 'axis', 0), lead?.dims.length ?? 0);
  const fits = parts.every(
    ({ dims }) =>
      dims.length === lead?.dims.length &&
      dims.every((size, other) => other === axis || size === lead.dims[other]),
  );
  if (lead === undefined || !fits || axis >= lead.dims.length) {
    return refuseNode(step, 'its inputs do not fit together', 'export it again');
  }
  const total = parts.reduce((sum, part) => sum + sizeAt(step, part, axis), 0);
  const inner = sizeOf(lead.dims.slice(axis + 1));
  const outer = sizeOf(lead.dims.slice(0, axis));
  const values = new Float64Array(outer * total * inner);
  let start = 0;
  for (const part of parts) {
    const run = (part.dims[axis] ?? 0) * inner;
    for (let block = 0; block < outer; block++) {
      values.set(
        part.values.subarray(block * run, (block + 1) * run),
        block * total * inner + start,
      );
    }
    start += run;
  }
  return { dims: lead.dims.map((size, other) => (other === axis ? total : size)), values };
};

/** Axes of Squeeze, Unsqueeze and reductions: an attribute in older models, an input in newer ones. */
export function axesOf(step: Step, given: Constant | undefined): readonly number[] | undefined {
  return attribute(step, 'axes')?.ints ?? (given === undefined ? undefined : [...given.values]);
}

/** Dims with ones inserted at the axes. */
export function unsqueezedDims(
  dims: readonly number[],
  axes: readonly number[],
): readonly number[] {
  const rank = dims.length + axes.length;
  const places = new Set(axes.map((axis) => normalized(axis, rank)));
  const left = [...dims];
  return Array.from({ length: Math.min(rank, 16) }, (_, axis) =>
    places.has(axis) ? 1 : (left.shift() ?? 1),
  );
}

/** Dims without the axes, or without all of size one. */
export function squeezedDims(
  dims: readonly number[],
  axes: readonly number[] | undefined,
): readonly number[] {
  if (axes === undefined) return dims.filter((size) => size !== 1);
  const places = new Set(axes.map((axis) => normalized(axis, dims.length)));
  return dims.filter((_, axis) => !places.has(axis));
}

/** Dims that Flatten leaves. */
export function flattenedDims(dims: readonly number[], axis: number): readonly number[] {
  const place = normalized(axis, dims.length);
  return [sizeOf(dims.slice(0, place)), sizeOf(dims.slice(place))];
}

export const foldUnsqueeze: Fold = (step, inputs) => {
  const given = first(step, inputs);
  return reshapeConstant(given, unsqueezedDims(given.dims, axesOf(step, inputs[1]) ?? []));
};

export const foldSqueeze: Fold = (step, inputs) => {
  const given = first(step, inputs);
  const dims = squeezedDims(given.dims, axesOf(step, inputs[1]));
  if (sizeOf(dims) === given.values.length) return reshapeConstant(given, dims);
  return refuseNode(step, `it squeezes [${given.dims.join(', ')}]`, 'export it again');
};

export const foldFlatten: Fold = (step, inputs) => {
  const given = first(step, inputs);
  return reshapeConstant(given, flattenedDims(given.dims, integer(step, 'axis', 1)));
};

export const foldReshape: Fold = (step, inputs) => {
  const given = first(step, inputs);
  const wanted = [...first(step, inputs, 1).values];
  const dims = resolveDims(given.dims, wanted);
  if (dims !== undefined) return reshapeConstant(given, dims);
  return refuseNode(
    step,
    `it reshapes [${given.dims.join(', ')}] to [${wanted.slice(0, 8).join(', ')}]`,
    'export it again',
  );
};

/** The order of a Transpose: reversed where it says none. */
export function orderOf(step: Step, rank: number): readonly number[] {
  const order =
    attribute(step, 'perm')?.ints ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
  const isOrder =
    order.length === rank && [...order].sort((a, b) => a - b).every((axis, at) => axis === at);
  if (isOrder) return order;
  return refuseNode(
    step,
    `it reorders ${rank} axes as [${order.slice(0, 8).join(', ')}]`,
    'export it again',
  );
}

export const foldTranspose: Fold = (step, inputs) => {
  const given = first(step, inputs);
  step.context.budget(subjectOf(step), given.values.length);
  return transpose(given, orderOf(step, given.dims.length));
};

export const foldSlice: Fold = (step, inputs) => {
  const data = first(step, inputs);
  const list = (name: string, place: number): readonly number[] | undefined =>
    attribute(step, name)?.ints ??
    (inputs[place] === undefined ? undefined : [...inputs[place].values]);
  const [start = 0, ...more] = list('starts', 1) ?? [];
  const [end = 0] = list('ends', 2) ?? [];
  const [axis = 0] = list('axes', 3) ?? [0];
  const [stride = 1] = list('steps', 4) ?? [1];
  if (data.dims.length !== 1 || more.length > 0 || axis !== 0 || stride !== 1) {
    return refuseNode(
      step,
      'it slices a constant of several axes',
      'fold constants when exporting',
    );
  }
  const values = data.values.slice(start, end);
  return { dims: [values.length], values };
};

/** A per-axis constant stretched to the rank of what it scales. */
export function alongAxis(given: Constant, dims: readonly number[], axis: number): Constant {
  if (given.values.length === 1) return { dims: dims.map(() => 1), values: given.values };
  if (given.dims.length !== 1) {
    const missing = dims.length - given.dims.length;
    return {
      dims: [...new Array<number>(Math.max(0, missing)).fill(1), ...given.dims],
      values: given.values,
    };
  }
  const place = normalized(axis, dims.length);
  return {
    dims: dims.map((_, at) => (at === place ? given.values.length : 1)),
    values: given.values,
  };
}

function quantizedConstant(
  step: Step,
  given: Constant,
  scale: Constant,
  zero: Constant,
  bits: number,
  code: (value: number, zero: number) => number,
): Constant {
  const stretches = (small: Constant): boolean =>
    small.dims.length === given.dims.length &&
    small.dims.every((size, axis) => size === 1 || size === given.dims[axis]);
  if (!stretches(scale) || !stretches(zero) || scale.values.some((one) => !(one > 0))) {
    return refuseNode(
      step,
      `its scale of [${scale.dims.join(', ')}] does not fit [${given.dims.join(', ')}]`,
      'use positive scales, one for all or one for each output channel',
    );
  }
  const scales = broadcastReader(scale, given.dims);
  const zeros = broadcastReader(zero, given.dims);
  const values = given.values.map((value, at) => {
    const unit = scales(at);
    return (code(value / unit, zeros(at)) - zeros(at)) * unit;
  });
  return { dims: given.dims, values, step: scale, bits };
}

/** Quant on weights. */
export const foldQuant: Fold = (step, inputs) => {
  const given = first(step, inputs);
  const stretch = (place: number): Constant => {
    const one = first(step, inputs, place);
    return alongAxis(one, given.dims, given.dims.length - 1);
  };
  const [bits = 0] = first(step, inputs, 3).values;
  const signed = integer(step, 'signed', 1) !== 0;
  const narrow = integer(step, 'narrow', 1) !== 0;
  const [round] = roundingOf(step, text(step, 'rounding_mode', 'ROUND'));
  if (bits === 1 && signed) return foldSigns(step, given, stretch(1));
  const { low, high } = codeRange({ bits, signed, narrow });
  return quantizedConstant(step, given, stretch(1), stretch(2), bits, (value, zero) =>
    round(Math.min(high, Math.max(low, value + zero))),
  );
};

function foldSigns(step: Step, given: Constant, scale: Constant): Constant {
  const zero = { dims: given.dims.map(() => 1), values: Float64Array.of(0) };
  return quantizedConstant(step, given, scale, zero, 2, (value) => (value >= 0 ? 1 : -1));
}

/** BipolarQuant on weights. */
export const foldBipolar: Fold = (step, inputs) => {
  const given = first(step, inputs);
  const scale = first(step, inputs, 1);
  return foldSigns(step, given, alongAxis(scale, given.dims, given.dims.length - 1));
};

const widths: ReadonlyMap<number, { bits: number; signed: boolean }> = new Map([
  [dataTypes.uint8, { bits: 8, signed: false }],
  [dataTypes.int8, { bits: 8, signed: true }],
  [dataTypes.uint16, { bits: 16, signed: false }],
  [dataTypes.int16, { bits: 16, signed: true }],
  [dataTypes.uint4, { bits: 4, signed: false }],
  [dataTypes.int4, { bits: 4, signed: true }],
]);

/** Width and sign of an integer type of ONNX; undefined for others. */
export function widthOf(
  elementType: number | undefined,
): { bits: number; signed: boolean } | undefined {
  return widths.get(elementType ?? 0);
}

/** QuantizeLinear on weights gives integers; their scale comes with DequantizeLinear. */
export const foldQuantizeLinear: Fold = (step, inputs) => {
  const given = first(step, inputs);
  const axis = integer(step, 'axis', 1);
  const scale = alongAxis(first(step, inputs, 1), given.dims, axis);
  const elementType = inputs[2]?.elementType ?? dataTypes.uint8;
  const width = widthOf(elementType) ?? { bits: 8, signed: false };
  const { low, high } = codeRange({ ...width, narrow: false });
  const zero = alongAxis(inputs[2] ?? scalar(0), given.dims, axis);
  const scales = broadcastReader(scale, given.dims);
  const zeros = broadcastReader(zero, given.dims);
  const values = given.values.map((value, at) =>
    Math.min(high, Math.max(low, roundHalfEven(value / scales(at)) + zeros(at))),
  );
  return { dims: given.dims, values, elementType };
};

/** DequantizeLinear on weights and biases. */
export const foldDequantizeLinear: Fold = (step, inputs) => {
  const given = first(step, inputs);
  const axis = integer(step, 'axis', 1);
  const scale = alongAxis(first(step, inputs, 1), given.dims, axis);
  const zero = alongAxis(inputs[2] ?? scalar(0), given.dims, axis);
  const { bits } = widthOf(given.elementType) ?? { bits: 32 };
  const codes = { dims: given.dims, values: given.values };
  const zeros = broadcastReader(zero, given.dims);
  const scales = broadcastReader(scale, given.dims);
  if (scale.dims.some((size, at) => size !== 1 && size !== given.dims[at])) {
    return refuseNode(
      step,
      'its scale does not fit its input',
      'use one scale, or one for each output channel',
    );
  }
  const values = codes.values.map((code, at) => (code - zeros(at)) * scales(at));
  return { dims: given.dims, values, step: scale, bits };
};
