// Which operators run together as one layer of a chunk: what a schedule is made for.

import type {
  AddOperator,
  ConvParameters,
  Network,
  Operator,
  Padding,
  Pair,
  Shape,
  Tensor,
} from '../network/network.ts';
import { inputsOf, tensorOf } from '../network/network.ts';
import type { ChunkKind } from './accelerator.ts';

/** One pass of a chunk: a multiply-accumulate operator, its channel shuffle and the add fused into its store. */
export interface Layer {
  /** Name of the first operator. */
  readonly name: string;
  /** Names of all operators it covers, in order. */
  readonly operators: readonly string[];
  readonly kind: ChunkKind;
  readonly source: Operator;
  readonly input: Tensor;
  readonly output: Tensor;
  /** Second operand of the fused add. */
  readonly operand?: Tensor;
  readonly add?: AddOperator;
  /** What the array itself produces before the add; equals `output` where there is none. */
  readonly product: Tensor;
  /** Input map as the array sees it; a vector's channels for a fully connected layer. */
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Padding;
  readonly groups: number;
  readonly weightBits: number;
  /** Output position j holds the operator's channel permutation[j]; absent = identity (channelShuffle folded in). */
  readonly permutation?: readonly number[];
  readonly parameters?: ConvParameters;
}

/** Layers of a network in execution order, or the operator that no chunk can run. */
export type LayersOrReason =
  | { readonly ok: true; readonly layers: readonly Layer[]; readonly host: readonly string[] }
  | { readonly ok: false; readonly operator: string; readonly reason: string };

const none: Padding = { top: 0, bottom: 0, left: 0, right: 0 };

interface ArrayShape {
  readonly kind: ChunkKind;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Padding;
  readonly groups: number;
  readonly weightBits: number;
  readonly parameters?: ConvParameters;
}

/** How the array runs an operator: pooling and a lone add are depthwise layers with weights of one. */
function arrayShape(operator: Operator, input: Tensor): ArrayShape | string {
  const unit: Pair = [1, 1];
  switch (operator.kind) {
    case 'conv':
    case 'depthwiseConv': {
      const { kernel, stride, padding, weightBits, parameters } = operator;
      const groups = operator.kind === 'conv' ? operator.groups : 1;
      const kind = operator.kind === 'conv' ? 'standard' : 'depthwise';
      const shape = { kind, kernel, stride, padding, groups, weightBits } as const;
      return parameters === undefined ? shape : { ...shape, parameters };
    }
    case 'fullyConnected': {
      const kernel: Pair = [input.shape[0], input.shape[1]];
      const { weightBits, parameters } = operator;
      const shape = {
        kind: 'standard',
        kernel,
        stride: unit,
        padding: none,
        groups: 1,
        weightBits,
      } as const;
      return parameters === undefined ? shape : { ...shape, parameters };
    }
    case 'globalAveragePool':
      return {
        kind: 'depthwise',
        kernel: [input.shape[0], input.shape[1]],
        stride: unit,
        padding: none,
        groups: 1,
        weightBits: 2,
      };
    case 'maxPool':
    case 'averagePool': {
      const { kernel, stride, padding } = operator;
      const padded = padding.top + padding.bottom + padding.left + padding.right > 0;
      if (operator.kind === 'averagePool' && padded)
        return 'average pooling with padding divides by a different count at the edges';
      return { kind: 'depthwise', kernel, stride, padding, groups: 1, weightBits: 2 };
    }
    case 'add':
      return {
        kind: 'depthwise',
        kernel: unit,
        stride: unit,
        padding: none,
        groups: 1,
        weightBits: 2,
      };
    case 'channelShuffle':
      return 'a channel shuffle must follow a convolution that nothing else reads';
    case 'hostOnly':
      return 'host operators are allowed only at the end';
  }
}

/** Positions of the operator's channels after a shuffle of that many groups. */
function shuffled(channels: number, groups: number): readonly number[] {
  const perGroup = channels / groups;
  return Array.from(
    { length: channels },
    (_, j) => (j % groups) * perGroup + Math.floor(j / groups),
  );
}

/** Groups operators into layers; operators after the last accelerated one stay on the host. */
export function formLayers(network: Network): LayersOrReason {
  const readers = new Map<string, number>();
  for (const operator of network.operators)
    for (const name of inputsOf(operator)) readers.set(name, (readers.get(name) ?? 0) + 1);
  const only = (name: string) => readers.get(name) === 1 && name !== network.output;
  const layers: Layer[] = [];
  const host: string[] = [];
  const operators = network.operators;
  const known = new Set<string>([network.input]);
  for (let k = 0; k < operators.length; k++) {
    const operator = operators[k];
    if (operator === undefined) break;
    if (operator.kind === 'hostOnly') {
      host.push(operator.name);
      continue;
    }
    if (host.length > 0)
      return {
        ok: false,
        operator: operator.name,
        reason: `it follows host operator "${host[0]}"`,
      };
    const input = tensorOf(network, operator.kind === 'add' ? operator.inputs[0] : operator.input);
    const shape = arrayShape(operator, input);
    if (typeof shape === 'string') return { ok: false, operator: operator.name, reason: shape };
    const names = [operator.name];
    let product = tensorOf(network, operator.output);
    let permutation: readonly number[] | undefined;
    let output = product;
    let add: AddOperator | undefined = operator.kind === 'add' ? operator : undefined;
    let operand: Tensor | undefined = add && tensorOf(network, add.inputs[1]);
    if (add !== undefined) product = input;
    const next = operators[k + 1];
    if (next?.kind === 'channelShuffle' && next.input === output.name && only(output.name)) {
      permutation = shuffled(output.shape[2], next.groups);
      output = tensorOf(network, next.output);
      product = output;
      names.push(next.name);
      k++;
    } else if (next?.kind === 'add' && add === undefined && only(output.name)) {
      const other = next.inputs[0] === output.name ? next.inputs[1] : next.inputs[0];
      if (next.inputs.includes(output.name) && known.has(other)) {
        add = next;
        operand = tensorOf(network, other);
        output = tensorOf(network, next.output);
        names.push(next.name);
        k++;
      }
    }
    known.add(output.name);
    layers.push({
      ...shape,
      name: operator.name,
      operators: names,
      source: operator,
      input,
      output,
      product,
      inputShape: input.shape,
      outputShape: product.shape,
      ...(operand === undefined ? {} : { operand }),
      ...(add === undefined ? {} : { add }),
      ...(permutation === undefined ? {} : { permutation }),
    });
  }
  return { ok: true, layers, host };
}
