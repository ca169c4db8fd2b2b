// The definition of a network's arithmetic, one output at a time in big integers: slow, plain, and the judge of run.ts.

import {
  acceleratorOperators,
  convGeometry,
  elementsOf,
  type WeightedOperator,
} from '../network/geometry.ts';
import {
  type AddOperator,
  type ChannelShuffleOperator,
  type Clamp,
  type GlobalAveragePoolOperator,
  type Network,
  type Operator,
  type PoolOperator,
  type Requantization,
  type Shape,
  tensorOf,
} from '../network/network.ts';
import { parametersOf } from './accumulators.ts';
import { exactAverage, exactHalfUp, exactTfliteDouble, exactTfliteSingle } from './exact.ts';

/** Stored integer of one image's tensor at row, column, channel. */
type Read = (row: number, column: number, channel: number) => bigint;

/** A tensor's values and the operand view of it. */
interface Operand {
  readonly shape: Shape;
  readonly zeroPoint: bigint;
  readonly read: Read;
}

function clampTo({ low, high }: Clamp, value: bigint): bigint {
  if (value < BigInt(low)) return BigInt(low);
  return value > BigInt(high) ? BigInt(high) : value;
}

function requantize(form: Requantization, acc: bigint, channel: number): bigint {
  const multiplier = form.multipliers[channel] ?? 0;
  if (form.form === 'half-up') return exactHalfUp(acc, multiplier, form.shifts[channel] ?? 1);
  const rescale = form.rounding === 'double' ? exactTfliteDouble : exactTfliteSingle;
  return rescale(acc, multiplier, form.exponents[channel] ?? 0);
}

function weighted(network: Network, operator: WeightedOperator, input: Operand): Read {
  const { kernel, stride, padding, groups, taps, output } = convGeometry(network, operator);
  const { weights, bias, requantization } = parametersOf(operator);
  const zero = BigInt(tensorOf(network, operator.output).zeroPoint);
  const [rows, columns, channels] = input.shape;
  const perGroup = channels / groups;
  return (outputRow, outputColumn, channel) => {
    const firstChannel = Math.floor(channel / (output[2] / groups)) * perGroup;
    let acc = BigInt(bias[channel] ?? 0);
    for (let kh = 0; kh < kernel[0]; kh++) {
      for (let kw = 0; kw < kernel[1]; kw++) {
        const row = outputRow * stride[0] + kh - padding.top;
        const column = outputColumn * stride[1] + kw - padding.left;
        if (row < 0 || row >= rows || column < 0 || column >= columns) continue;
        for (let n = 0; n < perGroup; n++) {
          const weight = weights[channel * taps + (kh * kernel[1] + kw) * perGroup + n] ?? 0;
          acc += BigInt(weight) * (input.read(row, column, firstChannel + n) - input.zeroPoint);
        }
      }
    }
    return clampTo(operator.clamp, requantize(requantization, acc, channel) + zero);
  };
}

function add(network: Network, operator: AddOperator, [a, b]: readonly [Operand, Operand]): Read {
  const zero = BigInt(tensorOf(network, operator.output).zeroPoint);
  const form = operator.requantization;
  return (row, column, channel) => {
    const left = a.read(row, column, channel) - a.zeroPoint;
    const right = b.read(row, column, channel) - b.zeroPoint;
    if (form.form === 'half-up') {
      const sum = left * BigInt(form.multiplierA) + right * BigInt(form.multiplierB);
      return clampTo(operator.clamp, exactHalfUp(sum, 1, form.shift) + zero);
    }
    const sum =
      exactTfliteDouble(left << 20n, form.multiplierA, form.exponentA) +
      exactTfliteDouble(right << 20n, form.multiplierB, form.exponentB);
    const value = exactTfliteDouble(sum, form.multiplierOutput, form.exponentOutput);
    return clampTo(operator.clamp, value + zero);
  };
}

function pool(operator: PoolOperator | GlobalAveragePoolOperator, input: Operand): Read {
  const [rows, columns] = input.shape;
  return (outputRow, outputColumn, channel) => {
    const values: bigint[] = [];
    const inWindow = (at: number, output: number, axis: 0 | 1, before: number): boolean => {
      if (operator.kind === 'globalAveragePool') return true;
      const start = output * operator.stride[axis] - before;
      return at >= start && at < start + operator.kernel[axis];
    };
    const { top, left } =
      operator.kind === 'globalAveragePool' ? { top: 0, left: 0 } : operator.padding;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        if (!inWindow(row, outputRow, 0, top) || !inWindow(column, outputColumn, 1, left)) continue;
        values.push(input.read(row, column, channel));
      }
    }
    const value =
      operator.kind === 'maxPool'
        ? values.reduce((best, next) => (next > best ? next : best))
        : exactAverage(
            values.reduce((sum, next) => sum + next, 0n),
            BigInt(values.length),
          );
    return clampTo(operator.clamp, value);
  };
}

function shuffle({ groups }: ChannelShuffleOperator, input: Operand): Read {
  const perGroup = input.shape[2] / groups;
  return (row, column, channel) =>
    input.read(row, column, (channel % groups) * perGroup + Math.floor(channel / groups));
}

function definitionOf(
  network: Network,
  operator: Exclude<Operator, { kind: 'hostOnly' }>,
  operand: (name: string) => Operand,
): Read {
  switch (operator.kind) {
    case 'conv':
    case 'depthwiseConv':
    case 'fullyConnected':
      return weighted(network, operator, operand(operator.input));
    case 'add':
      return add(network, operator, [operand(operator.inputs[0]), operand(operator.inputs[1])]);
    case 'averagePool':
    case 'maxPool':
    case 'globalAveragePool':
      return pool(operator, operand(operator.input));
    case 'channelShuffle':
      return shuffle(operator, operand(operator.input));
  }
}

/** Every tensor of ONE image as runInteger returns it, by the definitions alone; seconds per million products. */
export function runExact(network: Network, image: ArrayLike<number>): Map<string, Int32Array> {
  const results = new Map([[network.input, Int32Array.from(image)]]);
  const operand = (name: string): Operand => {
    const { shape, zeroPoint } = tensorOf(network, name);
    const values = results.get(name);
    if (values === undefined) throw new Error(`tensor "${name}" is not computed yet`);
    const read: Read = (row, column, channel) =>
      BigInt(values[(row * shape[1] + column) * shape[2] + channel] ?? 0);
    return { shape, zeroPoint: BigInt(zeroPoint), read };
  };
  for (const operator of acceleratorOperators(network)) {
    const { shape } = tensorOf(network, operator.output);
    const define = definitionOf(network, operator, operand);
    const values = new Int32Array(elementsOf(shape)).map((_, index) => {
      const pixel = Math.floor(index / shape[2]);
      const value = define(Math.floor(pixel / shape[1]), pixel % shape[1], index % shape[2]);
      return Number(value);
    });
    results.set(operator.output, values);
  }
  return results;
}
