// The network a choice stands for, as an integer operator graph without its numbers: the one place that knows which
// operators and tensors a block becomes. Cost, final training and export all read this graph.

import { rangeOf, samePadding } from '../network/geometry.ts';
import type { Network, Operator, Shape, Tensor } from '../network/network.ts';
import type { BlockRole, Mbconv } from './block.ts';
import {
  type Bits,
  type Choices,
  edgeBits,
  type Layer,
  type LayerChoice,
  layersOf,
  mbconvOf,
  type SearchSpace,
  strided,
  widthsOf,
} from './space.ts';

/** Width and sign of a tensor about to be written. */
interface Format {
  readonly bits: number;
  readonly signed: boolean;
}

const unsigned = (bits: number): Format => ({ bits, signed: false });
const signed = (bits: number): Format => ({ bits, signed: true });

/** A graph under construction. Each operator writes the tensor of its own name. */
class GraphBuilder {
  readonly tensors: Tensor[] = [];
  readonly operators: Operator[] = [];

  constructor(name: string, shape: Shape, format: Format, scale = 1) {
    this.tensors.push({ name, shape, ...format, scale, zeroPoint: 0 });
  }

  /** Name and shape of the tensor written last. */
  get last(): Tensor {
    const tensor = this.tensors[this.tensors.length - 1];
    if (tensor === undefined) throw new Error('a graph starts with its input');
    return tensor;
  }

  private write(operator: Operator, shape: Shape, format: Format): void {
    this.operators.push(operator);
    this.tensors.push({ name: operator.name, shape, ...format, scale: 1, zeroPoint: 0 });
  }

  conv(
    name: string,
    outputs: number,
    kernelSize: number,
    step: number,
    weightBits: number,
    format: Format,
    groups = 1,
  ): void {
    const { name: input, shape } = this.last;
    const [kernel, stride] = [
      [kernelSize, kernelSize],
      [step, step],
    ] as const;
    const padding = samePadding(shape, kernel, stride);
    const clamp = rangeOf(format);
    const common = { name, input, output: name, kernel, stride, padding, weightBits, clamp };
    const output: Shape = [strided(shape[0], step), strided(shape[1], step), outputs];
    this.write({ kind: 'conv', ...common, groups }, output, format);
  }

  depthwise(
    name: string,
    kernelSize: number,
    step: number,
    weightBits: number,
    format: Format,
  ): void {
    const { name: input, shape } = this.last;
    const [kernel, stride] = [
      [kernelSize, kernelSize],
      [step, step],
    ] as const;
    const padding = samePadding(shape, kernel, stride);
    const clamp = rangeOf(format);
    const output: Shape = [strided(shape[0], step), strided(shape[1], step), shape[2]];
    const common = { name, input, output: name, kernel, stride, padding, weightBits, clamp };
    this.write({ kind: 'depthwiseConv', ...common }, output, format);
  }

  shuffle(name: string, groups: number): void {
    const { name: input, shape, bits, signed: sign } = this.last;
    this.write({ kind: 'channelShuffle', name, input, output: name, groups }, shape, {
      bits,
      signed: sign,
    });
  }

  add(name: string, other: string, format: Format): void {
    const { name: input, shape } = this.last;
    const requantization = { form: 'half-up', multiplierA: 0, multiplierB: 0, shift: 1 } as const;
    const inputs = [other, input] as const;
    this.write(
      { kind: 'add', name, inputs, output: name, clamp: rangeOf(format), requantization },
      shape,
      format,
    );
  }

  globalAveragePool(name: string): void {
    const { name: input, shape, bits, signed: sign } = this.last;
    const format = { bits, signed: sign };
    this.write(
      { kind: 'globalAveragePool', name, input, output: name, clamp: rangeOf(format) },
      [1, 1, shape[2]],
      format,
    );
  }

  fullyConnected(name: string, outputs: number, weightBits: number, format: Format): void {
    const input = this.last.name;
    this.write(
      { kind: 'fullyConnected', name, input, output: name, weightBits, clamp: rangeOf(format) },
      [1, 1, outputs],
      format,
    );
  }

  finish(name: string): Network {
    const [first] = this.tensors;
    return {
      name,
      input: first?.name ?? '',
      output: this.last.name,
      tensors: this.tensors,
      operators: this.operators,
    };
  }
}

/** Name of a block's convolution, and of the tensor it writes. */
export function convolutionName(layer: number, role: BlockRole): string {
  return `b${layer}_${role}`;
}

function addBlock(
  graph: GraphBuilder,
  layer: Layer,
  block: Mbconv,
  bits: Bits,
  outputBits: number,
): void {
  const [weights, activations] = widthsOf(bits);
  const prefix = `b${layer.index}`;
  const input = graph.last.name;
  const { kernel, expansion, groups } = block;
  const name = (role: BlockRole): string => convolutionName(layer.index, role);
  graph.conv(
    name('expand'),
    layer.inputs * expansion,
    1,
    1,
    weights,
    unsigned(activations),
    groups,
  );
  if (groups > 1) graph.shuffle(`${prefix}_shuffle`, groups);
  graph.depthwise(name('depthwise'), kernel, layer.stride, weights, unsigned(activations));
  // A project that feeds an addition keeps 8 bits: the sum, not its operand, is what the next layer reads.
  const projectBits = layer.residual ? edgeBits : outputBits;
  graph.conv(name('project'), layer.outputs, 1, 1, weights, signed(projectBits), groups);
  if (layer.residual) graph.add(`${prefix}_add`, input, signed(outputBits));
}

/** Bits of the tensor a layer reads from: those of the next layer that is not skipped, 8 at the end. */
function bitsReadAt(choices: Choices, from: number): number {
  const next = choices.slice(from).find(({ block }) => mbconvOf(block) !== undefined);
  return next === undefined ? edgeBits : widthsOf(next.bits)[1];
}

/**
 * The network of one point of the space, scales 1 and no parameters: enough to explore and to estimate.
 * The image is unsigned with scale 1/255.
 */
export function describeNetwork(space: SearchSpace, choices: Choices, name: string): Network {
  const { kernel, stride, channels } = space.stem;
  const graph = new GraphBuilder('image', space.input, unsigned(edgeBits), 1 / 255);
  graph.conv('stem', channels, kernel, stride, edgeBits, unsigned(bitsReadAt(choices, 0)));
  for (const layer of layersOf(space)) {
    const choice = choices[layer.index];
    const block = choice && mbconvOf(choice.block);
    if (choice === undefined || block === undefined) continue;
    addBlock(graph, layer, block, choice.bits, bitsReadAt(choices, layer.index + 1));
  }
  if (space.headChannels > 0)
    graph.conv('head', space.headChannels, 1, 1, edgeBits, unsigned(edgeBits));
  graph.globalAveragePool('pool');
  graph.fullyConnected('classifier', space.classes, edgeBits, signed(edgeBits));
  return graph.finish(name);
}

/**
 * One layer alone under one choice, to be costed; undefined for skip. Its input is taken as signed and its output as
 * wide as its input, since neighbours are not known here: the sign does not change a cost, and the error in the
 * output's width is one tensor's traffic.
 */
export function describeLayer(
  space: SearchSpace,
  index: number,
  choice: LayerChoice,
): Network | undefined {
  const layer = layersOf(space)[index];
  const block = mbconvOf(choice.block);
  if (layer === undefined || block === undefined) return undefined;
  const shape: Shape = [layer.rows, layer.columns, layer.inputs];
  const graph = new GraphBuilder(`b${index}_input`, shape, signed(widthsOf(choice.bits)[1]));
  addBlock(graph, layer, block, choice.bits, widthsOf(choice.bits)[1]);
  return graph.finish(`b${index}_${choice.block}_${choice.bits}`);
}
