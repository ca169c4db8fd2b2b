// What is known while the operators of a TensorFlow Lite model are walked in order.

import { elementsOf } from '../../network/geometry.ts';
import type { Padding, Shape, Tensor } from '../../network/network.ts';
import { refuse } from '../../network/refuse.ts';
import type { Budget } from '../budget.ts';
import { mapShape, type NetworkBuilder } from '../builder.ts';
import type { HostPart } from '../imported.ts';
import { codeNames } from './codes.ts';
import { type LiteModel, type LiteOperator, type LiteTensor, tensorTypes } from './model.ts';

/** What a tensor of the model has become. */
export type LiteValue =
  /** A tensor of the network, seen under the model's shape. */
  | { readonly kind: 'map'; readonly tensor: string; readonly shape: Shape }
  /** The same with padding that waits for the convolution that reads it. */
  | { readonly kind: 'padded'; readonly tensor: string; readonly padding: Padding }
  /** The model's input before anything on the accelerator reads it. */
  | { readonly kind: 'raw'; readonly shape: Shape }
  /** Computed on the host, after the accelerator; the network's tensor where it has one. */
  | { readonly kind: 'host'; readonly tensor: string }
  /** Whole numbers that only say shapes. */
  | { readonly kind: 'shapes' };

/** The walk's state. */
export interface LiteContext {
  readonly model: LiteModel;
  readonly builder: NetworkBuilder;
  readonly budget: Budget;
  readonly values: Map<number, LiteValue>;
  readonly host: HostPart[];
  readonly notes: string[];
  /** How many operators read each tensor. */
  readonly readers: ReadonlyMap<number, readonly LiteOperator[]>;
  /** The network's input once it exists. */
  input: string | undefined;
}

/** The operator's type in the schema's words. */
export function codeName({ code, customCode }: LiteOperator): string {
  return customCode === '' ? (codeNames.get(code) ?? `BUILTIN_${code}`) : `CUSTOM "${customCode}"`;
}

/** How messages call an operator: its type, place and result. */
export function subjectOf(operator: LiteOperator, { model }: LiteContext): string {
  const output = model.tensors[operator.outputs[0] ?? -1]?.name.slice(0, 80) ?? '';
  return `operator ${operator.index} (${codeName(operator)}${output === '' ? '' : ` "${output}"`})`;
}

/** Name of the network's operator: the type and the place in the file. */
export function operatorName(operator: LiteOperator): string {
  return `${codeName(operator).toLowerCase()}_${operator.index}`;
}

/** The operand of that number; operands that the schema makes optional are asked for with `optionalOperand`. */
export function operand(operator: LiteOperator, place: number, context: LiteContext): LiteTensor {
  return (
    optionalOperand(operator, place, context) ??
    refuse(
      subjectOf(operator, context),
      `its input ${place} is missing`,
      'the file is damaged; convert the model again',
    )
  );
}

/** The operand of that number, where there is one. */
export function optionalOperand(
  operator: LiteOperator,
  place: number,
  { model }: LiteContext,
): LiteTensor | undefined {
  return model.tensors[operator.inputs[place] ?? -1];
}

/** The only result of an operator. */
export function resultOf(operator: LiteOperator, context: LiteContext): LiteTensor {
  const tensor = context.model.tensors[operator.outputs[0] ?? -1];
  if (tensor !== undefined && operator.outputs.length === 1) return tensor;
  return refuse(
    subjectOf(operator, context),
    `it has ${operator.outputs.length} outputs`,
    'only operators with one output can be imported',
  );
}

/** Shape of a tensor of the model as rows, columns and channels. */
export function shapeOf(tensor: LiteTensor): Shape {
  return mapShape(`tensor "${tensor.name.slice(0, 80)}"`, tensor.shape);
}

/** Integers, scale and zero point of an activation. */
export function describeTensor(tensor: LiteTensor, shape: Shape): Tensor {
  const subject = `tensor "${tensor.name.slice(0, 80)}"`;
  const { int8, uint8 } = tensorTypes;
  if (tensor.type !== int8 && tensor.type !== uint8) {
    refuse(
      subject,
      `its elements are of type ${tensor.type}, not 8-bit integers`,
      'convert with full-integer quantization: representative_dataset and TFLITE_BUILTINS_INT8',
    );
  }
  if (tensor.scaleCount !== 1) {
    refuse(
      subject,
      `it has ${tensor.scaleCount} scales`,
      'convert with full-integer quantization; activations have one scale each',
    );
  }
  const [scale = 0] = tensor.scales();
  const [zeroPoint = 0] = tensor.zeroPoints();
  // Fused operators give all their names, the result's first.
  const [name = ''] = tensor.name.split(';');
  return { name, shape, bits: 8, signed: tensor.type === int8, scale, zeroPoint };
}

/** Adds the result of an operator to the network and remembers it. */
export function addResult(tensor: LiteTensor, shape: Shape, context: LiteContext): string {
  const name = context.builder.addTensor(describeTensor(tensor, shape));
  context.values.set(tensor.index, { kind: 'map', tensor: name, shape });
  return name;
}

/** What an operand has become; a constant is none of these. */
export function valueAt(operator: LiteOperator, place: number, context: LiteContext): LiteValue {
  const tensor = operand(operator, place, context);
  return (
    context.values.get(tensor.index) ??
    refuse(
      subjectOf(operator, context),
      `its input "${tensor.name.slice(0, 80)}" is a constant or not computed yet`,
      'fold constants before conversion; operators must be in execution order',
    )
  );
}

/** A network tensor that an operand is, under the model's shape; the network's input is made here. */
export function viewOf(
  operator: LiteOperator,
  place: number,
  context: LiteContext,
): { readonly tensor: string; readonly shape: Shape } {
  const value = valueAt(operator, place, context);
  switch (value.kind) {
    case 'map':
      return value;
    case 'raw': {
      const source = context.model.tensors[context.model.inputs[0] ?? -1];
      if (source === undefined) throw new Error('the input vanished');
      context.input ??= context.builder.addTensor(describeTensor(source, value.shape));
      return { tensor: context.input, shape: value.shape };
    }
    case 'padded':
      throw new Error('padding must be taken by the operators that can');
    case 'host':
    case 'shapes':
      return refuse(
        subjectOf(operator, context),
        `its input "${operand(operator, place, context).name.slice(0, 80)}" is not computed on the accelerator`,
        'keep softmax and dequantization at the end of the model',
      );
  }
}

/** As viewOf, for operators that need the map's rows and columns: a reshape in between cannot be followed. */
export function mapOf(operator: LiteOperator, place: number, context: LiteContext): Tensor {
  const { tensor, shape } = viewOf(operator, place, context);
  const found = context.builder.tensor(tensor);
  if (found.shape.every((size, axis) => size === shape[axis])) return found;
  if (elementsOf(found.shape) === elementsOf(shape) && tensor === context.input) {
    if (!context.builder.isRead(tensor)) {
      const reshaped = { ...found, shape };
      context.builder.replaceTensor(reshaped);
      return reshaped;
    }
  }
  return refuse(
    subjectOf(operator, context),
    `it reads "${tensor}" of [${found.shape.join(', ')}] reshaped to [${shape.join(', ')}]`,
    'reshape only before fully connected layers or at the input',
  );
}
