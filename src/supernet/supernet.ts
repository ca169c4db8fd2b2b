// The network of all choices: shared weights, one sampled path forward, several paths backward.

import {
  at,
  type BitMixture,
  batchNorm,
  detached,
  keep,
  type LevelForm,
  mixActivations,
  mixWeights,
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
import { Edges, firstClip } from './edges.ts';
import type { Encoding, LayerWeights } from './encoding.ts';
import { groupMask } from './group-mask.ts';
import { scalarVariable } from './initial-weights.ts';
import { type BlockName, type Layer, layersOf, mbconvOf, type SearchSpace } from './space.ts';

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

/** Where activations of a layer are clipped, as logarithms: what its expand, depthwise and project read. */
type Clips = Readonly<Record<BlockRole, Variable>>;

/** A map on its way through the layers: unsigned until the first block has written a linear one. */
interface Flow {
  readonly map: Tensor;
  readonly form: LevelForm;
}

/** Shared weights of a whole space. Owns its variables until `dispose`. */
export class Supernet {
  readonly layers: readonly Layer[];
  private readonly edges: Edges;
  private readonly weights: readonly LayerWeights[];
  private readonly clips: readonly Clips[];
  /** Group masks by shape, [1, 1, inputs, outputs]; constants. */
  private readonly masks = new Map<string, Tensor>();

  constructor(space: SearchSpace, encoding: Encoding, rng: Rng) {
    this.layers = layersOf(space);
    this.edges = new Edges(space, rng.fork('edges'));
    this.weights = this.layers.map((layer) => {
      const blocks = layer.candidates.flatMap((name) => mbconvOf(name) ?? []);
      return encoding.createLayer(layer, blocks, rng.fork(`layer ${layer.index}`));
    });
    this.clips = this.layers.map(() => ({
      expand: scalarVariable(firstClip),
      depthwise: scalarVariable(firstClip),
      project: scalarVariable(firstClip),
    }));
  }

  weightVariables(): readonly WeightVariable[] {
    const kernels = [...this.edges.kernels, ...this.weights.flatMap((layer) => layer.kernels)];
    const others = [...this.edges.others, ...this.weights.flatMap((layer) => layer.norms)];
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
    return [...layers, ...this.edges.clips];
  }

  /** Logits [batch, classes] of images in 0..1 along the first block of every path. Call inside a tidy. */
  forward(images: Tensor, paths: readonly LayerPath[]): Tensor {
    const quantize = paths[0]?.mixture !== undefined;
    let flow: Flow = { map: this.edges.first(images, quantize), form: 'unsigned' };
    for (const layer of this.layers) flow = this.runLayer(layer, flow, at(paths, layer.index));
    return this.edges.last(flow.map, flow.form, quantize);
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
    const weights = this.weightVariables().map(({ variable }) => variable);
    release([...weights, ...this.clipVariables(), ...this.masks.values()]);
  }
}
