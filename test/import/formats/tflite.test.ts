// Small TensorFlow Lite files: what each operator becomes, and how wrong files are refused.

import { describe, expect, test } from 'vitest';
import { importBytes } from '../../../src/import/import-model.ts';
import { runInteger, runOutput } from '../../../src/integer/run.ts';
import { validateNetwork } from '../../../src/network/validate.ts';
import { AutoNbaError, defined } from '../../../src/util/errors.ts';
import { createRng } from '../../../src/util/rng.ts';
import {
  type FileSpec,
  int8Bytes,
  int32Bytes,
  type OperatorSpec,
  type OptionField,
  type TensorSpec,
  writeTflite,
} from '../support/tflite-file.ts';

const rng = createRng('tflite');
const some = (count: number, most = 127): number[] =>
  Array.from({ length: count }, () => rng.integer(-most, most));
const map = (shape: readonly number[], scale = 0.05, zeroPoint = -7): TensorSpec => ({
  shape,
  scales: [scale],
  zeroPoints: [zeroPoint],
});
const size = (shape: readonly number[]): number => shape.reduce((product, one) => product * one, 1);
const weights = (
  shape: readonly number[],
  scales: readonly number[],
  dimension = 0,
): TensorSpec => ({
  shape,
  scales,
  dimension,
  data: int8Bytes(some(size(shape))),
});
const bias = (channels: number): TensorSpec => ({
  shape: [channels],
  type: 2,
  data: int32Bytes(some(channels, 2000)),
});
/** Padding, stride along columns, stride along rows. */
const windows = (padding: number, columns: number, rows: number): OptionField[] => [
  [0, 1, padding],
  [1, 4, columns],
  [2, 4, rows],
];

function single(operator: OperatorSpec, tensors: readonly TensorSpec[], output: number): FileSpec {
  return { tensors, operators: [operator], inputs: [0], outputs: [output] };
}

function imported(spec: FileSpec) {
  const result = importBytes(writeTflite(spec), 'tiny');
  validateNetwork(result.network);
  return result;
}

function only(spec: FileSpec) {
  const { network } = imported(spec);
  expect(network.operators).toHaveLength(1);
  return { network, operator: defined(network.operators[0], 'operator') };
}

function complaint(bytes: Uint8Array): string {
  try {
    importBytes(bytes, 'tiny');
  } catch (error) {
    if (error instanceof AutoNbaError) return `${error.message} => ${error.remedy}`;
    throw error;
  }
  return 'imported';
}

/** The reference kernels' convolution as their source has it: loops, then both roundings. */
function referenceConv(
  input: Int8Array,
  [rows, columns, channels]: readonly number[],
  filter: readonly number[],
  [outputs, kernelRows, kernelColumns]: readonly number[],
  strides: readonly number[],
  pads: readonly number[],
  factor: number,
  biases: readonly number[],
  zeros: readonly number[],
  outShape: readonly number[],
): number[] {
  const result: number[] = [];
  const [exponent, multiplier] = split(factor);
  const get = (list: ArrayLike<number>, at: number): number => list[at] ?? 0;
  for (let row = 0; row < get(outShape, 0); row++) {
    for (let column = 0; column < get(outShape, 1); column++) {
      for (let output = 0; output < defined(outputs, 'outputs'); output++) {
        let sum = get(biases, output);
        for (let kr = 0; kr < defined(kernelRows, 'rows'); kr++) {
          for (let kc = 0; kc < defined(kernelColumns, 'columns'); kc++) {
            const r = row * get(strides, 0) - get(pads, 0) + kr;
            const c = column * get(strides, 1) - get(pads, 1) + kc;
            if (r < 0 || c < 0 || r >= defined(rows, 'rows') || c >= defined(columns, 'cols'))
              continue;
            for (let i = 0; i < defined(channels, 'channels'); i++) {
              const at = (r * defined(columns, 'cols') + c) * defined(channels, 'channels') + i;
              const tap =
                (output * defined(kernelRows, 'r') + kr) * defined(kernelColumns, 'c') + kc;
              sum +=
                (get(input, at) - get(zeros, 0)) * get(filter, tap * defined(channels, 'ch') + i);
            }
          }
        }
        const scaled = twice(BigInt(sum), multiplier, exponent) + get(zeros, 1);
        result.push(Math.min(127, Math.max(-128, scaled)));
      }
    }
  }
  return result;
}

function split(factor: number): readonly [number, bigint] {
  let exponent = 0;
  let fraction = factor;
  for (; fraction < 0.5; fraction *= 2) exponent -= 1;
  for (; fraction >= 1; fraction /= 2) exponent += 1;
  return [exponent, BigInt(Math.round(fraction * 2 ** 31))];
}

function twice(sum: bigint, multiplier: bigint, exponent: number): number {
  const product = (sum << BigInt(Math.max(0, exponent))) * multiplier;
  const nudge = product >= 0n ? 1n << 30n : 1n - (1n << 30n);
  const high = (product + nudge) / (1n << 31n);
  const shift = BigInt(Math.max(0, -exponent));
  const half = shift === 0n ? 0n : 1n << (shift - 1n);
  const magnitude = high < 0n ? -high : high;
  const rounded = (magnitude + half) >> shift;
  return Number(high < 0n ? -rounded : rounded);
}

describe('operators', () => {
  test('a 10x4 kernel with stride 2x2 and SAME padding, as keyword spotting has', () => {
    const filter = weights([6, 10, 4, 1], [0.01]);
    const biases = bias(6);
    const spec = single(
      { code: 3, inputs: [0, 1, 2], outputs: [3], options: [...windows(0, 2, 2), [3, 1, 0]] },
      [map([1, 49, 10, 1]), filter, biases, map([1, 25, 5, 6], 0.07, 3)],
      3,
    );
    const { network, operator } = only(spec);
    expect(operator).toMatchObject({
      kind: 'conv',
      kernel: [10, 4],
      stride: [2, 2],
      padding: { top: 4, bottom: 5, left: 1, right: 1 },
    });
    const input = Int8Array.from(some(490));
    const float = (value: number): number => Math.fround(value);
    expect([...runOutput(network, input)]).toEqual(
      referenceConv(
        input,
        [49, 10, 1],
        [...new Int8Array(defined(filter.data, 'weights').buffer)],
        [6, 10, 4],
        [2, 2],
        [4, 1],
        (float(0.05) * float(0.01)) / float(0.07),
        [...new Int32Array(defined(biases.data, 'bias').buffer)],
        [-7, 3],
        [25, 5],
      ),
    );
  });

  test('unequal strides and one scale a channel', () => {
    const spec = single(
      { code: 3, inputs: [0, 1, 2], outputs: [3], options: [...windows(1, 1, 2), [3, 1, 1]] },
      [
        map([1, 9, 7, 3]),
        weights([4, 3, 2, 3], [0.01, 0.02, 0.03, 0.04]),
        bias(4),
        map([1, 4, 6, 4], 0.1, -128),
      ],
      3,
    );
    const { operator } = only(spec);
    expect(operator).toMatchObject({
      kind: 'conv',
      stride: [2, 1],
      clamp: { low: -128, high: 127 },
    });
    expect(
      operator.kind === 'conv' && new Set(operator.parameters?.requantization.multipliers).size,
    ).toBeGreaterThan(1);
  });

  test('depthwise, and a depth multiplier as groups', () => {
    const depthwise = (input: number, output: number): FileSpec =>
      single(
        {
          code: 4,
          inputs: [0, 1, 2],
          outputs: [3],
          options: [...windows(0, 1, 1), [3, 4, output / input], [4, 1, 3]],
        },
        [
          map([1, 6, 6, input]),
          weights([1, 3, 3, output], [0.02], 3),
          bias(output),
          map([1, 6, 6, output], 0.03, -128),
        ],
        3,
      );
    const plain = only(depthwise(4, 4));
    expect(plain.operator).toMatchObject({ kind: 'depthwiseConv', clamp: { low: -128, high: 72 } });
    expect(only(depthwise(4, 8)).operator).toMatchObject({ kind: 'conv', groups: 4 });
    expect(only(depthwise(1, 8)).operator).toMatchObject({ kind: 'conv', groups: 1 });
  });

  test('grouped convolution, by the weights alone', () => {
    const spec = single(
      { code: 3, inputs: [0, 1, -1], outputs: [2], options: windows(1, 1, 1) },
      [map([1, 4, 4, 6]), weights([4, 3, 3, 3], [0.01]), map([1, 2, 2, 4])],
      2,
    );
    expect(only(spec).operator).toMatchObject({ kind: 'conv', groups: 2 });
  });

  test('dilation as a kernel with zeros', () => {
    const spec = single(
      {
        code: 3,
        inputs: [0, 1],
        outputs: [2],
        options: [...windows(1, 1, 1), [4, 4, 2], [5, 4, 3]],
      },
      [map([1, 9, 9, 1]), weights([1, 2, 2, 1], [0.01]), map([1, 6, 7, 1])],
      2,
    );
    const { operator } = only(spec);
    expect(operator).toMatchObject({ kernel: [4, 3] });
  });

  test('pools; an average over the whole map is global', () => {
    const pool = (code: number, window: number, output: readonly number[]): FileSpec =>
      single(
        {
          code,
          inputs: [0],
          outputs: [1],
          options: [...windows(1, 2, 2), [3, 4, window], [4, 4, window]],
        },
        [map([1, 6, 6, 5]), map(output)],
        1,
      );
    expect(only(pool(1, 2, [1, 3, 3, 5])).operator.kind).toBe('averagePool');
    expect(only(pool(1, 6, [1, 1, 1, 5])).operator.kind).toBe('globalAveragePool');
    expect(only(pool(17, 2, [1, 3, 3, 5])).operator.kind).toBe('maxPool');
  });

  test('MEAN rounds as its kernel does, whichever operator it becomes', () => {
    for (const [side, zeroPoint, kind] of [
      [1, 0, 'globalAveragePool'],
      [3, 0, 'depthwiseConv'],
      [4, 5, 'depthwiseConv'],
      [8, -128, 'depthwiseConv'],
    ] as const) {
      const axes: TensorSpec = { shape: [2], type: 2, data: int32Bytes([1, 2]) };
      const shape = [1, side, side, 3];
      const spec = single(
        { code: 40, inputs: [0, 1], outputs: [2] },
        [map(shape, 0.05, zeroPoint), axes, map([1, 3], 0.05, zeroPoint)],
        2,
      );
      const { network, operator } = only(spec);
      expect(`${side} ${operator.kind}`).toBe(`${side} ${kind}`);
      const input = Int8Array.from(some(size(shape)));
      const count = side * side;
      const shift = Math.floor(Math.log2(count));
      const divided = ((1n << 30n) << BigInt(shift)) / BigInt(count);
      const expected = [0, 1, 2].map((channel) => {
        let sum = 0;
        for (let at = channel; at < input.length; at += 3) sum += (input[at] ?? 0) - zeroPoint;
        return Math.max(-128, Math.min(127, twice(BigInt(sum), divided, 1 - shift) + zeroPoint));
      });
      expect([...runOutput(network, input)]).toEqual(expected);
    }
  });

  test('PAD joins the convolution after it, and stands alone before others', () => {
    const amounts: TensorSpec = {
      shape: [4, 2],
      type: 2,
      data: int32Bytes([0, 0, 1, 2, 3, 4, 0, 0]),
    };
    const joined: FileSpec = {
      tensors: [
        map([1, 5, 5, 2]),
        amounts,
        map([1, 8, 12, 2]),
        weights([2, 3, 3, 2], [0.01]),
        map([1, 6, 10, 2]),
      ],
      operators: [
        { code: 34, inputs: [0, 1], outputs: [2] },
        { code: 3, inputs: [2, 3], outputs: [4], options: windows(1, 1, 1) },
      ],
      inputs: [0],
      outputs: [4],
    };
    expect(only(joined).operator).toMatchObject({
      kind: 'conv',
      padding: { top: 1, bottom: 2, left: 3, right: 4 },
    });
    const alone = single(
      { code: 34, inputs: [0, 1], outputs: [2] },
      [map([1, 5, 5, 2]), amounts, map([1, 8, 12, 2])],
      2,
    );
    const { network } = only(alone);
    const input = Int8Array.from(some(50));
    const padded = runOutput(network, input);
    expect(padded[0]).toBe(-7);
    expect(padded[(1 * 12 + 3) * 2]).toBe(input[0]);
  });

  test('activations and requantization of their own', () => {
    const rescaled = single(
      { code: 19, inputs: [0], outputs: [1] },
      [map([1, 4, 4, 2]), map([1, 4, 4, 2], 0.1, 4)],
      1,
    );
    expect(only(rescaled).operator).toMatchObject({ kind: 'depthwiseConv', clamp: { low: 4 } });
    const clamped = single(
      { code: 21, inputs: [0], outputs: [1] },
      [map([1, 4, 4, 2]), map([1, 4, 4, 2])],
      1,
    );
    expect(only(clamped).operator).toMatchObject({
      kind: 'maxPool',
      clamp: { low: -7, high: 113 },
    });
  });

  test('a chain from float to float: the host quantizes, dequantizes and takes the softmax', () => {
    const spec: FileSpec = {
      tensors: [
        { shape: [1, 3, 4], type: 0 },
        map([1, 3, 4]),
        weights([5, 12], [0.01]),
        map([1, 12]),
        map([1, 5]),
        map([1, 5], 1 / 256, -128),
        { shape: [1, 5], type: 0 },
      ],
      operators: [
        { code: 114, inputs: [0], outputs: [1] },
        { code: 22, inputs: [1], outputs: [3] },
        { code: 9, inputs: [3, 2, -1], outputs: [4] },
        { code: 25, inputs: [4], outputs: [5] },
        { code: 6, inputs: [5], outputs: [6] },
      ],
      inputs: [0],
      outputs: [6],
    };
    const { network, host } = imported(spec);
    expect(network.operators.map(({ kind }) => kind)).toEqual([
      'fullyConnected',
      'hostOnly',
      'hostOnly',
    ]);
    expect(host.map(({ operator, place }) => `${operator} ${place}`)).toEqual([
      'QUANTIZE before',
      'SOFTMAX after',
      'DEQUANTIZE after',
    ]);
    expect([...runInteger(network, Int8Array.from(some(12))).keys()]).toHaveLength(2);
  });

  test('a residual add and a fully connected layer on every pixel', () => {
    const spec: FileSpec = {
      tensors: [
        map([1, 4, 4, 3]),
        weights([3, 3], [0.01]),
        map([1, 4, 4, 3], 0.08, 2),
        map([1, 4, 4, 3], 0.1, -128),
      ],
      operators: [
        { code: 9, inputs: [0, 1, -1], outputs: [2], options: [[2, 1, 1]] },
        { code: 0, inputs: [2, 0], outputs: [3], options: [[0, 1, 1]] },
      ],
      inputs: [0],
      outputs: [3],
    };
    const { network } = imported(spec);
    expect(network.operators.map(({ kind }) => kind)).toEqual(['conv', 'add']);
    runOutput(network, Int8Array.from(some(48)));
  });
});

describe('refusals name the place and the cure', () => {
  const good = single(
    { code: 19, inputs: [0], outputs: [1] },
    [map([1, 4, 4, 2]), map([1, 4, 4, 2])],
    1,
  );

  test.each<[string, FileSpec]>([
    ['unknown', { ...good, operators: [{ code: 16, inputs: [0], outputs: [1] }] }],
    ['dynamic', { ...good, tensors: [map([1, -1, 4, 2]), map([1, 4, 4, 2])] }],
    ['batch', { ...good, tensors: [map([2, 4, 4, 2]), map([2, 4, 4, 2])] }],
    [
      'float',
      {
        ...good,
        tensors: [
          { shape: [1, 4], type: 0 },
          { shape: [1, 4], type: 0 },
        ],
      },
    ],
    [
      'claim',
      single(
        { code: 9, inputs: [0, 1, -1], outputs: [2] },
        [
          map([1, 65535]),
          { shape: [32768, 65535], scales: [0.1], data: int8Bytes([1, 2, 3]) },
          map([1, 32768]),
        ],
        2,
      ),
    ],
    ['huge map', { ...good, tensors: [map([1, 46000, 46000, 1]), map([1, 46000, 46000, 1])] }],
  ])('%s', (name, spec) => {
    const bytes = writeTflite(spec);
    expect(bytes.length).toBeLessThan(2000);
    expect(complaint(bytes)).toMatchSnapshot(name);
  });

  test('every truncation', () => {
    const bytes = writeTflite(good);
    const whole = importBytes(bytes, 'tiny');
    let imports = 0;
    for (let length = 0; length < bytes.length; length += 1) {
      const part = bytes.subarray(0, length);
      if (complaint(part) !== 'imported') continue;
      // The last bytes only fill up; without them nothing is lost.
      expect(importBytes(part, 'tiny')).toEqual(whole);
      imports += 1;
    }
    expect(imports).toBeLessThan(32);
  });
});
