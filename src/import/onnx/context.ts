// What is known while the nodes of an ONNX graph are walked in order.

import type { Padding, Pair, Shape } from '../../network/network.ts';
import { refuse } from '../../network/refuse.ts';
import type { Budget } from '../budget.ts';
import type { NetworkBuilder } from '../builder.ts';
import type { HostPart, Source } from '../imported.ts';
import type { Constant } from './constants.ts';
import type { OnnxAttribute, OnnxNode } from './schema.ts';

/** Which of a map's axes an ONNX dimension runs over, outermost first; axes of one pixel are left out. */
export type Axes = readonly ('c' | 'h' | 'w')[];

/** A view of a map: the graph's dimensions, and what each runs over. */
export interface View {
  readonly dims: readonly number[];
  readonly axes: readonly Axes[];
}

/** Stored integers q of a tensor of the network, meaning scale * (q - zero). */
export interface Integers extends View {
  readonly kind: 'integers';
  readonly tensor: string;
  readonly scale: number;
  /** Where zero lies among the stored integers; may differ from the tensor's zero point, or be a fraction. */
  readonly zero: number;
  /** Padding of real zeros that waits for the convolution. */
  readonly padding?: Padding;
}

/** A weighted sum over stored integers minus the tensor's zero point, not yet written anywhere. */
export interface SumOperator {
  readonly kind: 'conv' | 'depthwiseConv' | 'fullyConnected';
  readonly input: string;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Padding;
  readonly groups: number;
  /** [output channel][row][column][input channel of the group]; for fully connected [output][row][column][channel]. */
  readonly weights: Int16Array;
  readonly weightBits: number;
  readonly shape: Shape;
}

/** Maximum over windows. */
export interface Window {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Padding;
}

/** Real numbers clamp(gain * sum + offset), then maxima over windows: waiting for the quantizer. */
export interface Sum extends View {
  readonly kind: 'sum';
  readonly operator: SumOperator;
  /** One for each output channel. */
  readonly gains: Float64Array;
  readonly offsets: Float64Array;
  readonly low: number;
  readonly high: number;
  readonly pools: readonly Window[];
  /** The pool that the sum is, where its result is asked for in its input's own scale. */
  readonly averageOf?: Integers & { readonly window: Window; readonly isGlobal: boolean };
}

/** Sum of two tensors, waiting for the quantizer. */
export interface Addition extends View {
  readonly kind: 'addition';
  readonly operands: readonly [Integers, Integers];
  readonly low: number;
  readonly high: number;
}

/** The model's input as the host has it, before the first quantizer. */
export interface ModelInput extends View {
  readonly kind: 'input';
  readonly shape: Shape;
  readonly elementType: number;
}

export type OnnxValue =
  | { readonly kind: 'constant'; readonly constant: Constant }
  | ModelInput
  | Integers
  | Sum
  | Addition
  | { readonly kind: 'host'; readonly tensor: string };

/** The walk's state. */
export interface OnnxContext {
  readonly builder: NetworkBuilder;
  readonly budget: Budget;
  readonly values: Map<string, OnnxValue>;
  readonly readers: ReadonlyMap<string, readonly OnnxNode[]>;
  readonly outputs: ReadonlySet<string>;
  readonly host: HostPart[];
  readonly sources: Source[];
  readonly notes: string[];
  /** Nodes on the model's input before its quantizer. */
  readonly front: HostPart[];
  input: string | undefined;
  /** What has been made of each value, by its quantizer. */
  readonly written: WeakMap<object, Map<string, Integers>>;
}

/** A node with its place, in the context it is walked in. */
export interface Step {
  readonly node: OnnxNode;
  readonly index: number;
  readonly context: OnnxContext;
}

/** What messages call the node. */
export function subjectOf({ node, index }: Step): string {
  const name = node.name === '' ? (node.output[0] ?? '') : node.name;
  return `node ${index} (${node.opType} "${name.slice(0, 80)}")`;
}

/** Name of the operators and tensors that come of a node. */
export function nameOf({ node, index }: Step): string {
  return node.name === '' ? `${node.opType}_${index}` : node.name;
}

/** Stops at this node. */
export function refuseNode(step: Step, problem: string, remedy: string): never {
  return refuse(subjectOf(step), problem, remedy);
}

/** The attribute of that name. */
export function attribute({ node }: Step, name: string): OnnxAttribute | undefined {
  return node.attribute.find((candidate) => candidate.name === name);
}

/** A whole number attribute. */
export function integer(step: Step, name: string, absent: number): number {
  return attribute(step, name)?.i ?? absent;
}

/** A text attribute. */
export function text(step: Step, name: string, absent: string): string {
  const found = attribute(step, name);
  return found === undefined ? absent : Buffer.from(found.s.subarray(0, 60)).toString('utf8');
}

/** The operand of that number, where there is one. */
export function optionalOperand({ node, context }: Step, place: number): OnnxValue | undefined {
  const name = node.input[place];
  return name === undefined || name === '' ? undefined : context.values.get(name);
}

/** The operand of that number. */
export function operand(step: Step, place: number): OnnxValue {
  return (
    optionalOperand(step, place) ??
    refuseNode(
      step,
      `its input ${place} ("${(step.node.input[place] ?? '').slice(0, 80)}") is missing or not computed yet`,
      'nodes must be in execution order; if the file is damaged, export it again',
    )
  );
}

/** An operand that must be a constant. */
export function constantOperand(step: Step, place: number): Constant {
  const value = operand(step, place);
  if (value.kind === 'constant') return value.constant;
  return refuseNode(
    step,
    `its input ${place} is not a constant`,
    'fold constants and shape arithmetic when exporting',
  );
}

/** An optional operand that must be a constant. */
export function optionalConstant(step: Step, place: number): Constant | undefined {
  return optionalOperand(step, place) === undefined ? undefined : constantOperand(step, place);
}

/** A constant of one number. */
export function numberOperand(step: Step, place: number): number {
  const { values } = constantOperand(step, place);
  const [value = 0] = values;
  if (values.every((entry) => entry === value) && values.length > 0) return value;
  return refuseNode(
    step,
    `its input ${place} differs between channels`,
    'quantize activations with one scale for the whole tensor',
  );
}

/** Remembers what the node's output is. */
export function setResult(step: Step, value: OnnxValue): void {
  const [name, ...others] = step.node.output;
  if (
    name === undefined ||
    others.some((other) => other !== '' && step.context.readers.has(other))
  ) {
    refuseNode(
      step,
      `it has ${step.node.output.length} outputs`,
      'only nodes with one output can be imported',
    );
  }
  step.context.values.set(name, value);
}
