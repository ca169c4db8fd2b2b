// Small model files that hold many kinds of operators, in every format.

import { type OnnxSpec, one, writeOnnx } from './onnx-file.ts';
import {
  type FileSpec,
  int8Bytes,
  int32Bytes,
  type TensorSpec,
  writeTflite,
} from './tflite-file.ts';

const wave = (count: number, most: number): number[] =>
  Array.from({ length: count }, (_, index) => Math.round(most * Math.sin(index * index + 1)));
const size = (shape: readonly number[]): number => shape.reduce((product, one) => product * one, 1);
const map = (shape: readonly number[], scale = 0.05, zeroPoint = -7): TensorSpec => ({
  shape,
  scales: [scale],
  zeroPoints: [zeroPoint],
});
const weights = (
  shape: readonly number[],
  scales: readonly number[],
  dimension = 0,
): TensorSpec => ({
  shape,
  scales,
  dimension,
  data: int8Bytes(wave(size(shape), 100)),
});

/** Convolution, depthwise, add, pools, reshape, fully connected, softmax. */
export const smallTflite: FileSpec = {
  tensors: [
    map([1, 8, 8, 3]),
    weights([4, 3, 3, 3], [0.01, 0.02, 0.01, 0.03]),
    { shape: [4], type: 2, data: int32Bytes(wave(4, 500)) },
    map([1, 8, 8, 4], 0.1, -128),
    weights([1, 3, 3, 4], [0.02], 3),
    map([1, 8, 8, 4], 0.1, 3),
    map([1, 8, 8, 4], 0.15, -20),
    map([1, 4, 4, 4], 0.15, -20),
    map([1, 1, 1, 4], 0.15, -20),
    map([1, 4], 0.15, -20),
    weights([3, 4], [0.02]),
    map([1, 3], 0.2, 1),
    map([1, 3], 1 / 256, -128),
  ],
  operators: [
    {
      code: 3,
      inputs: [0, 1, 2],
      outputs: [3],
      options: [
        [0, 1, 0],
        [1, 4, 1],
        [2, 4, 1],
        [3, 1, 1],
      ],
    },
    {
      code: 4,
      inputs: [3, 4, -1],
      outputs: [5],
      options: [
        [0, 1, 0],
        [1, 4, 1],
        [2, 4, 1],
        [3, 4, 1],
      ],
    },
    { code: 0, inputs: [3, 5], outputs: [6], options: [[0, 1, 0]] },
    {
      code: 17,
      inputs: [6],
      outputs: [7],
      options: [
        [0, 1, 1],
        [1, 4, 2],
        [2, 4, 2],
        [3, 4, 2],
        [4, 4, 2],
      ],
    },
    {
      code: 1,
      inputs: [7],
      outputs: [8],
      options: [
        [0, 1, 1],
        [1, 4, 4],
        [2, 4, 4],
        [3, 4, 4],
        [4, 4, 4],
      ],
    },
    { code: 22, inputs: [8], outputs: [9] },
    { code: 9, inputs: [9, 10, -1], outputs: [11] },
    { code: 25, inputs: [11], outputs: [12] },
  ],
  inputs: [0],
  outputs: [12],
};

const real = (shape: readonly number[], scale: number) => ({
  dims: shape,
  values: wave(size(shape), 100).map((value) => value * scale),
});
const codes = (shape: readonly number[]) => ({
  dims: shape,
  values: wave(size(shape), 100),
  type: 3,
});

/** QuantizeLinear and DequantizeLinear around convolutions, an addition, a pool and a matrix. */
export const smallQdq: OnnxSpec = {
  input: [1, 2, 6, 6],
  nodes: [
    ['QuantizeLinear', ['x', 's1', 'z1'], 'xq'],
    ['DequantizeLinear', ['xq', 's1', 'z1'], 'xd'],
    ['DequantizeLinear', ['w1', 'ws', 'wz'], 'wd', { axis: 0 }],
    ['Conv', ['xd', 'wd', 'b1'], 'c', { pads: [1, 1, 1, 1], kernel_shape: [3, 3] }],
    ['Relu', ['c'], 'r'],
    ['QuantizeLinear', ['r', 's2', 'z2'], 'rq'],
    ['DequantizeLinear', ['rq', 's2', 'z2'], 'rd'],
    ['DequantizeLinear', ['w2', 's1', 'z0'], 'vd'],
    ['Conv', ['rd', 'vd'], 'd', { pads: [1, 1, 1, 1], group: 4 }],
    ['QuantizeLinear', ['d', 's3', 'z0'], 'dq'],
    ['DequantizeLinear', ['dq', 's3', 'z0'], 'dd'],
    ['Add', ['rd', 'dd'], 'a'],
    ['QuantizeLinear', ['a', 's3', 'z0'], 'aq'],
    ['DequantizeLinear', ['aq', 's3', 'z0'], 'ad'],
    ['GlobalAveragePool', ['ad'], 'p'],
    ['QuantizeLinear', ['p', 's4', 'z0'], 'pq'],
    ['DequantizeLinear', ['pq', 's4', 'z0'], 'pd'],
    ['Flatten', ['pd'], 'f', { axis: 1 }],
    ['DequantizeLinear', ['w3', 's1', 'z0'], 'ud'],
    ['Gemm', ['f', 'ud'], 'g', { transB: 1 }],
    ['QuantizeLinear', ['g', 's4', 'z0'], 'gq'],
    ['DequantizeLinear', ['gq', 's4', 'z0'], 'y'],
  ],
  constants: {
    s1: one(0.02),
    z1: one(3, 3),
    s2: one(0.03),
    z2: one(0, 2),
    s3: one(0.05),
    s4: one(0.04),
    z0: one(0, 3),
    ws: { dims: [4], values: [0.01, 0.02, 0.015, 0.03] },
    wz: { dims: [4], values: [0, 0, 0, 0], type: 3 },
    w1: codes([4, 2, 3, 3]),
    b1: real([4], 0.001),
    w2: codes([4, 1, 3, 3]),
    w3: codes([3, 4]),
  },
  output: 'y',
};

/** Quant and BipolarQuant around a convolution with batch normalization, a pool and a matrix. */
export const smallQonnx: OnnxSpec = {
  input: [1, 2, 8, 8],
  nodes: [
    [
      'Quant',
      ['x', 's', 'z', 'b8'],
      'xq',
      { signed: 1, narrow: 0, rounding_mode: 'ROUND' },
      'qonnx.custom_op.general',
    ],
    ['Quant', ['w1', 'ws', 'z', 'b4'], 'wq', { signed: 1, narrow: 1 }, 'finn.custom_op.general'],
    ['Conv', ['xq', 'wq'], 'c', { kernel_shape: [3, 3] }],
    ['BatchNormalization', ['c', 'g', 'h', 'm', 'v'], 'n', { epsilon: 0.00001 }],
    ['Relu', ['n'], 'r'],
    ['Quant', ['r', 's', 'z', 'b4'], 'rq', { signed: 0, narrow: 0 }, 'onnx.brevitas'],
    ['MaxPool', ['rq'], 'p', { kernel_shape: [2, 2], strides: [2, 2] }],
    ['BipolarQuant', ['w2', 's'], 'vq', {}, 'qonnx.custom_op.general'],
    ['Conv', ['p', 'vq'], 'd'],
    ['BatchNormalization', ['d', 'g', 'h', 'm', 'v'], 'e'],
    ['BipolarQuant', ['e', 's'], 'eq', {}, 'qonnx.custom_op.general'],
    ['Flatten', ['eq'], 'f'],
    ['Quant', ['w3', 's', 'z', 'b4'], 'uq', { signed: 1, narrow: 1 }, 'onnx.brevitas'],
    ['Transpose', ['uq'], 'ut', { perm: [1, 0] }],
    ['MatMul', ['f', 'ut'], 'y'],
  ],
  constants: {
    s: one(0.125),
    z: one(0),
    b8: one(8),
    b4: one(4),
    ws: { dims: [4, 1, 1, 1], values: [0.25, 0.5, 0.125, 0.3] },
    w1: real([4, 2, 3, 3], 0.02),
    g: { dims: [4], values: [1, -0.5, 0.7, 2] },
    h: { dims: [4], values: [0.1, 0.2, -0.3, 0] },
    m: { dims: [4], values: [0.5, -0.4, 0.3, 0.2] },
    v: { dims: [4], values: [1, 2, 0.5, 3] },
    w2: real([4, 4, 2, 2], 0.02),
    w3: real([3, 16], 0.01),
  },
  output: 'y',
};

/** The files of each format. */
export function smallFiles(): Readonly<Record<'tflite' | 'onnx', readonly Uint8Array[]>> {
  return {
    tflite: [writeTflite(smallTflite)],
    onnx: [writeOnnx(smallQdq), writeOnnx(smallQonnx)],
  };
}
