// Arithmetic between layers: additions, constants, activation functions, batch normalization.

import { combine, scalar } from './constants.ts';
import {
  type Addition,
  attribute,
  constantOperand,
  type Integers,
  type OnnxValue,
  operand,
  optionalConstant,
  refuseNode,
  type Step,
  type Sum,
  setResult,
} from './context.ts';
import { affine, clampReal, nought, one } from './sums.ts';
import { materialize, sameDims } from './targets.ts';

type Real = Integers | Sum | Addition;

/** The value as real numbers; the model's input before its quantizer is the host's, which is noted. */
function realOperand(step: Step, place: number): Real | 'front' {
  const value = operand(step, place);
  switch (value.kind) {
    case 'integers':
    case 'sum':
    case 'addition':
      return value;
    case 'input':
      return 'front';
    default:
      return refuseNode(
        step,
        `its input ${place} is ${value.kind === 'host' ? 'computed on the host' : 'a constant'}`,
        'keep softmax at the end of the model',
      );
  }
}

/** Leaves a node on the model's input to the host. */
function leaveInFront(step: Step, place: number): void {
  const { context, index, node } = step;
  context.front.push({ index, name: node.name, operator: node.opType, place: 'before' });
  setResult(step, operand(step, place));
}

/** Add and Sub: of a constant, or of two maps. */
export function lowerAdd(sign: 1 | -1) {
  return (step: Step): void => {
    const left = operand(step, 0);
    const right = operand(step, 1);
    if (left.kind === 'constant' || right.kind === 'constant') {
      addConstant(step, left, sign);
      return;
    }
    const [a, b] = [realOperand(step, 0), realOperand(step, 1)];
    if (a === 'front' || b === 'front' || sign < 0) {
      refuseNode(step, 'it combines maps that cannot be added here', 'add two quantized maps');
    }
    const operands = [materialize(step, a), materialize(step, b)] as const;
    const [first, second] = operands;
    const fits = sameDims(first, second) && operands.every(({ padding }) => padding === undefined);
    if (!fits) {
      refuseNode(
        step,
        `it adds [${first.dims.join(', ')}] and [${second.dims.join(', ')}]`,
        'add maps of one shape; broadcasting is not supported',
      );
    }
    const { dims, axes } = first;
    setResult(step, { kind: 'addition', operands, low: -Infinity, high: Infinity, dims, axes });
  };
}

function addConstant(step: Step, left: OnnxValue, sign: 1 | -1): void {
  const place = left.kind === 'constant' ? 1 : 0;
  const value = realOperand(step, place);
  if (value === 'front') {
    leaveInFront(step, place);
    return;
  }
  const given = constantOperand(step, 1 - place);
  const isNegated = left.kind === 'constant' && sign < 0;
  const offset = {
    dims: given.dims,
    values: given.values.map((entry) => (place === 0 ? sign : 1) * entry),
  };
  setResult(step, affine(step, value, isNegated ? scalar(-1) : one, offset));
}

/** Mul and Div by a constant. */
export function lowerScale(apply: (factor: number) => number) {
  return (step: Step): void => {
    const [left, right] = [operand(step, 0), operand(step, 1)];
    const place = left.kind === 'constant' ? 1 : 0;
    const isQuotient = apply(2) !== 2;
    if ((left.kind !== 'constant' && right.kind !== 'constant') || (isQuotient && place === 1)) {
      refuseNode(step, 'it multiplies or divides two maps', 'multiply by constants only');
    }
    const value = realOperand(step, place);
    if (value === 'front') {
      leaveInFront(step, place);
      return;
    }
    const given = constantOperand(step, 1 - place);
    const gain = { dims: given.dims, values: given.values.map(apply) };
    setResult(step, affine(step, value, gain, nought));
  };
}

/** Neg. */
export function lowerNegate(step: Step): void {
  const value = realOperand(step, 0);
  if (value === 'front') leaveInFront(step, 0);
  else setResult(step, affine(step, value, scalar(-1), nought));
}

/** Relu, Clip and other bounds; where they come from depends on the operator set. */
export function lowerClamp(bounds: (step: Step) => readonly [number, number]) {
  return (step: Step): void => {
    const value = realOperand(step, 0);
    if (value === 'front') {
      leaveInFront(step, 0);
      return;
    }
    const [low, high] = bounds(step);
    if (!(low <= high)) {
      refuseNode(
        step,
        `its bounds are ${low} and ${high}`,
        'use a lower bound below the upper one',
      );
    }
    setResult(step, clampReal(value, low, high, step.context));
  };
}

/** Bounds of Clip: inputs in newer operator sets, attributes in older ones. */
export function clipBounds(step: Step): readonly [number, number] {
  const low = optionalConstant(step, 1)?.values[0] ?? attribute(step, 'min')?.f ?? -Infinity;
  const high = optionalConstant(step, 2)?.values[0] ?? attribute(step, 'max')?.f ?? Infinity;
  return [low, high];
}

/** BatchNormalization of a trained model: a gain and an offset for each channel. */
export function lowerBatchNormalization(step: Step): void {
  const value = realOperand(step, 0);
  if (value === 'front') {
    leaveInFront(step, 0);
    return;
  }
  const epsilon = attribute(step, 'epsilon')?.f ?? 1e-5;
  const [weight, bias] = [constantOperand(step, 1), constantOperand(step, 2)];
  const [mean, variance] = [constantOperand(step, 3), constantOperand(step, 4)];
  const gain = combine(weight, variance, (w, v) => w / Math.sqrt(v + epsilon));
  const shift = gain && combine(mean, gain, (m, g) => m * g);
  const offset = shift && combine(bias, shift, (b, s) => b - s);
  if (gain === undefined || offset === undefined || !gain.values.every(Number.isFinite)) {
    refuseNode(step, 'its constants do not fit together', 'export the model again');
  }
  // Channels are the second dimension, so that a constant along them is [channels, 1, 1] of a map.
  const trailing = new Array<number>(Math.max(0, value.dims.length - 2)).fill(1);
  const along = (values: Float64Array) => ({ dims: [values.length, ...trailing], values });
  setResult(step, affine(step, value, along(gain.values), along(offset.values)));
}
