// Random operators, drawn onto the end of a growing network; each function returns the tensor it wrote.

import type { Rng } from '../util/rng.ts';
import { halfUpFactor, tfliteFactor } from './factors.ts';
import { elementsOf, noPadding, outputShape, rangeOf, samePadding } from './geometry.ts';
import type { AddOperator, Pair, Shape, Tensor } from './network.ts';
import type { Growth, RandomLimits } from './random-limits.ts';
import { randomClamp, randomTensor, randomWindows, type Windows } from './random-tensor.ts';
import { randomParameters } from './random-weights.ts';

/** Names of the next operator and its output. */
function nextNames(growth: Growth, kind: string): { name: string; output: string } {
  const name = `${kind}${growth.operators.length}`;
  return { name, output: `${name}.out` };
}

function randomDivisor(rng: Rng, channels: number, least = 1): number {
  const all = Array.from({ length: channels }, (_, index) => index + 1);
  return rng.pick(all.filter((divisor) => divisor >= least && channels % divisor === 0));
}

function randomGroups(rng: Rng, channels: number, wish: 'any' | 'one' | 'several'): number {
  if (wish === 'several') return channels === 1 ? 1 : randomDivisor(rng, channels, 2);
  return wish === 'any' && rng.next() < 0.25 ? randomDivisor(rng, channels) : 1;
}

/** Output channels, a multiple of the groups, within maxChannels and maxMacs where one per group is. */
function randomChannels(rng: Rng, limits: RandomLimits, groups: number, macsEach: number): number {
  const affordable = Math.floor(limits.maxMacs / (macsEach * groups));
  const allowed = Math.floor(limits.maxChannels / groups);
  return groups * rng.integer(1, Math.max(1, Math.min(affordable, allowed)));
}

/** What is asked of a random convolution. */
export interface RandomConvWish {
  /** `kept`: an output of its input's shape. */
  readonly shape?: 'any' | 'kept';
  readonly groups?: 'any' | 'one' | 'several';
}

/** A convolution; one group where several are asked for and the channels cannot be divided. */
export function randomConv(
  rng: Rng,
  limits: RandomLimits,
  growth: Growth,
  input: Tensor,
  kind: 'conv' | 'depthwiseConv',
  { shape = 'any', groups = 'any' }: RandomConvWish = {},
): Tensor {
  const windows =
    shape === 'kept' ? keepShape(rng, limits, input) : randomWindows(rng, limits, input.shape);
  const channels = input.shape[2];
  const grouped = kind === 'depthwiseConv' ? channels : randomGroups(rng, channels, groups);
  const taps = windows.kernel[0] * windows.kernel[1] * (channels / grouped);
  const names = nextNames(growth, kind);
  const common = { ...names, input: input.name, ...windows, clamp: { low: 0, high: 0 } };
  const [rows, columns] = outputShape({ ...common, kind: 'maxPool' }, input.shape, channels);
  const fixed = kind === 'depthwiseConv' || shape === 'kept';
  const outputChannels = fixed
    ? channels
    : randomChannels(rng, limits, grouped, rows * columns * taps);
  const output = randomTensor(rng, limits, names.output, [rows, columns, outputChannels]);
  const weightBits = rng.pick(limits.weightBits);
  const sizes = { channels: outputChannels, taps, weightBits };
  const parameters = randomParameters(rng, limits, sizes, input, output, 'double');
  const operator = { ...common, weightBits, clamp: randomClamp(rng, output), parameters };
  growth.tensors.push(output);
  growth.operators.push(
    kind === 'conv' ? { ...operator, kind, groups: grouped } : { ...operator, kind },
  );
  return output;
}

/** An odd kernel at stride 1 with SAME padding. */
function keepShape(rng: Rng, limits: RandomLimits, { shape }: Tensor): Windows {
  const affordable = limits.maxMacs / (elementsOf(shape) * shape[2]);
  const sizes = [1, 3, 5].filter((size) => size <= limits.maxKernel && size * size <= affordable);
  const size = sizes.length === 0 ? 1 : rng.pick(sizes);
  const kernel: Pair = [size, size];
  return { kernel, stride: [1, 1], padding: samePadding(shape, kernel, [1, 1]) };
}

/** A fully connected layer. */
export function randomFullyConnected(
  rng: Rng,
  limits: RandomLimits,
  growth: Growth,
  input: Tensor,
): Tensor {
  const names = nextNames(growth, 'fullyConnected');
  const taps = elementsOf(input.shape);
  const channels = randomChannels(rng, limits, 1, taps);
  const output = randomTensor(rng, limits, names.output, [1, 1, channels]);
  const weightBits = rng.pick(limits.weightBits);
  const parameters = randomParameters(
    rng,
    limits,
    { channels, taps, weightBits },
    input,
    output,
    'single',
  );
  growth.tensors.push(output);
  growth.operators.push({
    kind: 'fullyConnected',
    ...names,
    input: input.name,
    weightBits,
    clamp: randomClamp(rng, output),
    parameters,
  });
  return output;
}

/** The tflite form of an add whose operands count `gains` output steps each. */
function tfliteAdd(gains: Pair): AddOperator['requantization'] {
  const twice = 2 * Math.max(...gains);
  const a = tfliteFactor(gains[0] / twice);
  const b = tfliteFactor(gains[1] / twice);
  const output = tfliteFactor(twice / 2 ** 20);
  return {
    form: 'tflite',
    multiplierA: a.multiplier,
    exponentA: a.exponent,
    multiplierB: b.multiplier,
    exponentB: b.exponent,
    multiplierOutput: output.multiplier,
    exponentOutput: output.exponent,
  };
}

function halfUpAdd(gains: Pair): AddOperator['requantization'] {
  const { shift } = halfUpFactor(Math.max(...gains));
  const [multiplierA, multiplierB] = gains.map((gain) => Math.round(gain * 2 ** shift));
  return { form: 'half-up', multiplierA: multiplierA ?? 0, multiplierB: multiplierB ?? 0, shift };
}

/** A residual block: a convolution that keeps the shape, and the sum of its output and its input. */
export function randomAdd(
  rng: Rng,
  limits: RandomLimits,
  growth: Growth,
  input: Tensor,
  kind: 'conv' | 'depthwiseConv' = 'conv',
): Tensor {
  const branch = randomConv(rng, limits, growth, input, kind, { shape: 'kept' });
  return randomSum(rng, limits, growth, rng.next() < 0.5 ? [branch, input] : [input, branch]);
}

/** The sum of two tensors of one shape, each of its own scale. */
export function randomSum(
  rng: Rng,
  limits: RandomLimits,
  growth: Growth,
  operands: readonly [Tensor, Tensor],
): Tensor {
  const names = nextNames(growth, 'add');
  const output = randomTensor(rng, limits, names.output, operands[0].shape);
  const gain = (operand: Tensor): number => 2 ** (output.bits - operand.bits) * (0.3 + rng.next());
  const gains: Pair = [gain(operands[0]), gain(operands[1])];
  const narrow = operands.every(({ bits }) => bits <= 11);
  const form = narrow ? rng.pick(limits.forms) : 'half-up';
  growth.tensors.push(output);
  growth.operators.push({
    kind: 'add',
    ...names,
    inputs: [operands[0].name, operands[1].name],
    clamp: randomClamp(rng, output),
    requantization: form === 'tflite' ? tfliteAdd(gains) : halfUpAdd(gains),
  });
  return output;
}

/** A pool; its output means what its input means. */
export function randomPool(
  rng: Rng,
  limits: RandomLimits,
  growth: Growth,
  input: Tensor,
  kind: 'averagePool' | 'maxPool' | 'globalAveragePool',
): Tensor {
  const names = nextNames(growth, kind);
  const clamp = rng.next() < 0.2 ? randomClamp(rng, input) : rangeOf(input);
  const common = { ...names, input: input.name, clamp };
  const operator =
    kind === 'globalAveragePool'
      ? { ...common, kind }
      : { ...common, kind, ...poolWindows(rng, limits, input.shape) };
  const shape = outputShape(operator, input.shape, input.shape[2]);
  const output = { ...input, name: names.output, shape };
  growth.tensors.push(output);
  growth.operators.push(operator);
  return output;
}

/** Small windows, half of them without padding, as pools are in practice. */
function poolWindows(rng: Rng, limits: RandomLimits, shape: Shape): Windows {
  const small = { ...limits, maxKernel: Math.min(limits.maxKernel, 4) };
  const windows = randomWindows(rng, small, shape);
  const fits = windows.kernel[0] <= shape[0] && windows.kernel[1] <= shape[1];
  return fits && rng.next() < 0.5 ? { ...windows, padding: noPadding } : windows;
}

/** A channel shuffle; with one group it changes nothing, which is worth a test too. */
export function randomShuffle(rng: Rng, growth: Growth, input: Tensor): Tensor {
  const names = nextNames(growth, 'channelShuffle');
  const output = { ...input, name: names.output };
  const groups = randomDivisor(rng, input.shape[2]);
  growth.tensors.push(output);
  growth.operators.push({ kind: 'channelShuffle', ...names, input: input.name, groups });
  return output;
}
