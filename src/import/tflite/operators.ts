// TensorFlow Lite's operators that can be imported, by their number in the public schema.

import type { OperatorSupport } from '../imported.ts';
import type { LiteContext } from './context.ts';
import { lowerActivation, lowerAdd, lowerPad } from './elementwise.ts';
import type { LiteOperator } from './model.ts';
import {
  lowerHostFunction,
  lowerHostTail,
  lowerQuantize,
  lowerShapeArithmetic,
  lowerTranspose,
  lowerView,
} from './moves.ts';
import { lowerMean, lowerPool } from './pools.ts';
import { lowerConv, lowerDepthwise, lowerFullyConnected } from './weighted.ts';

/** How one operator type becomes part of a network. */
export interface LiteLowering extends OperatorSupport {
  readonly code: number;
  readonly lower: (operator: LiteOperator, context: LiteContext) => void;
}

const sameOrder = 'no operation: the same integers in the same order';
const onlyShapes = 'on whole numbers about shapes only, which are fixed';
const atTheEnd = 'at the end of the model, computed on the host';

export const liteOperators: readonly LiteLowering[] = [
  {
    code: 3,
    name: 'CONV_2D',
    summary:
      'convolution; any kernel, stride, dilation, groups; SAME or VALID; fused ReLU, ReLU6, ReLU1',
    lower: lowerConv,
  },
  {
    code: 4,
    name: 'DEPTHWISE_CONV_2D',
    summary: 'depthwise convolution; a depth multiplier above one becomes a grouped convolution',
    lower: lowerDepthwise,
  },
  {
    code: 9,
    name: 'FULLY_CONNECTED',
    summary: 'fully connected; over the last axis of a map a 1x1 convolution',
    lower: lowerFullyConnected,
  },
  {
    code: 0,
    name: 'ADD',
    summary: 'add of two maps of one shape; fused ReLU, ReLU6, ReLU1',
    lower: lowerAdd,
  },
  {
    code: 1,
    name: 'AVERAGE_POOL_2D',
    summary: 'average pool, or global average pool where the window is the map',
    lower: lowerPool('averagePool'),
  },
  { code: 17, name: 'MAX_POOL_2D', summary: 'max pool', lower: lowerPool('maxPool') },
  {
    code: 40,
    name: 'MEAN',
    summary:
      'over rows and columns: global average pool where that is exact, else a depthwise convolution of ones',
    lower: lowerMean,
  },
  {
    code: 34,
    name: 'PAD',
    summary:
      'of rows and columns: part of the convolutions that follow, else a 1x1 depthwise convolution',
    lower: lowerPad,
  },
  {
    code: 19,
    name: 'RELU',
    summary: 'clamp; with another scale a 1x1 depthwise convolution',
    lower: lowerActivation([0, Infinity]),
  },
  {
    code: 20,
    name: 'RELU_N1_TO_1',
    summary: 'clamp; with another scale a 1x1 depthwise convolution',
    lower: lowerActivation([-1, 1]),
  },
  {
    code: 21,
    name: 'RELU6',
    summary: 'clamp; with another scale a 1x1 depthwise convolution',
    lower: lowerActivation([0, 6]),
  },
  {
    code: 114,
    name: 'QUANTIZE',
    summary: 'on the host at either end of the model; in between a 1x1 depthwise convolution',
    lower: lowerQuantize,
  },
  { code: 6, name: 'DEQUANTIZE', summary: atTheEnd, lower: lowerHostFunction('dequantize') },
  { code: 25, name: 'SOFTMAX', summary: atTheEnd, lower: lowerHostFunction('softmax') },
  { code: 14, name: 'LOGISTIC', summary: atTheEnd, lower: lowerHostTail },
  { code: 50, name: 'LOG_SOFTMAX', summary: atTheEnd, lower: lowerHostTail },
  { code: 56, name: 'ARG_MAX', summary: atTheEnd, lower: lowerHostTail },
  { code: 22, name: 'RESHAPE', summary: sameOrder, lower: lowerView },
  { code: 43, name: 'SQUEEZE', summary: sameOrder, lower: lowerView },
  { code: 70, name: 'EXPAND_DIMS', summary: sameOrder, lower: lowerView },
  {
    code: 39,
    name: 'TRANSPOSE',
    summary: 'of dimensions of size one only: no operation',
    lower: lowerTranspose,
  },
  { code: 77, name: 'SHAPE', summary: onlyShapes, lower: lowerShapeArithmetic },
  { code: 45, name: 'STRIDED_SLICE', summary: onlyShapes, lower: lowerShapeArithmetic },
  { code: 83, name: 'PACK', summary: onlyShapes, lower: lowerShapeArithmetic },
  { code: 36, name: 'GATHER', summary: onlyShapes, lower: lowerShapeArithmetic },
  { code: 2, name: 'CONCATENATION', summary: onlyShapes, lower: lowerShapeArithmetic },
];
