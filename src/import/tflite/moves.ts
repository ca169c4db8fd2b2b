// Operators that move no integers, and those that stay on the host.

import { elementsOf } from '../../network/geometry.ts';
import { refuse } from '../../network/refuse.ts';
import {
  addResult,
  codeName,
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
import { lowerRequantize } from './elementwise.ts';
import { type LiteOperator, tensorTypes } from './model.ts';
import { readIntegers } from './weights.ts';

/** RESHAPE, SQUEEZE, EXPAND_DIMS: the same integers in the same order under another shape. */
export function lowerView(operator: LiteOperator, context: LiteContext): void {
  const result = resultOf(operator, context);
  const value = valueAt(operator, 0, context);
  if (value.kind === 'host' || value.kind === 'shapes') {
    context.values.set(result.index, value);
    return;
  }
  const shape = shapeOf(result);
  const source = value.kind === 'raw' ? value : viewOf(operator, 0, context);
  if (elementsOf(source.shape) !== elementsOf(shape)) {
    refuse(
      subjectOf(operator, context),
      `it turns [${source.shape.join(', ')}] into [${shape.join(', ')}]`,
      'the file is damaged; convert the model again',
    );
  }
  context.values.set(
    result.index,
    value.kind === 'raw'
      ? { kind: 'raw', shape }
      : { kind: 'map', ...viewOf(operator, 0, context), shape },
  );
}

/** TRANSPOSE where only dimensions of size one change places. */
export function lowerTranspose(operator: LiteOperator, context: LiteContext): void {
  const { shape } = operand(operator, 0, context);
  const order = readIntegers(operator, operand(operator, 1, context), context);
  const moved = order.filter((axis) => shape[axis] !== 1);
  if (moved.some((axis, index) => index > 0 && axis < (moved[index - 1] ?? 0))) {
    refuse(
      subjectOf(operator, context),
      `it reorders [${shape.join(', ')}] as [${order.join(', ')}]`,
      'keep rows, columns and channels in this order',
    );
  }
  lowerView(operator, context);
}

/** Whole numbers about shapes, which are fixed and already known. */
export function lowerShapeArithmetic(operator: LiteOperator, context: LiteContext): void {
  const result = resultOf(operator, context);
  if (result.type !== tensorTypes.int32 && result.type !== tensorTypes.int64) {
    refuse(
      subjectOf(operator, context),
      'it works on activations, where only shapes are supported',
      'remove it from the model or compute it on the host',
    );
  }
  context.values.set(result.index, { kind: 'shapes' });
}

/** Notes that the host computes this operator, before the accelerator or after. */
function leaveToHost(
  operator: LiteOperator,
  place: 'before' | 'after',
  context: LiteContext,
): void {
  const name = context.model.tensors[operator.outputs[0] ?? -1]?.name ?? '';
  context.host.push({ index: operator.index, name, operator: codeName(operator), place });
}

/** SOFTMAX and DEQUANTIZE: operators of the network that the host computes. */
export function lowerHostFunction(hostFunction: 'softmax' | 'dequantize') {
  return (operator: LiteOperator, context: LiteContext): void => {
    const result = resultOf(operator, context);
    leaveToHost(operator, 'after', context);
    const value = valueAt(operator, 0, context);
    const input =
      value.kind === 'host'
        ? context.builder.tensor(value.tensor)
        : context.builder.tensor(viewOf(operator, 0, context).tensor);
    // Floating-point results are described by the integers they are made of.
    const isFloat = result.type === tensorTypes.float32;
    const output = isFloat
      ? context.builder.addTensor({ ...input, name: result.name })
      : addResult(result, input.shape, context);
    context.values.set(result.index, { kind: 'host', tensor: output });
    const name = operatorName(operator);
    context.builder.addOperator({
      kind: 'hostOnly',
      name,
      input: input.name,
      output,
      function: hostFunction,
    });
  };
}

/** Operators after the accelerator that the network has no word for: only named. */
export function lowerHostTail(operator: LiteOperator, context: LiteContext): void {
  const value = valueAt(operator, 0, context);
  const tensor = value.kind === 'host' ? value.tensor : viewOf(operator, 0, context).tensor;
  leaveToHost(operator, 'after', context);
  context.values.set(resultOf(operator, context).index, { kind: 'host', tensor });
}

/** QUANTIZE: the host's at either end of the model, a rescaling in between. */
export function lowerQuantize(operator: LiteOperator, context: LiteContext): void {
  const value = valueAt(operator, 0, context);
  const result = resultOf(operator, context);
  const isOnlyReader = context.readers.get(operator.inputs[0] ?? -1)?.length === 1;
  if (value.kind === 'raw' && context.input === undefined && isOnlyReader) {
    leaveToHost(operator, 'before', context);
    context.input = addResult(result, value.shape, context);
    return;
  }
  const isEnd = (context.readers.get(result.index) ?? []).length === 0;
  if (value.kind === 'host' || isEnd) {
    lowerHostTail(operator, context);
    return;
  }
  mapOf(operator, 0, context);
  lowerRequantize(operator, context);
}
