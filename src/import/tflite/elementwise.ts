// ADD, activations on their own, requantization and padding.

import { tfliteFactor } from '../../network/factors.ts';
import { noPadding, rangeOf } from '../../network/geometry.ts';
import type { Clamp, Padding, Tensor } from '../../network/network.ts';
import { refuse } from '../../network/refuse.ts';
import {
  addResult,
  describeTensor,
  type LiteContext,
  mapOf,
  operand,
  operatorName,
  resultOf,
  subjectOf,
  valueAt,
} from './context.ts';
import { clampBetween, clampOf, liteAdd } from './factors.ts';
import type { LiteOperator } from './model.ts';
import { addWindowSum } from './weighted.ts';
import { readIntegers } from './weights.ts';

/** ADD of two maps of one shape. */
export function lowerAdd(operator: LiteOperator, context: LiteContext): void {
  const subject = subjectOf(operator, context);
  const first = mapOf(operator, 0, context);
  const second = mapOf(operator, 1, context);
  if (first.shape.some((size, axis) => size !== second.shape[axis])) {
    refuse(
      subject,
      `its inputs have the shapes [${first.shape.join(', ')}] and [${second.shape.join(', ')}]`,
      'add maps of one shape; broadcasting is not supported',
    );
  }
  const described = describeTensor(resultOf(operator, context), first.shape);
  const clamp = clampOf(subject, operator.options?.byte(0) ?? 0, described);
  const output = addResult(resultOf(operator, context), first.shape, context);
  context.builder.addOperator({
    kind: 'add',
    name: operatorName(operator),
    inputs: [first.name, second.name],
    output,
    clamp,
    requantization: liteAdd(first, second, described),
  });
}

/** An activation that the converter did not fuse. */
export function lowerActivation(bounds: readonly [number, number]) {
  return (operator: LiteOperator, context: LiteContext): void => {
    const input = mapOf(operator, 0, context);
    const output = describeTensor(resultOf(operator, context), input.shape);
    rescale(operator, input, output, clampBetween(bounds, output), context);
  };
}

/** A tensor under another scale. */
export function lowerRequantize(operator: LiteOperator, context: LiteContext): void {
  const input = mapOf(operator, 0, context);
  const output = describeTensor(resultOf(operator, context), input.shape);
  const { low, high } = rangeOf(output);
  rescale(operator, input, output, { low, high }, context);
}

function rescale(
  operator: LiteOperator,
  input: Tensor,
  output: Tensor,
  clamp: Clamp,
  context: LiteContext,
): void {
  const sameNumbers =
    input.scale === output.scale &&
    input.zeroPoint === output.zeroPoint &&
    input.signed === output.signed;
  if (!sameNumbers) {
    // The kernels divide the scales in single precision only where they clamp; both agree in double here.
    const factor = tfliteFactor(input.scale / output.scale);
    const requantize = { rounding: 'double', ...factor } as const;
    addWindowSum(operator, input, [1, 1], noPadding, requantize, clamp, input.shape, context);
    return;
  }
  // A maximum over single pixels moves integers and clamps them.
  const name = addResult(resultOf(operator, context), input.shape, context);
  const window = { kernel: [1, 1], stride: [1, 1], padding: noPadding } as const;
  context.builder.addOperator({
    kind: 'maxPool',
    name: operatorName(operator),
    input: input.name,
    output: name,
    clamp,
    ...window,
  });
}

const convolutions = [3, 4];

/** PAD of rows and columns: waits for the convolutions that read it, or becomes a 1x1 kernel of ones. */
export function lowerPad(operator: LiteOperator, context: LiteContext): void {
  const subject = subjectOf(operator, context);
  const waiting = valueAt(operator, 0, context);
  const source =
    waiting.kind === 'padded'
      ? context.builder.tensor(waiting.tensor)
      : mapOf(operator, 0, context);
  const before = waiting.kind === 'padded' ? waiting.padding : noPadding;
  const amounts = readIntegers(operator, operand(operator, 1, context), context);
  const rank = operand(operator, 0, context).shape.length;
  const at = (fromEnd: number, side: number): number => amounts[2 * (rank - fromEnd) + side] ?? 0;
  const outside = amounts.some(
    (amount, index) =>
      amount !== 0 &&
      index !== 2 * (rank - 3) &&
      index !== 2 * (rank - 3) + 1 &&
      index !== 2 * (rank - 2) &&
      index !== 2 * (rank - 2) + 1,
  );
  if (amounts.length !== 2 * rank || outside || amounts.some((amount) => amount < 0)) {
    refuse(subject, `it pads by [${amounts.slice(0, 8).join(', ')}]`, 'pad rows and columns only');
  }
  const padding: Padding = {
    top: before.top + (rank > 3 ? at(3, 0) : 0),
    bottom: before.bottom + (rank > 3 ? at(3, 1) : 0),
    left: before.left + at(2, 0),
    right: before.right + at(2, 1),
  };
  const result = resultOf(operator, context);
  const readers = context.readers.get(result.index) ?? [];
  if (readers.length > 0 && readers.every(({ code }) => convolutions.includes(code))) {
    context.values.set(result.index, { kind: 'padded', tensor: source.name, padding });
    return;
  }
  const [rows, columns, channels] = source.shape;
  const shape = [
    rows + padding.top + padding.bottom,
    columns + padding.left + padding.right,
    channels,
  ] as const;
  const described = describeTensor(result, shape);
  const { low, high } = rangeOf(described);
  const factor = tfliteFactor(source.scale / described.scale);
  const requantize = { rounding: 'double', ...factor } as const;
  addWindowSum(operator, source, [1, 1], padding, requantize, { low, high }, shape, context);
}
