// Are an operator's weights and rescaling within what the hardware's records can hold?

import { elementsOf, isWeighted, type WeightedOperator } from './geometry.ts';
import type { AddOperator, ConvParameters, Operator, Tensor } from './network.ts';
import { refuse } from './refuse.ts';

/** Inclusive bounds of the numbers a record holds. */
export const recordLimits = {
  halfUpMultiplier: [0, 65_535],
  halfUpShift: [1, 47],
  tfliteMultiplier: [0, 2 ** 31 - 1],
  /** Accumulators are shifted left by at most 7. */
  tfliteExponent: [-31, 7],
  /** An add's factors are at most one, so that no operand leaves 32 bits. */
  tfliteAddExponent: [-31, 0],
} as const satisfies Record<string, readonly [number, number]>;

/** TensorFlow Lite's add shifts `a - za` left by 20: within 32 bits up to this width. */
const tfliteAddBits = 11;

function checkNumber(
  subject: string,
  what: string,
  value: number,
  [low, high]: readonly [number, number],
): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  refuse(subject, `${what} is ${value}`, `give a whole number from ${low} to ${high}`);
}

function checkList(
  subject: string,
  what: string,
  values: readonly number[],
  length: number,
  limits: readonly [number, number],
): void {
  if (values.length !== length) {
    refuse(
      subject,
      `it has ${values.length} ${what} for ${length} channels`,
      'give one per channel',
    );
  }
  values.forEach((value, index) => {
    checkNumber(subject, `${what}[${index}]`, value, limits);
  });
}

/** Products summed for one output, without the network that convGeometry needs. */
function tapsOf(operator: WeightedOperator, input: Tensor): number {
  switch (operator.kind) {
    case 'fullyConnected':
      return elementsOf(input.shape);
    case 'depthwiseConv':
      return operator.kernel[0] * operator.kernel[1];
    case 'conv':
      return operator.kernel[0] * operator.kernel[1] * (input.shape[2] / operator.groups);
  }
}

function checkWeights(
  operator: WeightedOperator,
  parameters: ConvParameters,
  subject: string,
  input: Tensor,
  output: Tensor,
): void {
  const channels = output.shape[2];
  const expected = channels * tapsOf(operator, input);
  const { weights, bias, requantization } = parameters;
  if (weights.length !== expected) {
    refuse(
      subject,
      `it has ${weights.length} weights where its shapes need ${expected}`,
      'export weights as [output channel][kernel row][kernel column][input channel of the group]',
    );
  }
  const bound = 2 ** (operator.weightBits - 1) - 1;
  const wide = weights.findIndex((weight) => weight < -bound || weight > bound);
  if (wide >= 0) {
    refuse(
      subject,
      `weight ${wide} is ${weights[wide]}, outside the narrow range of ${operator.weightBits} bits`,
      `keep weights from ${-bound} to ${bound} or raise weightBits`,
    );
  }
  if (bias.length !== channels) {
    refuse(
      subject,
      `it has ${bias.length} biases for ${channels} channels`,
      'give one per channel',
    );
  }
  const { multipliers } = requantization;
  if (requantization.form === 'half-up') {
    checkList(subject, 'multipliers', multipliers, channels, recordLimits.halfUpMultiplier);
    checkList(subject, 'shifts', requantization.shifts, channels, recordLimits.halfUpShift);
  } else {
    checkList(subject, 'multipliers', multipliers, channels, recordLimits.tfliteMultiplier);
    checkList(
      subject,
      'exponents',
      requantization.exponents,
      channels,
      recordLimits.tfliteExponent,
    );
  }
}

function checkAdd(operator: AddOperator, subject: string, inputs: readonly Tensor[]): void {
  const { requantization: given } = operator;
  if (given.form === 'half-up') {
    checkNumber(subject, 'multiplierA', given.multiplierA, recordLimits.halfUpMultiplier);
    checkNumber(subject, 'multiplierB', given.multiplierB, recordLimits.halfUpMultiplier);
    checkNumber(subject, 'shift', given.shift, recordLimits.halfUpShift);
    return;
  }
  for (const { name, bits } of inputs) {
    if (bits <= tfliteAddBits) continue;
    refuse(
      subject,
      `"${name}" has ${bits} bits, too wide for the tflite add`,
      `use the half-up form above ${tfliteAddBits} bits`,
    );
  }
  for (const operand of ['A', 'B', 'Output'] as const) {
    const multiplier = given[`multiplier${operand}`];
    const exponent = given[`exponent${operand}`];
    checkNumber(subject, `multiplier${operand}`, multiplier, recordLimits.tfliteMultiplier);
    checkNumber(subject, `exponent${operand}`, exponent, recordLimits.tfliteAddExponent);
    // s / (2 max(sa, sb)) is at most a half; the sum of both operands then stays within 32 bits.
    if (operand !== 'Output' && exponent === 0 && multiplier > 2 ** 30) {
      refuse(
        subject,
        `the factor of operand ${operand} is above one half`,
        'scale operands by s / (2 max(sa, sb)), as TensorFlow Lite does',
      );
    }
  }
}

/** Throws InvalidConfigError when weights, bias, multipliers or shifts do not fit shapes and records. */
export function checkParameters(
  operator: Operator,
  subject: string,
  inputs: readonly Tensor[],
  output: Tensor,
): void {
  if (operator.kind === 'add') checkAdd(operator, subject, inputs);
  if (!isWeighted(operator)) return;
  checkNumber(subject, 'weightBits', operator.weightBits, [2, 16]);
  const [input] = inputs;
  if (operator.parameters === undefined || input === undefined) return;
  checkWeights(operator, operator.parameters, subject, input, output);
}
