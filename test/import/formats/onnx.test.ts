// Small ONNX and QONNX files against their graphs in floating point, and how wrong files are refused.

import { describe, expect, test } from 'vitest';
import { importBytes } from '../../../src/import/import-model.ts';
import { runOutput } from '../../../src/integer/run.ts';
import { elementsOf, rangeOf } from '../../../src/network/geometry.ts';
import { tensorOf } from '../../../src/network/network.ts';
import { AutoNbaError, defined } from '../../../src/util/errors.ts';
import { createRng } from '../../../src/util/rng.ts';
import { evaluator } from '../qonnx-evaluator.ts';
import { type OnnxSpec, one, writeOnnx } from '../support/onnx-file.ts';
import { smallQdq, smallQonnx } from '../support/small-files.ts';

function complaint(spec: OnnxSpec): string {
  try {
    importBytes(writeOnnx(spec), 'tiny');
  } catch (error) {
    if (error instanceof AutoNbaError) return `${error.message} => ${error.remedy}`;
    throw error;
  }
  return 'imported';
}

/** Runs random images through both; largest difference in steps of the output, and the share that differs. */
function agreement(spec: OnnxSpec, runs: number): { largest: number; different: number } {
  const bytes = writeOnnx(spec);
  const { network, output } = importBytes(bytes, 'tiny');
  const evaluate = evaluator(bytes);
  const input = tensorOf(network, network.input);
  const { low, high } = rangeOf(input);
  const [rows, columns, channels] = input.shape;
  const size = elementsOf(input.shape);
  const rng = createRng('agreement');
  let [largest, different, total] = [0, 0, 0];
  for (let run = 0; run < runs; run++) {
    const stored = new Int32Array(size).map(() => rng.integer(low, high));
    // [row][column][channel] here, [channel][row][column] there.
    const real = new Float64Array(size).map((_, index) => {
      const pixel = index % (rows * columns);
      const channel = Math.floor(index / (rows * columns));
      return input.scale * ((stored[pixel * channels + channel] ?? 0) - input.zeroPoint);
    });
    const got = runOutput(network, stored);
    evaluate(real).forEach((value, at) => {
      const distance = Math.abs(value / output.scale + output.zero - (got[at] ?? 0));
      largest = Math.max(largest, distance);
      if (distance > 0.01) different += 1;
      total += 1;
    });
  }
  return { largest, different: different / total };
}

describe('agreement with floating point', () => {
  test('QuantizeLinear and DequantizeLinear: half-up multipliers are a step off now and then', () => {
    const { largest, different } = agreement(smallQdq, 200);
    // One step off in a layer may become two in the last.
    expect(largest).toBeLessThan(2.01);
    expect(different).toBeLessThan(0.03);
  });

  test('QONNX with four bits and signs: every integer is equal', () => {
    const { largest } = agreement(smallQonnx, 200);
    expect(largest).toBeLessThan(1e-6);
  });

  test('what they become', () => {
    const kinds = (spec: OnnxSpec) =>
      importBytes(writeOnnx(spec), 'tiny').network.operators.map(({ kind }) => kind);
    expect(kinds(smallQdq)).toEqual([
      'conv',
      'depthwiseConv',
      'add',
      'depthwiseConv',
      'fullyConnected',
    ]);
    expect(kinds(smallQonnx)).toEqual(['conv', 'maxPool', 'conv', 'fullyConnected']);
  });
});

describe('other shapes of the same thing', () => {
  const quant = (name: string, output: string) => ['Quant', [name, 's', 'z', 'b'], output] as const;
  const base = { s: one(0.25), z: one(0), b: one(4) };

  test('a maximum before its quantizer, a kernel in one dimension, a sum without quantizer', () => {
    const spec: OnnxSpec = {
      input: [1, 3, 9],
      nodes: [
        quant('x', 'q'),
        quant('w', 'wq'),
        ['Conv', ['q', 'wq'], 'c', { pads: [1, 1] }],
        ['Relu', ['c'], 'r'],
        ['MaxPool', ['r'], 'p', { kernel_shape: [3], strides: [3] }],
        quant('p', 'y'),
      ],
      constants: {
        ...base,
        w: { dims: [2, 3, 3], values: Array.from({ length: 18 }, (_, i) => (i % 7) / 4 - 0.75) },
      },
      output: 'y',
    };
    const { network } = importBytes(writeOnnx(spec), 'tiny');
    expect(network.operators.map(({ kind }) => kind)).toEqual(['conv', 'maxPool']);
    expect(defined(network.operators[0], 'conv')).toMatchObject({
      kernel: [1, 3],
      padding: { left: 1, right: 1, top: 0 },
    });
    runOutput(network, new Int8Array(27).fill(3));
  });

  test('QLinearConv, QLinearAdd and QLinearMatMul carry their quantizers', () => {
    const codes = (dims: readonly number[]) => ({
      dims,
      values: Array.from(
        { length: dims.reduce((a, b) => a * b, 1) },
        (_, i) => ((i * 37) % 200) - 100,
      ),
      type: 3,
    });
    const spec: OnnxSpec = {
      input: [1, 2, 4, 4],
      inputType: 3,
      nodes: [
        [
          'QLinearConv',
          ['x', 's', 'z', 'w', 's', 'z', 's2', 'z', 'b'],
          'c',
          { pads: [1, 1, 1, 1] },
        ],
        ['QLinearAdd', ['c', 's2', 'z', 'x', 's', 'z', 's2', 'z'], 'a', {}, 'com.microsoft'],
        ['QLinearGlobalAveragePool', ['a', 's2', 'z', 's2', 'z'], 'p', {}, 'com.microsoft'],
        ['Reshape', ['p', 'shape'], 'f'],
        ['QLinearMatMul', ['f', 's2', 'z', 'm', 's', 'z', 's2', 'z'], 'y'],
      ],
      constants: {
        s: one(0.02),
        s2: one(0.05),
        z: one(0, 3),
        w: codes([2, 2, 3, 3]),
        b: { dims: [2], values: [100, -200], type: 6 },
        shape: { dims: [2], values: [1, -1], type: 7 },
        m: codes([2, 3]),
      },
      output: 'y',
    };
    const { network } = importBytes(writeOnnx(spec), 'tiny');
    expect(network.operators.map(({ kind }) => kind)).toEqual([
      'conv',
      'add',
      'globalAveragePool',
      'fullyConnected',
    ]);
    runOutput(network, new Int8Array(32).fill(5));
  });
});

describe('refusals name the node and the cure', () => {
  test.each<[string, OnnxSpec]>([
    ['dynamic', { ...smallQdq, open: 'batch' }],
    ['unknown node', { ...smallQdq, nodes: [['LSTM', ['x'], 'y']] }],
    [
      'unknown domain',
      { ...smallQdq, nodes: [['Quant', ['x', 's1', 'z1', 'z1'], 'y', {}, 'somebody.else']] },
    ],
    ['no quantizer', { ...smallQdq, nodes: [['Relu', ['x'], 'y']] }],
    [
      'weights in floating point',
      {
        ...smallQdq,
        nodes: [
          ['QuantizeLinear', ['x', 's1', 'z1'], 'q'],
          ['DequantizeLinear', ['q', 's1', 'z1'], 'd'],
          ['Conv', ['d', 'ws4'], 'y'],
        ],
        constants: { ...smallQdq.constants, ws4: { dims: [1, 2, 1, 1], values: [0.1, 0.2] } },
      },
    ],
    [
      'claim of 2 GB',
      {
        ...smallQdq,
        constants: { ...smallQdq.constants, w1: { dims: [46000, 46000], values: [1], type: 3 } },
      },
    ],
    [
      'growing constants',
      {
        ...smallQdq,
        nodes: Array.from({ length: 30 }, (_, index) => [
          'Concat',
          [index === 0 ? 'b1' : `c${index - 1}`, index === 0 ? 'b1' : `c${index - 1}`],
          `c${index}`,
          { axis: 0 },
        ]),
      },
    ],
  ])('%s', (name, spec) => {
    expect(complaint(spec)).toMatchSnapshot(name);
  });

  test('every truncation', () => {
    const bytes = writeOnnx(smallQonnx);
    for (let length = 0; length < bytes.length; length += 7) {
      expect(() => importBytes(bytes.subarray(0, length), 'tiny')).toThrow(AutoNbaError);
    }
  });
});
