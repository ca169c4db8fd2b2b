// The node types of ONNX and QONNX that can be imported.

import type { OperatorSupport } from '../imported.ts';
import { type Step, setResult } from './context.ts';
import {
  clipBounds,
  lowerAdd,
  lowerBatchNormalization,
  lowerClamp,
  lowerNegate,
  lowerScale,
} from './elementwise.ts';
import {
  type Fold,
  foldBinary,
  foldBipolar,
  foldCast,
  foldConcat,
  foldConstant,
  foldDequantizeLinear,
  foldFlatten,
  foldGather,
  foldQuant,
  foldQuantizeLinear,
  foldReshape,
  foldSame,
  foldSlice,
  foldSqueeze,
  foldTranspose,
  foldUnary,
  foldUnsqueeze,
} from './fold.ts';
import {
  lowerFlatten,
  lowerHost,
  lowerPad,
  lowerReshape,
  lowerSame,
  lowerShape,
  lowerSqueeze,
  lowerTranspose,
  lowerUnsqueeze,
} from './moves.ts';
import { lowerAveragePool, lowerGlobalAverage, lowerMaxPool, lowerReduceMean } from './pools.ts';
import {
  lowerQGemm,
  lowerQLinearAdd,
  lowerQLinearConv,
  lowerQLinearMatMul,
  lowerQLinearPool,
} from './qlinear.ts';
import {
  lowerBipolar,
  lowerDequantizeLinear,
  lowerQuant,
  lowerQuantizeLinear,
  lowerTrunc,
} from './quantizers.ts';
import { lowerConv, lowerGemm, lowerMatMul } from './weighted.ts';

/** How one node type becomes part of a network, and how it is computed where its inputs are constants. */
export interface OnnxLowering extends OperatorSupport {
  readonly lower?: (step: Step) => void;
  readonly fold?: Fold;
}

const view = 'no operation: the same integers in the same order';
const onConstants = 'of constants only, computed while importing';
const atTheEnd = 'at the end of the model, computed on the host';
const ownQuantizers = 'with the quantizers it carries';

export const onnxOperators: readonly OnnxLowering[] = [
  {
    name: 'Conv',
    summary:
      'convolution, depthwise or grouped; 1 or 2 dimensions, any kernel, stride, dilation, padding',
    lower: (step) => setResult(step, lowerConv(step)),
  },
  {
    name: 'MatMul',
    summary: 'fully connected; on the channels of each pixel a 1x1 convolution',
    lower: (step) => setResult(step, lowerMatMul(step)),
  },
  {
    name: 'Gemm',
    summary: 'fully connected',
    lower: (step) => setResult(step, lowerGemm(step)),
  },
  {
    name: 'BatchNormalization',
    summary: 'part of the requantization, channel by channel',
    lower: lowerBatchNormalization,
  },
  {
    name: 'Add',
    summary: 'add of two maps of one shape; of a constant part of the requantization',
    lower: lowerAdd(1),
    fold: foldBinary((a, b) => a + b),
  },
  {
    name: 'Sub',
    summary: 'of a constant: part of the requantization',
    lower: lowerAdd(-1),
    fold: foldBinary((a, b) => a - b),
  },
  {
    name: 'Mul',
    summary: 'by a constant: part of the requantization',
    lower: lowerScale((factor) => factor),
    fold: foldBinary((a, b) => a * b),
  },
  {
    name: 'Div',
    summary: 'by a constant: part of the requantization',
    lower: lowerScale((factor) => 1 / factor),
    fold: foldBinary((a, b) => a / b),
  },
  {
    name: 'Neg',
    summary: 'part of the requantization',
    lower: lowerNegate,
    fold: foldUnary((value) => -value),
  },
  { name: 'Relu', summary: 'clamp of the requantization', lower: lowerClamp(() => [0, Infinity]) },
  { name: 'Clip', summary: 'clamp of the requantization', lower: lowerClamp(clipBounds) },
  { name: 'HardTanh', summary: 'clamp of the requantization', lower: lowerClamp(() => [-1, 1]) },
  {
    name: 'MaxPool',
    summary: 'max pool; before a quantizer it is done after it, which is the same',
    lower: lowerMaxPool,
  },
  {
    name: 'AveragePool',
    summary: 'average pool where the scale stays, else a depthwise convolution of ones',
    lower: lowerAveragePool,
  },
  {
    name: 'GlobalAveragePool',
    summary: 'global average pool where the scale stays, else a depthwise convolution of ones',
    lower: lowerGlobalAverage,
  },
  {
    name: 'ReduceMean',
    summary: 'over rows and columns, as GlobalAveragePool',
    lower: lowerReduceMean,
  },
  {
    name: 'QuantizeLinear',
    summary: 'requantization to 4, 8 or 16 bits; of the input on the host',
    lower: lowerQuantizeLinear,
    fold: foldQuantizeLinear,
  },
  {
    name: 'DequantizeLinear',
    summary: 'no operation: says what integers mean',
    lower: lowerDequantizeLinear,
    fold: foldDequantizeLinear,
  },
  {
    name: 'Quant',
    summary: 'requantization to 1 to 16 bits, any zero point and rounding mode of QONNX',
    lower: lowerQuant,
    fold: foldQuant,
  },
  { name: 'IntQuant', summary: 'as Quant', lower: lowerQuant, fold: foldQuant },
  {
    name: 'BipolarQuant',
    summary: 'requantization to -1 and 1, stored with two bits',
    lower: lowerBipolar,
    fold: foldBipolar,
  },
  { name: 'Trunc', summary: 'requantization that drops lower bits', lower: lowerTrunc },
  { name: 'QLinearConv', summary: `Conv ${ownQuantizers}`, lower: lowerQLinearConv },
  { name: 'QLinearMatMul', summary: `MatMul ${ownQuantizers}`, lower: lowerQLinearMatMul },
  { name: 'QGemm', summary: `Gemm ${ownQuantizers}`, lower: lowerQGemm },
  { name: 'QLinearAdd', summary: `Add ${ownQuantizers}`, lower: lowerQLinearAdd },
  {
    name: 'QLinearAveragePool',
    summary: `AveragePool ${ownQuantizers}`,
    lower: lowerQLinearPool(lowerAveragePool),
  },
  {
    name: 'QLinearGlobalAveragePool',
    summary: `GlobalAveragePool ${ownQuantizers}`,
    lower: lowerQLinearPool(lowerGlobalAverage),
  },
  { name: 'Reshape', summary: view, lower: lowerReshape, fold: foldReshape },
  { name: 'Flatten', summary: view, lower: lowerFlatten, fold: foldFlatten },
  { name: 'Squeeze', summary: view, lower: lowerSqueeze, fold: foldSqueeze },
  { name: 'Unsqueeze', summary: view, lower: lowerUnsqueeze, fold: foldUnsqueeze },
  {
    name: 'Transpose',
    summary: 'no operation; weights are reordered while importing',
    lower: lowerTranspose,
    fold: foldTranspose,
  },
  { name: 'Identity', summary: view, lower: lowerSame, fold: foldSame },
  { name: 'Dropout', summary: view, lower: lowerSame, fold: foldSame },
  { name: 'Cast', summary: 'no operation between real types', lower: lowerSame, fold: foldCast },
  { name: 'Pad', summary: 'of rows and columns by zeros, part of the next Conv', lower: lowerPad },
  { name: 'Shape', summary: 'fixed, computed while importing', lower: lowerShape },
  { name: 'Constant', summary: onConstants, fold: foldConstant },
  { name: 'Gather', summary: onConstants, fold: foldGather },
  { name: 'Concat', summary: onConstants, fold: foldConcat },
  { name: 'Slice', summary: onConstants, fold: foldSlice },
  { name: 'Pow', summary: onConstants, fold: foldBinary((a, b) => a ** b) },
  { name: 'Sqrt', summary: onConstants, fold: foldUnary(Math.sqrt) },
  { name: 'Floor', summary: onConstants, fold: foldUnary(Math.floor) },
  { name: 'Softmax', summary: atTheEnd, lower: lowerHost(true) },
  { name: 'LogSoftmax', summary: atTheEnd, lower: lowerHost(false) },
  { name: 'Sigmoid', summary: atTheEnd, lower: lowerHost(false) },
  { name: 'ArgMax', summary: atTheEnd, lower: lowerHost(false) },
  { name: 'TopK', summary: atTheEnd, lower: lowerHost(false) },
];
