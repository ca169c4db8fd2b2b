// Sizes that follow from an operator and its tensors: output shapes, multiply-accumulates, who reads what.

import {
  type ConvOperator,
  type DepthwiseConvOperator,
  type FullyConnectedOperator,
  inputsOf,
  type Network,
  type Operator,
  type Padding,
  type Pair,
  type Shape,
  tensorOf,
} from './network.ts';

/** Operators that multiply by weights. */
export type WeightedOperator = ConvOperator | DepthwiseConvOperator | FullyConnectedOperator;

/** True of the operators that multiply by weights. */
export function isWeighted(operator: Operator): operator is WeightedOperator {
  const { kind } = operator;
  return kind === 'conv' || kind === 'depthwiseConv' || kind === 'fullyConnected';
}

/**
 * A weighted operator seen as one grouped convolution. Depthwise has as many groups as channels; fully connected is
 * a kernel as large as the map, since its input is flattened as [row][column][channel], the order of the weights.
 */
export interface ConvGeometry {
  readonly input: Shape;
  readonly output: Shape;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Padding;
  readonly groups: number;
  /** Products summed for one output. */
  readonly taps: number;
}

/** Windows that stay on the map. */
export const noPadding: Padding = { top: 0, bottom: 0, left: 0, right: 0 };

/** The convolution a weighted operator is. */
export function convGeometry(network: Network, operator: WeightedOperator): ConvGeometry {
  const input = tensorOf(network, operator.input).shape;
  const output = tensorOf(network, operator.output).shape;
  const [rows, columns, channels] = input;
  if (operator.kind === 'fullyConnected') {
    const taps = rows * columns * channels;
    const kernel: Pair = [rows, columns];
    return { input, output, kernel, stride: [1, 1], padding: noPadding, groups: 1, taps };
  }
  const { kernel, stride, padding } = operator;
  const groups = operator.kind === 'conv' ? operator.groups : channels;
  const taps = kernel[0] * kernel[1] * (channels / groups);
  return { input, output, kernel, stride, padding, groups, taps };
}

/** Windows that fit along one axis, 0 or less when not even one does. */
export function windowCount(
  size: number,
  kernel: number,
  stride: number,
  before: number,
  after: number,
): number {
  return Math.floor((size + before + after - kernel) / stride) + 1;
}

/** TensorFlow's SAME padding: ceil(size / stride) windows, the odd tap of padding after the map. */
export function samePadding(
  [rows, columns]: readonly [number, number, ...number[]],
  kernel: Pair,
  stride: Pair,
): Padding {
  const total = (size: number, axis: 0 | 1): number =>
    Math.max(0, (Math.ceil(size / stride[axis]) - 1) * stride[axis] + kernel[axis] - size);
  const vertical = total(rows, 0);
  const horizontal = total(columns, 1);
  const top = Math.floor(vertical / 2);
  const left = Math.floor(horizontal / 2);
  return { top, bottom: vertical - top, left, right: horizontal - left };
}

/** Shape an operator gives from an input shape; output channels are a free choice of weighted operators. */
export function outputShape(operator: Operator, input: Shape, outputChannels: number): Shape {
  const [rows, columns, channels] = input;
  switch (operator.kind) {
    case 'fullyConnected':
      return [1, 1, outputChannels];
    case 'globalAveragePool':
      return [1, 1, channels];
    case 'add':
    case 'channelShuffle':
    case 'hostOnly':
      return input;
    case 'conv':
    case 'depthwiseConv':
    case 'averagePool':
    case 'maxPool': {
      const { kernel, stride, padding } = operator;
      return [
        windowCount(rows, kernel[0], stride[0], padding.top, padding.bottom),
        windowCount(columns, kernel[1], stride[1], padding.left, padding.right),
        operator.kind === 'conv' ? outputChannels : channels,
      ];
    }
  }
}

/** Multiply-accumulates of one image, padding taps counted as the array computes them; 0 without weights. */
export function macsOf(network: Network, operator: Operator): number {
  if (!isWeighted(operator)) return 0;
  const { output, taps } = convGeometry(network, operator);
  return output[0] * output[1] * output[2] * taps;
}

/** Multiply-accumulates of one image through the whole network. */
export function totalMacs(network: Network): number {
  return network.operators.reduce((sum, operator) => sum + macsOf(network, operator), 0);
}

/** Weights of an operator, 0 for those without. */
export function weightCountOf(network: Network, operator: Operator): number {
  if (!isWeighted(operator)) return 0;
  const { output, taps } = convGeometry(network, operator);
  return output[2] * taps;
}

/** Stored integers in one image's tensor. */
export function elementsOf(shape: Shape): number {
  return shape[0] * shape[1] * shape[2];
}

/** Smallest and largest stored integer of a width. */
export function rangeOf(tensor: { readonly bits: number; readonly signed: boolean }): {
  readonly low: number;
  readonly high: number;
} {
  const low = tensor.signed ? -(2 ** (tensor.bits - 1)) : 0;
  return { low, high: low + 2 ** tensor.bits - 1 };
}

/** Operators that read a tensor, in execution order; an add of a tensor to itself is listed once. */
export function consumersOf(network: Network, tensor: string): readonly Operator[] {
  return network.operators.filter((operator) => inputsOf(operator).includes(tensor));
}

/** The operator that writes a tensor; undefined for the network's input. */
export function producerOf(network: Network, tensor: string): Operator | undefined {
  return network.operators.find((operator) => operator.output === tensor);
}

/** The operators the accelerator runs: all but the host's, which only ever stand at the end. */
export function acceleratorOperators(
  network: Network,
): readonly Exclude<Operator, { kind: 'hostOnly' }>[] {
  return network.operators.filter((operator) => operator.kind !== 'hostOnly');
}

/** The last tensor the accelerator writes: the network's output with host operators taken off. */
export function acceleratorOutput(network: Network): string {
  let name = network.output;
  for (;;) {
    const producer = producerOf(network, name);
    if (producer?.kind !== 'hostOnly') return name;
    name = producer.input;
  }
}

const kindNames = {
  conv: 'convolution',
  depthwiseConv: 'depthwise convolution',
  fullyConnected: 'fully connected',
  add: 'add',
  averagePool: 'average pool',
  maxPool: 'max pool',
  globalAveragePool: 'global average pool',
  channelShuffle: 'channel shuffle',
  hostOnly: 'host',
} as const satisfies Record<Operator['kind'], string>;

const counted = (channels: number): string => `${channels} channel${channels === 1 ? '' : 's'}`;

/** What an operator is, for a person: "3x3 convolution, stride 2, 16 to 24 channels, 4-bit weights". */
export function describeOperator(network: Network, operator: Operator): string {
  const parts: string[] = [];
  const pair = ([a, b]: Pair): string => (a === b ? `${a}` : `${a}x${b}`);
  if ('kernel' in operator) {
    parts.push(`${operator.kernel[0]}x${operator.kernel[1]} ${kindNames[operator.kind]}`);
    if (operator.stride[0] !== 1 || operator.stride[1] !== 1) {
      parts.push(`stride ${pair(operator.stride)}`);
    }
  } else {
    parts.push(
      operator.kind === 'hostOnly' ? `${operator.function} on the host` : kindNames[operator.kind],
    );
  }
  if ('groups' in operator && operator.groups > 1) parts.push(`${operator.groups} groups`);
  const [first = network.input] = inputsOf(operator);
  const { shape } = tensorOf(network, first);
  const inputChannels = operator.kind === 'fullyConnected' ? elementsOf(shape) : shape[2];
  const outputChannels = tensorOf(network, operator.output).shape[2];
  parts.push(
    inputChannels === outputChannels
      ? counted(outputChannels)
      : `${inputChannels} to ${counted(outputChannels)}`,
  );
  if (isWeighted(operator)) parts.push(`${operator.weightBits}-bit weights`);
  return parts.join(', ');
}
