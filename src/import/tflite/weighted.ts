// CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED, and what can be said as a depthwise convolution with weights of one.

import { elementsOf, noPadding, samePadding } from '../../network/geometry.ts';
import type {
  Clamp,
  Padding,
  Pair,
  Shape,
  Tensor,
  TfliteRequantization,
} from '../../network/network.ts';
import { refuse } from '../../network/refuse.ts';
import { dilatedSize, narrowBits, spreadKernel } from '../weights.ts';
import {
  addResult,
  describeTensor,
  type LiteContext,
  mapOf,
  operand,
  operatorName,
  resultOf,
  shapeOf,
  subjectOf,
  valueAt,
  viewOf,
} from './context.ts';
import { clampOf, liteRequantization } from './factors.ts';
import type { LiteOperator } from './model.ts';
import { readBias, readWeights } from './weights.ts';

/** A window's padding: what the schema says, after any PAD that waits. */
export function windowPadding(
  subject: string,
  scheme: number,
  input: Shape,
  before: Padding,
  kernel: Pair,
  stride: Pair,
): Padding {
  if (scheme !== 0 && scheme !== 1) {
    refuse(subject, `its padding scheme is ${scheme}`, 'use SAME or VALID');
  }
  if (stride[0] < 1 || stride[1] < 1) {
    refuse(subject, `its stride is ${stride.join('x')}`, 'use strides of at least one');
  }
  if (scheme === 1) return before;
  const rows = input[0] + before.top + before.bottom;
  const columns = input[1] + before.left + before.right;
  const same = samePadding([rows, columns], kernel, stride);
  return {
    top: before.top + same.top,
    bottom: before.bottom + same.bottom,
    left: before.left + same.left,
    right: before.right + same.right,
  };
}

/** The map that a convolution reads, with the padding of a PAD before it. */
function paddedInput(
  operator: LiteOperator,
  context: LiteContext,
): { readonly input: Tensor; readonly before: Padding } {
  const value = valueAt(operator, 0, context);
  if (value.kind !== 'padded') return { input: mapOf(operator, 0, context), before: noPadding };
  return { input: context.builder.tensor(value.tensor), before: value.padding };
}

/** Real factor of each channel, as the kernels compute it. */
function factorsOf(
  input: Tensor,
  scales: readonly number[],
  output: Tensor,
  singleProduct: boolean,
): readonly number[] {
  return scales.map((scale) => {
    const product = input.scale * scale;
    return (singleProduct ? Math.fround(product) : product) / output.scale;
  });
}

function kernelDimensions(
  operator: LiteOperator,
  context: LiteContext,
): readonly [number, number, number, number] {
  const { shape } = operand(operator, 1, context);
  const [a = 0, b = 0, c = 0, d = 0] = shape;
  if (shape.length === 4 && shape.every((size) => size >= 1)) return [a, b, c, d];
  return refuse(
    subjectOf(operator, context),
    `its weights have the shape [${shape.join(', ')}]`,
    'the file is damaged; convert the model again',
  );
}

/** CONV_2D: weights [output channel][row][column][input channel of the group], as the network has them. */
export function lowerConv(operator: LiteOperator, context: LiteContext): void {
  const { options } = operator;
  convolve(operator, context, {
    padding: options?.byte(0) ?? 0,
    stride: [options?.int(2) ?? 0, options?.int(1) ?? 0],
    activation: options?.byte(3) ?? 0,
    dilation: [options?.int(5, 1) ?? 1, options?.int(4, 1) ?? 1],
    isDepthwise: false,
  });
}

/** DEPTHWISE_CONV_2D: weights [1][row][column][output channel]. */
export function lowerDepthwise(operator: LiteOperator, context: LiteContext): void {
  const { options } = operator;
  convolve(operator, context, {
    padding: options?.byte(0) ?? 0,
    stride: [options?.int(2) ?? 0, options?.int(1) ?? 0],
    activation: options?.byte(4) ?? 0,
    dilation: [options?.int(6, 1) ?? 1, options?.int(5, 1) ?? 1],
    isDepthwise: true,
  });
}

interface ConvOptions {
  readonly padding: number;
  readonly stride: Pair;
  readonly activation: number;
  readonly dilation: Pair;
  readonly isDepthwise: boolean;
}

function convolve(operator: LiteOperator, context: LiteContext, options: ConvOptions): void {
  const subject = subjectOf(operator, context);
  const { input, before } = paddedInput(operator, context);
  const filter = operand(operator, 1, context);
  const [outer, rows, columns, inner] = kernelDimensions(operator, context);
  const channels = options.isDepthwise ? inner : outer;
  const perGroup = options.isDepthwise ? 1 : inner;
  const inputChannels = input.shape[2];
  const groups = inputChannels / perGroup;
  if (!Number.isInteger(groups) || channels % groups !== 0 || (options.isDepthwise && outer > 1)) {
    refuse(
      subject,
      `weights [${filter.shape.join(', ')}] do not fit ${inputChannels} input channels`,
      'the file is damaged; convert the model again',
    );
  }
  const weights = readWeights(operator, filter, channels, options.isDepthwise ? 3 : 0, context);
  const dense = options.isDepthwise ? channelsFirst(weights.values, channels) : weights.values;
  const { dilation, stride } = options;
  if (dilation.some((step) => step < 1 || step > 255)) {
    refuse(subject, `its dilation is ${dilation.join('x')}`, 'use dilations from 1 to 255');
  }
  const kernel: Pair = [dilatedSize(rows, dilation[0]), dilatedSize(columns, dilation[1])];
  context.budget(subject, channels * kernel[0] * kernel[1] * perGroup);
  const values = spreadKernel(dense, [rows, columns], perGroup, dilation);
  const result = resultOf(operator, context);
  const described = describeTensor(result, shapeOf(result));
  // Unsigned networks of the older scheme multiply the scales in single precision.
  const factors = factorsOf(input, weights.scales, described, !input.signed);
  const bias = readBias(operator, 2, channels, context);
  const common = {
    name: operatorName(operator),
    input: input.name,
    kernel,
    stride,
    padding: windowPadding(subject, options.padding, input.shape, before, kernel, stride),
    weightBits: narrowBits(values, weights.bits),
    clamp: clampOf(subject, options.activation, described),
    parameters: {
      weights: values,
      bias,
      requantization: liteRequantization(factors, 'double'),
    },
  };
  const output = addResult(result, described.shape, context);
  // One kernel a channel is depthwise; several are a convolution whose groups have one input channel.
  if (options.isDepthwise && channels === inputChannels && channels > 1) {
    context.builder.addOperator({ kind: 'depthwiseConv', ...common, output });
  } else {
    context.builder.addOperator({ kind: 'conv', ...common, output, groups });
  }
}

/** [tap][channel] as [channel][tap]. */
function channelsFirst(values: Int16Array, channels: number): Int16Array {
  const taps = values.length / channels;
  return values.map(
    (_, index) => values[(index % taps) * channels + Math.floor(index / taps)] ?? 0,
  );
}

/** FULLY_CONNECTED: weights [output][input]; over the last axis of a map it is a 1x1 convolution. */
export function lowerFullyConnected(operator: LiteOperator, context: LiteContext): void {
  const subject = subjectOf(operator, context);
  const filter = operand(operator, 1, context);
  const [channels = 0, taps = 0] = filter.shape;
  const { options } = operator;
  if (filter.shape.length !== 2 || (options?.byte(1) ?? 0) !== 0) {
    refuse(
      subject,
      `its weights are [${filter.shape.join(', ')}] or shuffled`,
      'convert with the default weight format',
    );
  }
  const view = viewOf(operator, 0, context);
  const weights = readWeights(operator, filter, channels, 0, context);
  const whole = elementsOf(view.shape) === taps;
  if (!whole && view.shape[2] !== taps) {
    refuse(
      subject,
      `${taps} weights an output do not fit an input of [${view.shape.join(', ')}]`,
      'the file is damaged; convert the model again',
    );
  }
  const result = resultOf(operator, context);
  const shape: Shape = whole ? [1, 1, channels] : [view.shape[0], view.shape[1], channels];
  const described = describeTensor(result, shape);
  const input = whole ? context.builder.tensor(view.tensor) : mapOf(operator, 0, context);
  const factors = factorsOf(input, weights.scales, described, !weights.perChannel);
  const common = {
    name: operatorName(operator),
    input: input.name,
    weightBits: narrowBits(weights.values, weights.bits),
    clamp: clampOf(subject, options?.byte(0) ?? 0, described),
    parameters: {
      weights: weights.values,
      bias: readBias(operator, 2, channels, context),
      requantization: liteRequantization(factors, 'single'),
    },
  };
  const output = addResult(result, shape, context);
  if (whole) {
    context.builder.addOperator({ kind: 'fullyConnected', ...common, output });
  } else {
    const window = { kernel: [1, 1], stride: [1, 1], padding: noPadding, groups: 1 } as const;
    context.builder.addOperator({ kind: 'conv', ...common, ...window, output });
  }
}

/** A sum over each window of one channel, rescaled: kernels of ones. */
export function addWindowSum(
  operator: LiteOperator,
  input: Tensor,
  kernel: Pair,
  padding: Padding,
  requantize: Pick<TfliteRequantization, 'rounding'> & {
    readonly multiplier: number;
    readonly exponent: number;
  },
  clamp: Clamp,
  shape: Shape,
  context: LiteContext,
): void {
  const channels = input.shape[2];
  const { rounding, multiplier, exponent } = requantize;
  context.budget(subjectOf(operator, context), channels * kernel[0] * kernel[1]);
  const output = addResult(resultOf(operator, context), shape, context);
  context.builder.addOperator({
    kind: 'depthwiseConv',
    name: operatorName(operator),
    input: input.name,
    output,
    kernel,
    stride: [1, 1],
    padding,
    weightBits: 2,
    clamp,
    parameters: {
      weights: new Int16Array(channels * kernel[0] * kernel[1]).fill(1),
      bias: new Int32Array(channels),
      requantization: {
        form: 'tflite',
        rounding,
        multipliers: Array.from({ length: channels }, () => multiplier),
        exponents: Array.from({ length: channels }, () => exponent),
      },
    },
  });
}
