// Evaluates a graph of QONNX in floating point, from the file alone: nothing of the importer's arithmetic is used.

import { onnxModelType } from '../../src/import/onnx/schema.ts';
import { defined } from '../../src/util/errors.ts';

interface Real {
  readonly dims: readonly number[];
  readonly data: Float64Array;
}

// biome-ignore lint/suspicious/noExplicitAny: decoded by reflection
type Message = any;

const sizeOf = (dims: readonly number[]) => dims.reduce((product, size) => product * size, 1);

function decode(tensor: Message): Real {
  const dims = (tensor.dims ?? []).map(Number);
  const raw = Uint8Array.from(tensor.rawData).buffer;
  const data =
    tensor.dataType === 7
      ? Float64Array.from(new BigInt64Array(raw), Number)
      : Float64Array.from(new Float32Array(raw));
  return { dims, data };
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
  const dims = [1, 1, 28, 28];

  return (image) => {
    const values = new Map(constants);
    values.set(inputName, { dims, data: image });
    for (const node of graph.node) {
      const inputs: Real[] = node.input.map((name: string) => defined(values.get(name), name));
      const [a, b, c, d, e] = inputs as [Real, Real, Real, Real, Real];
      const number = (name: string, absent: number): number => {
        const found = node.attribute.find((entry: Message) => entry.name === name);
        return found === undefined ? absent : Number(found.type === 1 ? found.f : found.i);
      };
      values.set(node.output[0], compute(node.opType, [a, b, c, d, e], number));
    }
    return defined(values.get(graph.output[0].name), 'output').data;
  };
}

type Inputs = readonly [Real, Real, Real, Real, Real];

function compute(
  opType: string,
  [a, b, c, d, e]: Inputs,
  number: (name: string, absent: number) => number,
): Real {
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
    case 'Quant': {
      const [scale = 1] = b.data;
      const [zero = 0] = c.data;
      const [bits = 0] = d.data;
      const signed = number('signed', 1);
      const narrow = number('narrow', 0);
      const low = signed ? -(2 ** (bits - 1)) + narrow : 0;
      const high = signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1 - narrow;
      const quantized = (x: number) =>
        (roundHalfEven(Math.min(high, Math.max(low, x / scale + zero))) - zero) * scale;
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
      const data = a.data.map((x, channel) => {
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
