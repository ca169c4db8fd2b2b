// Conv, Gemm and MatMul: quantized weights on stored integers, as sums that wait for their quantizer.

import { elementsOf, noPadding, samePadding } from '../../network/geometry.ts';
import type { Padding, Pair, Shape } from '../../network/network.ts';
import { dilatedSize, narrowBits, spreadKernel } from '../weights.ts';
import { broadcastReader, type Constant, transpose } from './constants.ts';
import {
  attribute,
  constantOperand,
  type Integers,
  integer,
  operand,
  optionalConstant,
  refuseNode,
  type Step,
  type Sum,
  type SumOperator,
  subjectOf,
  text,
  type View,
} from './context.ts';
import { materialize } from './targets.ts';
import { expectMap, flatOrder, mapView, vectorView } from './views.ts';

/** Stored integers that an operand is; a waiting sum is written with 16 bits. */
export function integersOf(step: Step, place: number): Integers {
  const value = operand(step, place);
  switch (value.kind) {
    case 'integers':
      return value;
    case 'sum':
    case 'addition':
      return materialize(step, value);
    case 'input':
      return refuseNode(
        step,
        "it reads the model's input, which has no quantizer",
        'put a quantizer on the input before the first layer',
      );
    case 'constant':
    case 'host':
      return refuseNode(
        step,
        `its input ${place} is a constant or computed on the host`,
        'weights must be the second input; keep softmax at the end of the model',
      );
  }
}

/** Integers of quantized weights, [output channel][...], and the step of each output channel. */
interface QuantizedWeights {
  readonly values: Int16Array;
  readonly bits: number;
  readonly steps: Float64Array;
}

function quantizedWeights(step: Step, weights: Constant): QuantizedWeights {
  const { step: unit, dims, values } = weights;
  if (unit === undefined) {
    return refuseNode(
      step,
      'its weights are not quantized',
      'put a quantizer (Quant, or QuantizeLinear and DequantizeLinear) on the weights',
    );
  }
  const channels = dims[0] ?? 0;
  const inner = values.length / channels;
  if (unit.dims.some((size, axis) => axis > 0 && size !== 1)) {
    refuseNode(
      step,
      `its weights have scales of [${unit.dims.join(', ')}]`,
      'quantize weights with one scale, or one for each output channel',
    );
  }
  step.context.budget(subjectOf(step), values.length);
  const unitAt = broadcastReader(unit, dims);
  const steps = new Float64Array(channels).map((_, channel) => unitAt(channel * inner));
  const integers = new Int16Array(values.length).map((_, index) => {
    const whole = Math.round((values[index] ?? 0) / unitAt(index));
    if (Math.abs(whole) <= 32_767) return whole;
    return refuseNode(step, 'its weights need more than 16 bits', 'quantize weights to 16 bits');
  });
  return { values: integers, bits: narrowBits(integers, 2), steps };
}

/** A sum with the meaning of integers times weights, and a bias in real numbers. */
function sumOf(
  step: Step,
  input: Integers,
  operator: SumOperator,
  steps: Float64Array,
  bias: Constant | undefined,
  view: View,
): Sum {
  const channels = operator.shape[2];
  const tensor = step.context.builder.tensor(input.tensor);
  const gains = steps.map((one) => one * input.scale);
  if (bias !== undefined && bias.values.length !== channels && bias.values.length !== 1) {
    refuseNode(step, `its bias has ${bias.values.length} entries`, 'give one for each channel');
  }
  const taps = operator.weights.length / channels;
  // The sum runs over q - zeroPoint, the meaning over q - zero.
  const shift = tensor.zeroPoint - input.zero;
  const offsets = gains.map((gain, channel) => {
    const row = operator.weights.subarray(channel * taps, (channel + 1) * taps);
    const total = shift === 0 ? 0 : row.reduce((sum, weight) => sum + weight, 0);
    const added = bias?.values[bias.values.length === 1 ? 0 : channel] ?? 0;
    return gain * shift * total + added;
  });
  const common = { low: -Infinity, high: Infinity, pools: [] };
  return { kind: 'sum', operator, gains, offsets, ...common, dims: view.dims, axes: view.axes };
}

/** Kernel, stride and the like of Conv and pools, along rows and columns. */
export interface WindowAttributes {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly dilation: Pair;
  readonly padding: Padding;
}

/** Reads the attributes of a window over a map; of one dimension, it runs over columns. */
export function windowOf(step: Step, kernel: readonly number[], shape: Shape): WindowAttributes {
  const isLine = kernel.length === 1;
  const pair = (list: readonly number[] | undefined, absent: number): Pair => {
    const [a = absent, b = absent] = list ?? [];
    return isLine ? [1, a] : [a, b];
  };
  const sizes = pair(kernel, 1);
  const stride = pair(attribute(step, 'strides')?.ints, 1);
  const dilation = pair(attribute(step, 'dilations')?.ints, 1);
  const whole = [...sizes, ...stride, ...dilation].every(
    (size) => Number.isInteger(size) && size >= 1 && size <= 65_535,
  );
  if (!whole || kernel.length > 2 || kernel.length < 1) {
    refuseNode(
      step,
      `its window is [${kernel.join(', ')}] with strides ${stride.join('x')}`,
      'use windows over rows and columns',
    );
  }
  const wide: Pair = [dilatedSize(sizes[0], dilation[0]), dilatedSize(sizes[1], dilation[1])];
  const scheme = text(step, 'auto_pad', 'NOTSET');
  return {
    kernel: sizes,
    stride,
    dilation,
    padding: paddingOf(step, scheme, isLine, wide, stride, shape),
  };
}

function paddingOf(
  step: Step,
  scheme: string,
  isLine: boolean,
  kernel: Pair,
  stride: Pair,
  shape: Shape,
): Padding {
  if (scheme === 'VALID') return noPadding;
  const same = samePadding([shape[0], shape[1]], kernel, stride);
  if (scheme === 'SAME_UPPER') return same;
  if (scheme === 'SAME_LOWER') {
    return { top: same.bottom, bottom: same.top, left: same.right, right: same.left };
  }
  const pads = attribute(step, 'pads')?.ints ?? [];
  const [a = 0, b = 0, c = 0, d = 0] = pads;
  const padding = isLine
    ? { top: 0, left: a, bottom: 0, right: b }
    : { top: a, left: b, bottom: c, right: d };
  if (Object.values(padding).every((side) => side >= 0)) return padding;
  return refuseNode(step, `it pads by [${pads.join(', ')}]`, 'use paddings of at least 0');
}

/** Conv on a map of stored integers. */
export function lowerConv(step: Step): Sum {
  const input = integersOf(step, 0);
  const { builder } = step.context;
  expectMap(step, input);
  const tensor = builder.tensor(input.tensor);
  const weights = constantOperand(step, 1);
  const [channels = 0, perGroup = 0, ...kernelDims] = weights.dims;
  const inputChannels = tensor.shape[2];
  const groups = integer(step, 'group', 1);
  if (perGroup * groups !== inputChannels || channels % groups !== 0 || channels < 1) {
    refuseNode(
      step,
      `weights [${weights.dims.join(', ')}] in ${groups} groups do not fit ${inputChannels} channels`,
      'the file is damaged; export it again',
    );
  }
  if (kernelDims.length !== input.dims.length - 2) {
    refuseNode(
      step,
      `its kernel has ${kernelDims.length} dimensions`,
      'use convolutions over rows and columns',
    );
  }
  const { kernel, stride, dilation, padding } = windowOf(step, kernelDims, tensor.shape);
  const before = input.padding ?? noPadding;
  const around: Padding = {
    top: padding.top + before.top,
    bottom: padding.bottom + before.bottom,
    left: padding.left + before.left,
    right: padding.right + before.right,
  };
  const isPadded = Object.values(around).some((side) => side > 0);
  if (isPadded && tensor.zeroPoint !== input.zero) {
    refuseNode(
      step,
      `it pads with zeros, but no stored integer of "${input.tensor}" means zero`,
      'use a quantizer with an integer zero point before padding',
    );
  }
  const quantized = quantizedWeights(step, weights);
  const rowsFirst =
    quantized.values.length === 0 ? [] : moveChannelsLast(quantized.values, perGroup);
  const wide: Pair = [dilatedSize(kernel[0], dilation[0]), dilatedSize(kernel[1], dilation[1])];
  step.context.budget(subjectOf(step), channels * wide[0] * wide[1] * perGroup);
  const spread = spreadKernel(Int16Array.from(rowsFirst), kernel, perGroup, dilation);
  const count = (axis: 0 | 1, pads: number): number =>
    Math.floor((tensor.shape[axis] + pads - wide[axis]) / stride[axis]) + 1;
  const shape: Shape = [
    count(0, around.top + around.bottom),
    count(1, around.left + around.right),
    channels,
  ];
  if (shape[0] < 1 || shape[1] < 1) {
    refuseNode(
      step,
      'its kernel is larger than its padded input',
      'the file is damaged; export it again',
    );
  }
  const isDepthwise = perGroup === 1 && channels === inputChannels && channels > 1;
  const operator: SumOperator = {
    kind: isDepthwise ? 'depthwiseConv' : 'conv',
    input: input.tensor,
    kernel: wide,
    stride,
    padding: around,
    groups,
    weights: spread,
    weightBits: quantized.bits,
    shape,
  };
  const bias = optionalConstant(step, 2);
  return sumOf(step, input, operator, quantized.steps, bias, mapView(shape, input.dims.length));

  /** [output][input][tap] as [output][tap][input]. */
  function moveChannelsLast(values: Int16Array, inner: number): Int16Array {
    const taps = kernelDims.reduce((product, size) => product * size, 1);
    return values.map((_, index) => {
      const channel = index % inner;
      const tap = Math.floor(index / inner) % taps;
      const outer = Math.floor(index / (inner * taps));
      return values[(outer * inner + channel) * taps + tap] ?? 0;
    });
  }
}

/** Weights [output][input] on the last dimension of stored integers. */
function multiply(step: Step, input: Integers, weights: Constant, bias: Constant | undefined): Sum {
  const { builder } = step.context;
  const { shape } = builder.tensor(input.tensor);
  const [channels = 0, taps = 0] = weights.dims;
  const last = input.axes.at(-1) ?? [];
  const before = input.axes.slice(0, -1).flat();
  const isWhole = before.length === 0;
  const fits = weights.dims.length === 2 && taps === input.dims.at(-1) && channels >= 1;
  const isPixelwise = last.every((axis) => axis === 'c') && taps === shape[2];
  if (!fits || input.padding !== undefined || !(isWhole || isPixelwise)) {
    refuseNode(
      step,
      `weights [${weights.dims.join(', ')}] do not fit an input of [${input.dims.join(', ')}]`,
      'multiply flattened maps, or the channels of each pixel',
    );
  }
  const quantized = quantizedWeights(step, weights);
  const common = { input: input.tensor, stride: [1, 1], padding: noPadding, groups: 1 } as const;
  const { bits: weightBits, steps, values } = quantized;
  if (!isWhole) {
    const output: Shape = [shape[0], shape[1], channels];
    const view = { dims: [...input.dims.slice(0, -1), channels], axes: [...input.axes] };
    view.axes[view.axes.length - 1] = channels > 1 ? ['c'] : [];
    const operator: SumOperator = {
      kind: 'conv',
      ...common,
      kernel: [1, 1],
      weights: values,
      weightBits,
      shape: output,
    };
    return sumOf(step, input, operator, steps, bias, view);
  }
  const order = flatOrder(last, shape);
  const moved = new Int16Array(values.length);
  for (let index = 0; index < values.length; index++) {
    const position = index % taps;
    moved[index - position + (order[position] ?? 0)] = values[index] ?? 0;
  }
  const kernel: Pair = [shape[0], shape[1]];
  const operator: SumOperator = {
    kind: 'fullyConnected',
    ...common,
    kernel,
    weights: moved,
    weightBits,
    shape: [1, 1, channels],
  };
  if (elementsOf(shape) !== taps) refuseNode(step, 'its input has another size', 'export it again');
  return sumOf(step, input, operator, steps, bias, vectorView(channels));
}

/** MatMul with constant weights [input][output] on the right. */
export function lowerMatMul(step: Step): Sum {
  const input = integersOf(step, 0);
  const weights = constantOperand(step, 1);
  if (weights.dims.length !== 2) {
    refuseNode(
      step,
      `its weights are [${weights.dims.join(', ')}]`,
      'use weights of two dimensions',
    );
  }
  return multiply(step, input, transpose(weights, [1, 0]), undefined);
}

/** Gemm with constant weights. */
export function lowerGemm(step: Step): Sum {
  const input = integersOf(step, 0);
  const weights = constantOperand(step, 1);
  const alpha = attribute(step, 'alpha')?.f ?? 1;
  const beta = attribute(step, 'beta')?.f ?? 1;
  if (weights.dims.length !== 2 || integer(step, 'transA', 0) !== 0 || !(alpha > 0)) {
    refuseNode(
      step,
      'it multiplies otherwise than input by weights',
      'use transA = 0 and alpha > 0',
    );
  }
  const rows = integer(step, 'transB', 0) === 0 ? transpose(weights, [1, 0]) : weights;
  const bias = optionalConstant(step, 2);
  const scaled = bias && {
    dims: bias.dims,
    values: bias.values.map((one) => (one * beta) / alpha),
  };
  const sum = multiply(step, input, rows, scaled);
  return {
    ...sum,
    gains: sum.gains.map((gain) => gain * alpha),
    offsets: sum.offsets.map((offset) => offset * alpha),
  };
}
