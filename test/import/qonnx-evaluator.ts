// Evaluates a graph of QONNX in floating point, from the file alone: nothing of the importer's arithmetic is used.

import { onnxModelType } from '../../src/import/onnx/schema.ts';
import { defined } from '../../src/util/errors.ts';

interface Real {
  readonly dims: readonly number[];
  readonly data: Float64Array;
  /** Bounds of the integer type. */
  readonly codes?: readonly [number, number];
}

/** Numbers and lists among a node's attributes. */
interface Attributes {
  number(name: string, absent: number): number;
  list(name: string): readonly number[];
}

// biome-ignore lint/suspicious/noExplicitAny: decoded by reflection
type Message = any;

const sizeOf = (dims: readonly number[]) => dims.reduce((product, size) => product * size, 1);

function decode(tensor: Message): Real {
  const dims = (tensor.dims ?? []).map(Number);
  const raw = Uint8Array.from(tensor.rawData).buffer;
  const type = tensor.dataType;
  if (type === 7) return { dims, data: Float64Array.from(new BigInt64Array(raw), Number) };
  if (type === 3) return { dims, data: Float64Array.from(new Int8Array(raw)), codes: [-128, 127] };
  if (type === 2) return { dims, data: Float64Array.from(new Uint8Array(raw)), codes: [0, 255] };
  return { dims, data: Float64Array.from(new Float32Array(raw)) };
}

/** Constants come as one number, one per column, or of the same shape. */
function elementwise(a: Real, b: Real, apply: (x: number, y: number) => number): Real {
  const large = sizeOf(a.dims) >= sizeOf(b.dims) ? a : b;
  const at = (real: Real, index: number) => defined(real.data[index % real.data.length], 'element');
  return {
    dims: large.dims,
    data: large.data.map((_, index) => apply(at(a, index), at(b, index))),
  };
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const isTie = value - floor === 0.5;
  return isTie ? floor + (floor % 2 === 0 ? 0 : 1) : Math.round(value);
}

/** A function from the model's input to its output. */
export function evaluator(file: Uint8Array): (image: Float64Array) => Float64Array {
  const { graph } = onnxModelType().decode(file) as Message;
  const constants = new Map<string, Real>();
  for (const tensor of graph.initializer) constants.set(tensor.name, decode(tensor));
  const inputName = graph.input.find((info: Message) => !constants.has(info.name)).name;
  const dims = graph.input
    .find((info: Message) => info.name === inputName)
    .type.tensorType.shape.dim.map((dim: Message) => Number(dim.dimValue));

  return (image) => {
    const values = new Map(constants);
    values.set(inputName, { dims, data: image });
    for (const node of graph.node) {
      const inputs: Real[] = node.input.map((name: string) => defined(values.get(name), name));
      const [a, b, c, d, e] = inputs as [Real, Real, Real, Real, Real];
      const find = (name: string) => node.attribute.find((entry: Message) => entry.name === name);
      const attributes: Attributes = {
        number: (name, absent) => {
          const found = find(name);
          return found === undefined ? absent : Number(found.f !== 0 ? found.f : found.i);
        },
        list: (name) => (find(name)?.ints ?? []).map(Number),
      };
      values.set(node.output[0], compute(node.opType, [a, b, c, d, e], attributes));
    }
    return defined(values.get(graph.output[0].name), 'output').data;
  };
}

type Inputs = readonly [Real, Real, Real, Real, Real];

function compute(opType: string, [a, b, c, d, e]: Inputs, { number, list }: Attributes): Real {
  switch (opType) {
    case 'Shape':
      return { dims: [a.dims.length], data: Float64Array.from(a.dims) };
    case 'Gather':
      return { dims: [], data: Float64Array.of(defined(a.data[b.data[0] ?? 0], 'gathered')) };
    case 'Unsqueeze':
      return { dims: [1], data: a.data };
    case 'Concat':
      return { dims: [2], data: Float64Array.of(a.data[0] ?? 0, b.data[0] ?? 0) };
    case 'Reshape':
      return { dims: [1, a.data.length], data: a.data };
    case 'Mul':
      return elementwise(a, b, (x, y) => x * y);
    case 'Sub':
      return elementwise(a, b, (x, y) => x - y);
    case 'Add':
      return elementwise(a, b, (x, y) => x + y);
    case 'Div':
      return elementwise(a, b, (x, y) => x / y);
    case 'Pow':
      return elementwise(a, b, (x, y) => x ** y);
    case 'Flatten':
      return { dims: [1, a.data.length], data: a.data };
    case 'Relu':
      return { dims: a.dims, data: a.data.map((x) => Math.max(0, x)) };
    case 'BipolarQuant':
      return { dims: a.dims, data: a.data.map((x) => (x >= 0 ? 1 : -1) * (b.data[0] ?? 1)) };
    case 'QuantizeLinear': {
      const [low, high] = defined(c.codes, 'type');
      const stored = (x: number) => roundHalfEven(x / (b.data[0] ?? 1)) + (c.data[0] ?? 0);
      return { dims: a.dims, data: a.data.map((x) => Math.min(high, Math.max(low, stored(x)))) };
    }
    case 'DequantizeLinear': {
      // Along the first axis, where it is not one number.
      const run = a.data.length / b.data.length;
      const scaleAt = (index: number) => b.data[Math.floor(index / run)] ?? 1;
      return { dims: a.dims, data: a.data.map((x, i) => (x - (c.data[0] ?? 0)) * scaleAt(i)) };
    }
    case 'Gemm':
      return compute(
        'MatMul',
        [a, compute('Transpose', [b, b, c, d, e], { number, list }), c, d, e],
        {
          number,
          list,
        },
      );
    case 'GlobalAveragePool': {
      const pixels = sizeOf(a.dims.slice(2));
      const data = new Float64Array(a.dims[1] ?? 0).map(
        (_, channel) =>
          a.data.subarray(channel * pixels, (channel + 1) * pixels).reduce((x, y) => x + y, 0) /
          pixels,
      );
      return { dims: [1, data.length, 1, 1], data };
    }
    case 'MaxPool':
      return windows(a, list('kernel_shape'), list('strides'), [], (at, kernel, channel) => {
        let best = -Infinity;
        for (let r = 0; r < (kernel[0] ?? 0); r++)
          for (let k = 0; k < (kernel[1] ?? 0); k++) best = Math.max(best, at(channel, r, k));
        return best;
      });
    case 'Conv': {
      const [outputs = 0, inner = 0, ...kernel] = b.dims;
      const perGroup = outputs / number('group', 1);
      const apply = (at: Tap, size: readonly number[], output: number): number => {
        let sum = c?.data[output] ?? 0;
        const [rows = 0, columns = 0] = size;
        for (let i = 0; i < inner; i++)
          for (let r = 0; r < rows; r++)
            for (let k = 0; k < columns; k++)
              sum +=
                at(Math.floor(output / perGroup) * inner + i, r, k) *
                (b.data[((output * inner + i) * rows + r) * columns + k] ?? 0);
        return sum;
      };
      return windows(a, kernel, list('strides'), list('pads'), apply, outputs);
    }
    case 'Quant': {
      const [scale = 1] = b.data;
      const [zero = 0] = c.data;
      const [bits = 0] = d.data;
      const signed = number('signed', 1);
      const narrow = number('narrow', 0);
      const low = signed ? -(2 ** (bits - 1)) + narrow : 0;
      const high = signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1 - narrow;
      const run = a.data.length / b.data.length;
      const quantized = (x: number, index: number) => {
        const unit = b.data.length > 1 ? (b.data[Math.floor(index / run)] ?? 1) : scale;
        return (roundHalfEven(Math.min(high, Math.max(low, x / unit + zero))) - zero) * unit;
      };
      return { dims: a.dims, data: a.data.map(quantized) };
    }
    case 'Transpose': {
      const [rows = 0, columns = 0] = a.dims;
      const data = a.data.map(
        (_, index) => a.data[(index % rows) * columns + Math.floor(index / rows)] ?? 0,
      );
      return { dims: [columns, rows], data };
    }
    case 'MatMul': {
      const [inner = 0, columns = 0] = b.dims;
      const data = new Float64Array(columns);
      for (let row = 0; row < inner; row++) {
        const factor = a.data[row] ?? 0;
        if (factor === 0) continue;
        for (let column = 0; column < columns; column++) {
          data[column] = (data[column] ?? 0) + factor * (b.data[row * columns + column] ?? 0);
        }
      }
      return { dims: [1, columns], data };
    }
    case 'BatchNormalization': {
      const epsilon = number('epsilon', 1e-5);
      const pixels = sizeOf(a.dims.slice(2));
      const data = a.data.map((x, index) => {
        const channel = Math.floor(index / pixels);
        const spread = Math.sqrt((e.data[channel] ?? 0) + epsilon);
        return (
          ((x - (d.data[channel] ?? 0)) / spread) * (b.data[channel] ?? 0) + (c.data[channel] ?? 0)
        );
      });
      return { dims: a.dims, data };
    }
    default:
      throw new Error(`the evaluator does not know ${opType}`);
  }
}

/** Value under a kernel's tap: 0 outside the map. */
type Tap = (channel: number, row: number, column: number) => number;

function windows(
  map: Real,
  kernel: readonly number[],
  strides: readonly number[],
  pads: readonly number[],
  apply: (at: Tap, kernel: readonly number[], output: number) => number,
  outputs = map.dims[1] ?? 0,
): Real {
  const [, , rows = 0, columns = 0] = map.dims;
  const [top = 0, left = 0, bottom = 0, right = 0] = pads;
  const [down = 1, across = 1] = strides;
  const outRows = Math.floor((rows + top + bottom - (kernel[0] ?? 1)) / down) + 1;
  const outColumns = Math.floor((columns + left + right - (kernel[1] ?? 1)) / across) + 1;
  const data = new Float64Array(outputs * outRows * outColumns).map((_, index) => {
    const column = (index % outColumns) * across - left;
    const row = (Math.floor(index / outColumns) % outRows) * down - top;
    const at: Tap = (channel, r, k) =>
      row + r < 0 || row + r >= rows || column + k < 0 || column + k >= columns
        ? 0
        : (map.data[(channel * rows + row + r) * columns + column + k] ?? 0);
    return apply(at, kernel, Math.floor(index / (outRows * outColumns)));
  });
  return { dims: [1, outputs, outRows, outColumns], data };
}
