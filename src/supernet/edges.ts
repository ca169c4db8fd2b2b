// What no choice changes: stem, 1x1 head and classifier, at 8 bits once anything is quantized.

import {
  averageOverMap,
  type BitMixture,
  batchNorm,
  convolve,
  type LevelForm,
  mixActivations,
  mixWeights,
  multiply,
  relu6,
  sum,
  type Tensor,
  type Variable,
} from '../tensor/index.ts';
import type { Rng } from '../util/rng.ts';
import { constantVector, randomKernel, scalarVariable } from './initial-weights.ts';
import { edgeBits, type SearchSpace } from './space.ts';

interface PlainConv {
  readonly kernel: Variable;
  readonly gain: Variable;
  readonly offset: Variable;
}

/** Weights of one operator; a classifier has no gain. */
export interface OperatorWeights {
  readonly kernel: Tensor;
  readonly gain?: Tensor;
  readonly offset: Tensor;
}

/** First clip of every activation, as a logarithm: normalized values rarely pass 4. */
export const firstClip = Math.log(4);

const mixture: BitMixture = { widths: [edgeBits], shares: [1] };

function createConv(shape: readonly number[], rng: Rng): PlainConv {
  const [rows = 1, columns = 1, inputs = 1, outputs = 1] = shape;
  const kernel = randomKernel(shape, rows * columns * inputs, rng);
  return { kernel, gain: constantVector(outputs, 1), offset: constantVector(outputs, 0) };
}

function runConv(conv: PlainConv, x: Tensor, stride: number, quantize: boolean): Tensor {
  const { kernel, gain, offset } = conv;
  const rounded = quantize ? mixWeights(kernel, gain.size, mixture) : kernel;
  return batchNorm(convolve(x, rounded, stride), gain, offset);
}

/** Fixed first and last layers of a supernet; its variables belong to the supernet. */
export class Edges {
  readonly kernels: readonly Variable[];
  /** Gains, offsets and the classifier's bias. */
  readonly others: readonly Variable[];
  /** Logarithms of the clips of what head and pool read. */
  readonly clips: readonly Variable[];
  private readonly stride: number;
  private readonly stem: PlainConv;
  private readonly head: PlainConv | undefined;
  private readonly classifier: { readonly kernel: Variable; readonly offset: Variable };
  private readonly inputClip = scalarVariable(firstClip);
  private readonly outputClip = scalarVariable(firstClip);

  constructor(space: SearchSpace, rng: Rng) {
    const { kernel, channels, stride } = space.stem;
    this.stride = stride;
    this.stem = createConv([kernel, kernel, space.input[2], channels], rng.fork('stem'));
    const last = space.layers[space.layers.length - 1]?.channels ?? channels;
    const wide = space.headChannels || last;
    this.head =
      space.headChannels > 0 ? createConv([1, 1, last, wide], rng.fork('head')) : undefined;
    // Half of He's variance: no ReLU follows.
    const matrix = randomKernel([wide, space.classes], 2 * wide, rng.fork('classifier'));
    this.classifier = { kernel: matrix, offset: constantVector(space.classes, 0) };
    const convs = this.head === undefined ? [this.stem] : [this.stem, this.head];
    this.kernels = [...convs.map((conv) => conv.kernel), matrix];
    this.others = [...convs.flatMap(({ gain, offset }) => [gain, offset]), this.classifier.offset];
    this.clips = [this.inputClip, this.outputClip];
  }

  /** Weights by the names of the operators they belong to. */
  weights(): ReadonlyMap<string, OperatorWeights> {
    const { stem, head, classifier } = this;
    return new Map<string, OperatorWeights>([
      ['stem', stem],
      ...(head === undefined ? [] : [['head', head] as const]),
      ['classifier', classifier],
    ]);
  }

  /** The stem's map after ReLU6, not yet on any levels: the first block rounds it to its own. */
  first(images: Tensor, quantize: boolean): Tensor {
    return relu6(runConv(this.stem, images, this.stride, quantize));
  }

  /** Logits of the last block's map. */
  last(map: Tensor, form: LevelForm, quantize: boolean): Tensor {
    const input = quantize ? mixActivations(map, this.inputClip, mixture, form) : map;
    const pooled = averageOverMap(this.widen(input, quantize));
    const { kernel, offset } = this.classifier;
    const matrix = quantize ? mixWeights(kernel, offset.size, mixture) : kernel;
    return sum(multiply(pooled, matrix), offset);
  }

  private widen(input: Tensor, quantize: boolean): Tensor {
    if (this.head === undefined) return input;
    const sums = runConv(this.head, input, 1, quantize);
    return quantize ? mixActivations(sums, this.outputClip, mixture, 'unsigned') : relu6(sums);
  }
}
