// Real arithmetic on values that wait for their quantizer: gains, offsets and bounds, channel by channel.

import { noPadding } from '../../network/geometry.ts';
import type { Shape } from '../../network/network.ts';
import { type Constant, scalar } from './constants.ts';
import {
  type Addition,
  type Integers,
  type OnnxContext,
  refuseNode,
  type Step,
  type Sum,
  type SumOperator,
  type View,
} from './context.ts';
import { channelDimension } from './views.ts';

/** Shape of the map that a value lies on. */
export function mapShapeOf(value: Integers | Sum | Addition, context: OnnxContext): Shape {
  switch (value.kind) {
    case 'integers':
      return context.builder.tensor(value.tensor).shape;
    case 'addition':
      return context.builder.tensor(value.operands[0].tensor).shape;
    case 'sum':
      return value.pools.reduce<Shape>(pooledShape, value.operator.shape);
  }
}

function pooledShape(shape: Shape, { kernel, stride, padding }: Sum['pools'][number]): Shape {
  const count = (size: number, axis: 0 | 1, pad: number): number =>
    Math.floor((size + pad - kernel[axis]) / stride[axis]) + 1;
  return [
    count(shape[0], 0, padding.top + padding.bottom),
    count(shape[1], 1, padding.left + padding.right),
    shape[2],
  ];
}

/** Sums over windows of ones, channel by channel: gain is the real value of one stored step, times `factor`. */
export function sumOfOnes(
  input: Integers,
  window: Pick<SumOperator, 'kernel' | 'stride' | 'padding'>,
  shape: Shape,
  factor: number,
  view: View,
  context: OnnxContext,
): Sum {
  const tensor = context.builder.tensor(input.tensor);
  const channels = shape[2];
  const taps = window.kernel[0] * window.kernel[1];
  context.budget(`tensor "${input.tensor}"`, channels * taps);
  // The sum runs over q - zeroPoint, the meaning over q - zero.
  const offset = input.scale * factor * taps * (tensor.zeroPoint - input.zero);
  return {
    kind: 'sum',
    operator: {
      kind: 'depthwiseConv',
      input: input.tensor,
      ...window,
      groups: channels,
      weights: new Int16Array(channels * taps).fill(1),
      weightBits: 2,
      shape,
    },
    gains: new Float64Array(channels).fill(input.scale * factor),
    offsets: new Float64Array(channels).fill(offset),
    low: -Infinity,
    high: Infinity,
    pools: [],
    dims: view.dims,
    axes: view.axes,
  };
}

/** Stored integers as sums of one, so that gains and offsets can be applied. */
export function asSum(value: Integers, context: OnnxContext): Sum {
  const shape = context.builder.tensor(value.tensor).shape;
  const window = { kernel: [1, 1], stride: [1, 1], padding: noPadding } as const;
  return sumOfOnes(value, window, shape, 1, value, context);
}

/** A constant as one number for each channel of the value. */
export function perChannel(
  step: Step,
  constant: Constant,
  value: View,
  channels: number,
): Float64Array {
  const single = constant.values.length === 1;
  const [only = 0] = constant.values;
  if (single) return new Float64Array(channels).fill(only);
  const place = channelDimension(step, value);
  const fromEnd = value.dims.length - place;
  const axis = constant.dims.length - fromEnd;
  const elsewhere = constant.dims.some((size, other) => size !== 1 && other !== axis);
  if (elsewhere || constant.dims[axis] !== channels || constant.values.length !== channels) {
    return refuseNode(
      step,
      `its constant of [${constant.dims.join(', ')}] does not fit [${value.dims.join(', ')}] channel by channel`,
      'use constants of one number, or one for each channel',
    );
  }
  return constant.values;
}

/** value * gain + offset. */
export function affine(
  step: Step,
  value: Integers | Sum | Addition,
  gain: Constant,
  offset: Constant,
): Integers | Sum | Addition {
  const uniform = gain.values.length === 1 && offset.values.length === 1;
  const [factor = 1] = gain.values;
  const [shift = 0] = offset.values;
  if (value.kind === 'integers' && value.padding === undefined && uniform && factor > 0) {
    const scale = value.scale * factor;
    return { ...value, scale, zero: value.zero - shift / scale };
  }
  if (value.kind === 'addition') {
    if (!uniform || !(factor > 0) || shift !== 0) {
      refuseNode(step, 'it works on a sum of two maps', 'put a quantizer after the addition');
    }
    const scaled = (one: Integers): Integers => ({ ...one, scale: one.scale * factor });
    const [a, b] = value.operands;
    return {
      ...value,
      operands: [scaled(a), scaled(b)],
      low: value.low * factor,
      high: value.high * factor,
    };
  }
  const sum = value.kind === 'integers' ? asSum(value, step.context) : value;
  const channels = sum.operator.shape[2];
  const gains = perChannel(step, gain, sum, channels);
  const offsets = perChannel(step, offset, sum, channels);
  const bounded = sum.low > -Infinity || sum.high < Infinity;
  if (bounded && !(uniform && factor > 0)) {
    refuseNode(
      step,
      'it scales channels differently after an activation function',
      'put a quantizer between the activation function and this node',
    );
  }
  if (sum.pools.length > 0 && gains.some((one) => !(one > 0))) {
    refuseNode(step, 'it turns signs after a maximum', 'put it before the pool');
  }
  const { averageOf: _, ...rest } = sum;
  return {
    ...rest,
    gains: sum.gains.map((one, channel) => one * (gains[channel] ?? 1)),
    offsets: sum.offsets.map(
      (one, channel) => one * (gains[channel] ?? 1) + (offsets[channel] ?? 0),
    ),
    // Infinite bounds stay infinite.
    low: sum.low * factor + shift,
    high: sum.high * factor + shift,
    ...(uniform && factor === 1 && shift === 0 && sum.averageOf !== undefined
      ? { averageOf: sum.averageOf }
      : {}),
  };
}

/** The value between two real bounds. */
export function clampReal(
  value: Integers | Sum | Addition,
  low: number,
  high: number,
  context: OnnxContext,
): Sum | Addition {
  const bounded = value.kind === 'integers' ? asSum(value, context) : value;
  const within = (bound: number): number => Math.min(high, Math.max(low, bound));
  return { ...bounded, low: within(bounded.low), high: within(bounded.high) };
}

/** gain * sum + offset of one channel, in the model's order of operations. */
export function realOf(sum: Sum, channel: number): (acc: number) => number {
  const gain = sum.gains[channel] ?? 0;
  const offset = sum.offsets[channel] ?? 0;
  return (acc) => Math.min(sum.high, Math.max(sum.low, gain * acc + offset));
}

export const one: Constant = scalar(1);
export const nought: Constant = scalar(0);
