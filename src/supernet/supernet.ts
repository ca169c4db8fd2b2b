// The network of all choices: shared weights, one sampled path forward, several paths backward.

import type { Shape } from '../network/network.ts';
import {
  at,
  averageOverMap,
  type BitMixture,
  batchNorm,
  convolve,
  detached,
  keep,
  type LevelForm,
  mixActivations,
  mixWeights,
  multiply,
  product,
  release,
  relu6,
  selectFirst,
  sum,
  type Tensor,
  tensorFrom,
  type Variable,
} from '../tensor/index.ts';
import type { Rng } from '../util/rng.ts';
import { type BlockRole, forwardBlock, type Mbconv } from './block.ts';
import type { Encoding, LayerWeights } from './encoding.ts';
import { groupMask } from './group-mask.ts';
import { constantVector, randomKernel, scalarVariable } from './initial-weights.ts';
import {
  type BlockName,
  edgeBits,
  type Layer,
  layersOf,
  mbconvOf,
  type SearchSpace,
} from './space.ts';

/** What one layer does in one step. */
export interface LayerPath {
  /** The sampled block, then the other blocks whose logits learn from this step (none while weights are stepped). */
  readonly blocks: readonly BlockName[];
  /** Tensor [blocks] that the step takes block gradients by; absent while weights are stepped. */
  readonly gate?: Tensor;
  /** Widths of its weights and of what its convolutions read; absent in float epochs. */
  readonly mixture?: BitMixture;
}

/** A weight the optimizer steps; only kernels decay. */
export interface WeightVariable {
  readonly variable: Variable;
  readonly isKernel: boolean;
}

interface PlainConv {
  readonly kernel: Variable;
  readonly gain: Variable;
  readonly offset: Variable;
}

/** Where activations of a layer are clipped, as logarithms: what its expand, depthwise and project read. */
type Clips = Readonly<Record<BlockRole, Variable>>;

const edgeMixture: BitMixture = { widths: [edgeBits], shares: [1] };

/** First clip of every activation: normalized values rarely pass it. */
const firstClip = Math.log(4);

/** A map on its way through the layers: unsigned until the first block has written a linear one. */
interface Flow {
  readonly map: Tensor;
  readonly form: LevelForm;
}

function createConv(shape: readonly number[], rng: Rng): PlainConv {
  const [rows = 1, columns = 1, inputs = 1, outputs = 1] = shape;
  const kernel = randomKernel(shape, rows * columns * inputs, rng);
  return { kernel, gain: constantVector(outputs, 1), offset: constantVector(outputs, 0) };
}

/** Shared weights of a whole space. Owns its variables until `dispose`. */
export class Supernet {
  readonly layers: readonly Layer[];
  private readonly inputShape: Shape;
  private readonly stride: number;
  private readonly stem: PlainConv;
  private readonly head: PlainConv | undefined;
  private readonly classifier: { readonly kernel: Variable; readonly offset: Variable };
  private readonly weights: readonly LayerWeights[];
  private readonly clips: readonly Clips[];
  private readonly edgeClips: { readonly input: Variable; readonly output: Variable };
  /** Group masks by shape, [1, 1, inputs, outputs]; constants. */
  private readonly masks = new Map<string, Tensor>();

  constructor(space: SearchSpace, encoding: Encoding, rng: Rng) {
    this.layers = layersOf(space);
    this.inputShape = space.input;
    this.stride = space.stem.stride;
    const { kernel, channels } = space.stem;
    this.stem = createConv([kernel, kernel, space.input[2], channels], rng.fork('stem'));
    this.weights = this.layers.map((layer) => {
      const blocks = layer.candidates.flatMap((name) => mbconvOf(name) ?? []);
      return encoding.createLayer(layer, blocks, rng.fork(`layer ${layer.index}`));
    });
    this.clips = this.layers.map(() => ({
      expand: scalarVariable(firstClip),
      depthwise: scalarVariable(firstClip),
      project: scalarVariable(firstClip),
    }));
    const last = this.layers[this.layers.length - 1]?.outputs ?? channels;
    const wide = space.headChannels || last;
    this.head =
      space.headChannels > 0 ? createConv([1, 1, last, wide], rng.fork('head')) : undefined;
    this.edgeClips = { input: scalarVariable(firstClip), output: scalarVariable(firstClip) };
    // Half of He's variance: no ReLU follows.
    const matrix = randomKernel([wide, space.classes], 2 * wide, rng.fork('classifier'));
    this.classifier = { kernel: matrix, offset: constantVector(space.classes, 0) };
  }

  weightVariables(): readonly WeightVariable[] {
    const convs = this.head === undefined ? [this.stem] : [this.stem, this.head];
    const kernels = [
      ...convs.map(({ kernel }) => kernel),
      ...this.weights.flatMap((layer) => layer.kernels),
      this.classifier.kernel,
    ];
    const others = [
      ...convs.flatMap(({ gain, offset }) => [gain, offset]),
      ...this.weights.flatMap((layer) => layer.norms),
      this.classifier.offset,
    ];
    return [
      ...kernels.map((variable) => ({ variable, isKernel: true })),
      ...others.map((variable) => ({ variable, isKernel: false })),
    ];
  }

  /** Logarithms of activation clips, learned with the weights. */
  clipVariables(): readonly Variable[] {
    const layers = this.clips.flatMap(({ expand, depthwise, project }) => [
      expand,
      depthwise,
      project,
    ]);
    return [
      ...layers,
      this.edgeClips.input,
      ...(this.head === undefined ? [] : [this.edgeClips.output]),
    ];
  }

  /** Logits [batch, classes] of images in 0..1 along the first block of every path. Call inside a tidy. */
  forward(images: Tensor, paths: readonly LayerPath[]): Tensor {
    const quantize = paths[0]?.mixture !== undefined;
    const [rows, columns] = this.inputShape;
    if (images.shape[1] !== rows || images.shape[2] !== columns)
      throw new Error('images of another size');
    const stem = this.edgeConv(this.stem, images, this.stride, quantize);
    let flow: Flow = { map: relu6(stem), form: 'unsigned' };
    for (const layer of this.layers) flow = this.runLayer(layer, flow, at(paths, layer.index));
    return this.classify(flow, quantize);
  }

  private edgeConv(
    { kernel, gain, offset }: PlainConv,
    x: Tensor,
    stride: number,
    quantize: boolean,
  ): Tensor {
    const rounded = quantize ? mixWeights(kernel, gain.size, edgeMixture) : kernel;
    return batchNorm(convolve(x, rounded, stride), gain, offset);
  }

  private classify(flow: Flow, quantize: boolean): Tensor {
    const { input, output } = this.edgeClips;
    const round = (x: Tensor, clip: Variable, form: LevelForm): Tensor =>
      quantize ? mixActivations(x, clip, edgeMixture, form) : x;
    let map = round(flow.map, input, flow.form);
    if (this.head !== undefined) {
      const sums = this.edgeConv(this.head, map, 1, quantize);
      map = quantize ? round(sums, output, 'unsigned') : relu6(sums);
    }
    const { kernel, offset } = this.classifier;
    const matrix = quantize ? mixWeights(kernel, offset.size, edgeMixture) : kernel;
    return sum(multiply(averageOverMap(map), matrix), offset);
  }

  private runLayer(layer: Layer, flow: Flow, path: LayerPath): Flow {
    const { blocks, gate, mixture } = path;
    const sampled = at(blocks, 0);
    if (mbconvOf(sampled) === undefined && gate === undefined) return flow;
    const clips = at(this.clips, layer.index);
    // What every block of the layer reads; skip passes on what came, at no width of its own.
    const input =
      mixture === undefined ? flow.map : mixActivations(flow.map, clips.expand, mixture, flow.form);
    const run = (name: BlockName, x: Tensor): Tensor => {
      const block = mbconvOf(name);
      return block === undefined ? flow.map : this.runBlock(layer, block, x, mixture);
    };
    const form = mbconvOf(sampled) === undefined ? flow.form : 'signed';
    const first = run(sampled, input);
    if (gate === undefined) return { map: first, form };
    const others = blocks.slice(1).map((name) => detached(input, (x) => run(name, x)));
    return { map: selectFirst([first, ...others], gate), form };
  }

  private runBlock(
    layer: Layer,
    block: Mbconv,
    x: Tensor,
    mixture: BitMixture | undefined,
  ): Tensor {
    const weights = at(this.weights, layer.index);
    const clips = at(this.clips, layer.index);
    const output = forwardBlock(x, layer.stride, {
      kernel: (role) => {
        const kernel = this.masked(weights.kernel(block, role), block, role);
        const channels = weights.norm(block, role).gain.size;
        return mixture === undefined ? kernel : mixWeights(kernel, channels, mixture);
      },
      normalize: (role, sums) => {
        const { gain, offset } = weights.norm(block, role);
        return batchNorm(sums, gain, offset);
      },
      // The clip is named for the convolution that reads the map.
      activate: (role, sums) => {
        const clip = role === 'expand' ? clips.depthwise : clips.project;
        return mixture === undefined
          ? relu6(sums)
          : mixActivations(sums, clip, mixture, 'unsigned');
      },
    });
    return layer.residual ? sum(output, x) : output;
  }

  /** A grouped 1x1 as a dense one with zeros; expand's outputs already in shuffled order. */
  private masked(kernel: Tensor, { groups }: Mbconv, role: BlockRole): Tensor {
    if (groups === 1 || role === 'depthwise') return kernel;
    const [, , inputs = 1, outputs = 1] = kernel.shape;
    const order = role === 'expand' ? 'shuffled' : 'plain';
    const key = `${inputs} ${outputs} ${groups} ${order}`;
    return product(
      kernel,
      this.masks.get(key) ?? this.createMask(key, inputs, outputs, groups, order),
    );
  }

  private createMask(
    key: string,
    inputs: number,
    outputs: number,
    groups: number,
    order: 'plain' | 'shuffled',
  ): Tensor {
    const mask = keep(
      tensorFrom(groupMask(inputs, outputs, groups, order), [1, 1, inputs, outputs]),
    );
    this.masks.set(key, mask);
    return mask;
  }

  dispose(): void {
    const all = [
      ...this.weightVariables().map(({ variable }) => variable),
      ...this.clipVariables(),
    ];
    release([
      ...all,
      ...this.masks.values(),
      ...(this.head === undefined ? [this.edgeClips.output] : []),
    ]);
  }
}
