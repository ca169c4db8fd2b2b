// AVERAGE_POOL_2D, MAX_POOL_2D and MEAN over a whole map.

import { rescaleTfliteDouble, roundedAverage } from '../../integer/rescale.ts';
import { tfliteFactor } from '../../network/factors.ts';
import { noPadding, rangeOf } from '../../network/geometry.ts';
import type { Clamp, Pair, Shape, Tensor } from '../../network/network.ts';
import { refuse } from '../../network/refuse.ts';
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
} from './context.ts';
import { clampOf } from './factors.ts';
import type { LiteOperator } from './model.ts';
import { addWindowSum, windowPadding } from './weighted.ts';
import { readIntegers } from './weights.ts';

/** A pool over windows; the kernels do not requantize, and count only pixels on the map. */
export function lowerPool(kind: 'averagePool' | 'maxPool') {
  return (operator: LiteOperator, context: LiteContext): void => {
    const subject = subjectOf(operator, context);
    const input = mapOf(operator, 0, context);
    const { options } = operator;
    const stride: Pair = [options?.int(2) ?? 0, options?.int(1) ?? 0];
    const kernel: Pair = [options?.int(4) ?? 0, options?.int(3) ?? 0];
    if (kernel[0] < 1 || kernel[1] < 1) {
      refuse(subject, `its window is ${kernel.join('x')}`, 'use windows of at least one pixel');
    }
    const scheme = options?.byte(0) ?? 0;
    const padding = windowPadding(subject, scheme, input.shape, noPadding, kernel, stride);
    const result = resultOf(operator, context);
    const described = describeTensor(result, shapeOf(result));
    const clamp = clampOf(subject, options?.byte(5) ?? 0, described);
    const output = addResult(result, described.shape, context);
    const name = operatorName(operator);
    const common = { name, input: input.name, output, clamp };
    const isGlobal =
      kind === 'averagePool' &&
      kernel[0] === input.shape[0] &&
      kernel[1] === input.shape[1] &&
      described.shape[0] === 1 &&
      described.shape[1] === 1 &&
      Object.values(padding).every((side) => side === 0);
    context.builder.addOperator(
      isGlobal
        ? { kind: 'globalAveragePool', ...common }
        : { kind, ...common, kernel, stride, padding },
    );
  };
}

/** MEAN over rows and columns: the kernel folds 1/n into the multiplier and rounds as convolutions do. */
export function lowerMean(operator: LiteOperator, context: LiteContext): void {
  const input = mapOf(operator, 0, context);
  const tensor = operand(operator, 0, context);
  const rank = tensor.shape.length;
  const given = readIntegers(operator, operand(operator, 1, context), context);
  const axes = new Set(given.map((axis) => (axis < 0 ? axis + rank : axis)));
  const [rows, columns, channels] = input.shape;
  // Axes of one pixel may be reduced or not.
  const coversMap =
    (rank < 4 || rows === 1 || axes.has(1)) && (columns === 1 || axes.has(rank - 2));
  const allowed = [...axes].every((axis) => axis > 0 && axis < rank - 1);
  if (!coversMap || !allowed || axes.size === 0) {
    refuse(
      subjectOf(operator, context),
      `it averages over the dimensions [${given.slice(0, 8).join(', ')}] of [${tensor.shape.join(', ')}]`,
      'average over all rows and columns, as global average pooling does',
    );
  }
  const shape: Shape = [1, 1, channels];
  const output = describeTensor(resultOf(operator, context), shape);
  const clamp = rangeOf(output);
  const count = rows * columns;
  const { multiplier, exponent } = meanFactor(input.scale / output.scale, count);
  if (isPlainAverage(input, output, count, multiplier, exponent)) {
    const name = addResult(resultOf(operator, context), shape, context);
    context.builder.addOperator({
      kind: 'globalAveragePool',
      name: operatorName(operator),
      input: input.name,
      output: name,
      clamp: { low: clamp.low, high: clamp.high },
    });
    return;
  }
  addWindowSum(
    operator,
    input,
    [rows, columns],
    noPadding,
    { rounding: 'double', multiplier, exponent },
    { low: clamp.low, high: clamp.high } satisfies Clamp,
    shape,
    context,
  );
}

/** The kernel's multiplier of a sum: the scales' quotient shifted up by log2 n, then divided by n. */
function meanFactor(
  quotient: number,
  count: number,
): { readonly multiplier: number; readonly exponent: number } {
  const { multiplier, exponent } = tfliteFactor(quotient);
  const shift = Math.min(Math.floor(Math.log2(count)), 32, 31 + exponent);
  const divided = (BigInt(multiplier) << BigInt(shift)) / BigInt(count);
  return { multiplier: Number(divided), exponent: exponent - shift };
}

const sumsToTry = 2 ** 22;

/** Whether dividing the sum of stored integers gives the kernel's result for every sum there can be. */
function isPlainAverage(
  input: Tensor,
  output: Tensor,
  count: number,
  multiplier: number,
  exponent: number,
): boolean {
  if (input.scale !== output.scale || input.zeroPoint !== output.zeroPoint) return false;
  if (input.signed !== output.signed) return false;
  const { low, high } = rangeOf(input);
  if (count * (high - low) > sumsToTry) return false;
  for (let sum = count * low; sum <= count * high; sum++) {
    const centred = sum - count * input.zeroPoint;
    const kernel = rescaleTfliteDouble(centred, multiplier, exponent) + output.zeroPoint;
    if (Math.min(high, Math.max(low, kernel)) !== roundedAverage(sum, count)) return false;
  }
  return true;
}
