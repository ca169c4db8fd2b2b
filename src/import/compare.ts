// Does a network give the integers that somebody else's implementation of the model gave?

import { type IntegerImages, runInteger } from '../integer/run.ts';
import { acceleratorOutput, elementsOf, producerOf } from '../network/geometry.ts';
import { type Network, type Operator, type Tensor, tensorOf } from '../network/network.ts';
import { refuse } from '../network/refuse.ts';
import type { Source } from './imported.ts';
import type { Reference, ReferenceOutput } from './reference.ts';

/** How far one operator's outputs are from the reference's. */
export interface OperatorComparison {
  readonly index: number;
  readonly name: string;
  /** Integers compared, all images together. */
  readonly elements: number;
  readonly mismatches: number;
  readonly maxAbsoluteDifference: number;
}

/** The comparison of all operators that the accelerator computes. */
export interface Comparison {
  readonly operators: readonly OperatorComparison[];
  /** Reference outputs without a counterpart: the host's, or merged into another operator. */
  readonly notCompared: readonly { readonly index: number; readonly name: string }[];
  readonly images: number;
  /** Images whose largest output is the same. */
  readonly sameTop1: number;
  /** The network's class of each image. */
  readonly classes: readonly number[];
}

/** Where the reference's operators are found in a network. */
export type FindSource = (output: ReferenceOutput) => Source | undefined;

/** By the importer's own record. */
export function findBySources(sources: readonly Source[]): FindSource {
  const byIndex = new Map(sources.map((source) => [source.index, source]));
  return ({ index }) => byIndex.get(index);
}

const kindsOf: Readonly<Record<string, readonly Operator['kind'][]>> = {
  conv_2d: ['conv'],
  depthwise_conv_2d: ['depthwiseConv', 'conv'],
  fully_connected: ['fullyConnected', 'conv'],
  add: ['add'],
  average_pool_2d: ['averagePool', 'globalAveragePool'],
  max_pool_2d: ['maxPool'],
  mean: ['globalAveragePool', 'depthwiseConv'],
};

const moves = ['reshape', 'squeeze', 'expand_dims', 'transpose', 'flatten'];

/**
 * For a network that was read from its own file: operators are called "<type>_<place>" by the importer; one under
 * another name is the next of its kind. Operators that only move integers share the tensor before them.
 */
export function findByNames(network: Network): FindSource {
  const byName = new Map(network.operators.map((operator) => [operator.name, operator]));
  let place = 0;
  let last: string | undefined;
  return ({ index, name }) => {
    const type = name.toLowerCase();
    const source = (tensor: string): Source => {
      last = tensor;
      return { index, name, tensor, channelsFirst: false };
    };
    const named = byName.get(`${type}_${index}`);
    if (named !== undefined) {
      place = network.operators.indexOf(named) + 1;
      return named.kind === 'hostOnly' ? undefined : source(named.output);
    }
    if (moves.includes(type)) return last === undefined ? undefined : source(last);
    const kinds = kindsOf[type] ?? [];
    const next = network.operators.findIndex(
      (operator, position) => position >= place && kinds.includes(operator.kind),
    );
    const found = network.operators[next];
    if (found === undefined) return undefined;
    place = next + 1;
    return source(found.output);
  };
}

/** Raw little-endian integers as wide as their number says, signed as the tensor is. */
function integersOf(
  bytes: Uint8Array,
  count: number,
  { signed, name }: Tensor,
  subject: string,
): Int32Array {
  const width = bytes.byteLength / count;
  if (width !== 1 && width !== 2 && width !== 4) {
    refuse(
      subject,
      `it holds ${bytes.byteLength} bytes for ${count} integers of tensor "${name}"`,
      'give the outputs of this model, 1, 2 or 4 bytes an integer, for the images it says',
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = (at: number): number => {
    if (width === 4) return view.getInt32(at, true);
    if (width === 2) return signed ? view.getInt16(at, true) : view.getUint16(at, true);
    return signed ? view.getInt8(at) : view.getUint8(at);
  };
  return new Int32Array(count).map((_, index) => read(index * width));
}

/** [row][column][channel] of each image as [channel][row][column]. */
function channelsFirst(values: Int32Array, { shape }: Tensor, images: number): Int32Array {
  const [rows, columns, channels] = shape;
  const pixels = rows * columns;
  const size = pixels * channels;
  const moved = new Int32Array(values.length);
  for (let image = 0; image < images; image++) {
    for (let index = 0; index < size; index++) {
      const to = (index % channels) * pixels + Math.floor(index / channels);
      moved[image * size + to] = values[image * size + index] ?? 0;
    }
  }
  return moved;
}

function top1(values: Int32Array, images: number): number[] {
  const size = values.length / images;
  return Array.from({ length: images }, (_, image) => {
    const scores = values.subarray(image * size, (image + 1) * size);
    return scores.indexOf(scores.reduce((best, score) => Math.max(best, score)));
  });
}

function difference(
  { index, name }: ReferenceOutput,
  expected: Int32Array,
  got: Int32Array,
): OperatorComparison {
  let mismatches = 0;
  let maxAbsoluteDifference = 0;
  expected.forEach((value, position) => {
    const distance = Math.abs(value - (got[position] ?? 0));
    if (distance > 0) mismatches += 1;
    maxAbsoluteDifference = Math.max(maxAbsoluteDifference, distance);
  });
  return { index, name, elements: expected.length, mismatches, maxAbsoluteDifference };
}

/** Runs the network on the reference's images and compares every output that it has too. */
export function compareWithReference(
  network: Network,
  reference: Reference,
  find: FindSource,
): Comparison {
  const { images, outputs } = reference;
  const inputTensor = tensorOf(network, network.input);
  const input: IntegerImages = integersOf(
    reference.input,
    images * elementsOf(inputTensor.shape),
    inputTensor,
    'reference input',
  );
  const results = runInteger(network, input, images);
  const lastTensor = acceleratorOutput(network);
  const operators: OperatorComparison[] = [];
  const notCompared: { index: number; name: string }[] = [];
  let referenceTop1: readonly number[] | undefined;
  for (const output of outputs) {
    const source = find(output);
    const values = source === undefined ? undefined : results.get(source.tensor);
    if (source === undefined || values === undefined) {
      notCompared.push({ index: output.index, name: output.name });
      continue;
    }
    const tensor = tensorOf(network, source.tensor);
    const subject = `reference output ${output.index} (${output.name})`;
    const expected = integersOf(output.bytes, values.length, tensor, subject);
    const got = source.channelsFirst ? channelsFirst(values, tensor, images) : values;
    operators.push(difference(output, expected, got));
    if (source.tensor === lastTensor) referenceTop1 = top1(expected, images);
  }
  const last = results.get(lastTensor);
  if (last === undefined || operators.length === 0) {
    return refuse(
      'reference',
      `none of its operators is one of network "${network.name}"`,
      'give the reference outputs of this model; operators are found by index and name',
    );
  }
  const classes = top1(last, images);
  const lastOperator = producerOf(network, lastTensor)?.name ?? network.input;
  const wanted =
    referenceTop1 ??
    refuse(
      'reference',
      `it has no output for "${lastOperator}", the accelerator's last operator`,
      'give the outputs of every operator',
    );
  const sameTop1 = classes.filter((value, image) => value === wanted[image]).length;
  return { operators, notCompared, images, sameTop1, classes };
}
