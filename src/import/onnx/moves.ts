// Nodes that move no numbers, padding, and what stays on the host.

import { noPadding } from '../../network/geometry.ts';
import type { Padding } from '../../network/network.ts';
import { scalar, sizeOf } from './constants.ts';
import {
  type Addition,
  attribute,
  constantOperand,
  type Integers,
  integer,
  type ModelInput,
  nameOf,
  operand,
  optionalConstant,
  refuseNode,
  type Step,
  type Sum,
  setResult,
  text,
} from './context.ts';
import { axesOf, flattenedDims, orderOf, squeezedDims, unsqueezedDims } from './fold.ts';
import { mapShapeOf } from './sums.ts';
import {
  expectMap,
  inputView,
  reshapeView,
  resolveDims,
  shapeOfInput,
  transposeView,
} from './views.ts';
import { integersOf } from './weighted.ts';

type Viewed = ModelInput | Integers | Sum | Addition;

function reshape(
  step: Step,
  wanted: (dims: readonly number[]) => readonly number[] | undefined,
): void {
  const value = operand(step, 0);
  if (value.kind === 'host') {
    setResult(step, value);
    return;
  }
  if (value.kind === 'constant') {
    refuseNode(step, 'its shape is not a constant', 'fold shape arithmetic when exporting');
  }
  const dims = wanted(value.dims);
  if (dims === undefined || sizeOf(dims) !== sizeOf(value.dims)) {
    refuseNode(
      step,
      `it cannot reshape [${value.dims.join(', ')}] to [${(dims ?? []).slice(0, 8).join(', ')}]`,
      'export the model with fixed shapes and a batch of one',
    );
  }
  if ('padding' in value && value.padding !== undefined) {
    refuseNode(step, 'it reshapes padding', 'put padding right before a convolution');
  }
  const viewed: Viewed = value;
  const shape = viewed.kind === 'input' ? viewed.shape : mapShapeOf(viewed, step.context);
  setResult(step, reshapeView<Viewed>(step, viewed, dims, shape));
}

/** Reshape. */
export function lowerReshape(step: Step): void {
  const given = optionalConstant(step, 1)?.values ?? attribute(step, 'shape')?.ints ?? [];
  const keeps = integer(step, 'allowzero', 0) === 0;
  reshape(step, (dims) => resolveDims(dims, [...given], keeps));
}

/** Flatten. */
export function lowerFlatten(step: Step): void {
  const axis = integer(step, 'axis', 1);
  reshape(step, (dims) => flattenedDims(dims, axis));
}

/** Squeeze. */
export function lowerSqueeze(step: Step): void {
  const axes = axesOf(step, optionalConstant(step, 1));
  reshape(step, (dims) => squeezedDims(dims, axes));
}

/** Unsqueeze. */
export function lowerUnsqueeze(step: Step): void {
  const axes = axesOf(step, optionalConstant(step, 1)) ?? [];
  reshape(step, (dims) => unsqueezedDims(dims, axes));
}

const toChannelsFirst = '0,3,1,2';

/** Transpose: a view; of an input with channels last, what the network's order is anyway. */
export function lowerTranspose(step: Step): void {
  const value = operand(step, 0);
  if (value.kind === 'host' || value.kind === 'constant') {
    setResult(step, value);
    return;
  }
  const order = orderOf(step, value.dims.length);
  const { context } = step;
  const isInput =
    value.kind === 'input' ||
    (value.kind === 'integers' &&
      value.tensor === context.input &&
      !context.builder.isRead(value.tensor));
  const moved = transposeView<Viewed>(value, order);
  if (!isInput || order.join() !== toChannelsFirst) {
    setResult(step, moved);
    return;
  }
  const shape = shapeOfInput(moved.dims);
  if (shape === undefined) refuseNode(step, 'its input has a batch', 'export a batch of one');
  const view = inputView(moved.dims, shape);
  if (value.kind === 'integers') {
    context.builder.replaceTensor({ ...context.builder.tensor(value.tensor), shape });
    setResult(step, { ...value, ...view });
  } else if (value.kind === 'input') setResult(step, { ...value, ...view, shape });
}

/** Identity, Dropout, Cast between real types. */
export function lowerSame(step: Step): void {
  setResult(step, operand(step, 0));
}

/** Shape: known, since all shapes are fixed. */
export function lowerShape(step: Step): void {
  const value = operand(step, 0);
  if (value.kind === 'host') refuseNode(step, 'it reads a result of the host', 'export again');
  const dims = value.kind === 'constant' ? value.constant.dims : value.dims;
  const values = Float64Array.from(dims);
  setResult(step, { kind: 'constant', constant: { dims: [dims.length], values } });
}

/** Pad of rows and columns by zeros: waits for the convolution. */
export function lowerPad(step: Step): void {
  const input = integersOf(step, 0);
  expectMap(step, input);
  const amounts = attribute(step, 'pads')?.ints ?? [...constantOperand(step, 1).values];
  const [fill = 0] = (optionalConstant(step, 2) ?? scalar(attribute(step, 'value')?.f ?? 0)).values;
  const rank = input.dims.length;
  const at = (axis: number): number => amounts[axis] ?? 0;
  const inner = rank === 4 ? [at(2), at(3), at(6), at(7)] : [0, at(2), 0, at(5)];
  const [top = 0, left = 0, bottom = 0, right = 0] = inner;
  const isElsewhere = amounts.some((amount, axis) => amount !== 0 && axis % rank < 2);
  const isWhole = amounts.every(
    (amount) => Number.isInteger(amount) && amount >= 0 && amount < 256,
  );
  const isConstant = text(step, 'mode', 'constant') === 'constant';
  if (isElsewhere || !isWhole || amounts.length !== 2 * rank || fill !== 0 || !isConstant) {
    refuseNode(
      step,
      `it pads by [${amounts.slice(0, 8).join(', ')}]`,
      'pad rows and columns by zeros',
    );
  }
  const before = input.padding ?? noPadding;
  const padding: Padding = {
    top: before.top + top,
    left: before.left + left,
    bottom: before.bottom + bottom,
    right: before.right + right,
  };
  const [batch = 1, channels = 1] = input.dims;
  const sizes =
    rank === 4
      ? [(input.dims[2] ?? 0) + top + bottom, (input.dims[3] ?? 0) + left + right]
      : [(input.dims[2] ?? 0) + left + right];
  setResult(step, { ...input, padding, dims: [batch, channels, ...sizes] });
}

/** Softmax and what else ends a model: the host's. */
export function lowerHost(hasOperator: boolean) {
  return (step: Step): void => {
    const { context, index, node } = step;
    context.host.push({ index, name: node.name, operator: node.opType, place: 'after' });
    const value = operand(step, 0);
    const input = value.kind === 'host' ? value.tensor : integersOf(step, 0).tensor;
    if (!hasOperator) {
      setResult(step, { kind: 'host', tensor: input });
      return;
    }
    const { builder } = context;
    const output = builder.addTensor({ ...builder.tensor(input), name: nameOf(step) });
    const common = { kind: 'hostOnly', name: nameOf(step), input, output } as const;
    builder.addOperator({ ...common, function: 'softmax' });
    setResult(step, { kind: 'host', tensor: output });
  };
}
