// The network of all choices: shared weights, one sampled path forward, several paths backward.

import {
  at,
  type BitMixture,
  batchNorm,
  detached,
  keep,
  type LevelForm,
  mixActivations,
  mixOutputs,
  mixWeights,
  product,
  release,
  relu6,
  selectFirst,
  shuffleChannels,
  sum,
  type Tensor,
  tensorFrom,
  type Variable,
} from '../tensor/index.ts';
import { defined } from '../util/errors.ts';
import type { Rng } from '../util/rng.ts';
import { type BlockRole, blockRoles, forwardBlock, type Mbconv } from './block.ts';
import { convolutionName } from './describe.ts';
import { Edges, firstClip, type OperatorWeights } from './edges.ts';
import type { Encoding, LayerWeights } from './encoding.ts';
import { groupMask } from './group-mask.ts';
import { scalarVariable } from './initial-weights.ts';
import {
  type Bits,
  type BlockName,
  type Choices,
  type Layer,
  layersOf,
  mbconvOf,
  type SearchSpace,
  widthsOf,
} from './space.ts';

/** Shares over the bit choices of a layer (see `BitMixture`): the same of its weights and of its activations. */
export interface WidthMixture extends Omit<BitMixture, 'widths'> {
  readonly widths: readonly Bits[];
}

/** What one layer does in one step. */
export interface LayerPath {
  /** The sampled block, then the other blocks whose logits learn from this step (none while weights are stepped). */
  readonly blocks: readonly BlockName[];
  /** Tensor [blocks] that the step takes block gradients by; absent while weights are stepped along one path. */
  readonly gate?: Tensor;
  /** All blocks are computed and summed by the gate's shares, in place of the first alone. */
  readonly mixes?: boolean;
  /** Widths of its weights and of what its convolutions read; absent in float epochs. */
  readonly mixture?: WidthMixture;
}

/** A weight the optimizer steps; only kernels decay. */
export interface WeightVariable {
  readonly variable: Variable;
  readonly isKernel: boolean;
}

/** Where activations of a layer are clipped, as logarithms: what its expand, depthwise and project read. */
type Clips = Readonly<Record<BlockRole, Variable>>;

/** One set of weights of a layer; there is one for all widths, or one for each. */
interface WeightSet {
  readonly weights: LayerWeights;
  readonly clips: Clips;
}

/** What the blocks of a layer read and compute with, and at which widths. */
interface Reading extends WeightSet {
  readonly input: Tensor;
  readonly mixture: Mixtures | undefined;
}

/** A mixture as weights see it, and as activations do. */
interface Mixtures {
  readonly weights: BitMixture;
  readonly activations: BitMixture;
}

function mixturesOf(mixture: WidthMixture): Mixtures {
  const widths = mixture.widths.map(widthsOf);
  return {
    weights: { ...mixture, widths: widths.map(([weights]) => weights) },
    activations: { ...mixture, widths: widths.map(([, activations]) => activations) },
  };
}

/** A map on its way through the layers: unsigned until the first block has written a linear one. */
interface Flow {
  readonly map: Tensor;
  readonly form: LevelForm;
}

const maskKey = (inputs: number, outputs: number, groups: number, role: BlockRole): string =>
  `${inputs} ${outputs} ${groups} ${role}`;

/** Outputs in the order of a grouped convolution, out of the order after the shuffle behind it (see group-mask.ts). */
function unshuffled({ kernel, gain, offset }: Required<OperatorWeights>, groups: number) {
  const undo = (x: Tensor): Tensor => (groups === 1 ? x : shuffleChannels(x, offset.size / groups));
  return { kernel: undo(kernel), gain: undo(gain), offset: undo(offset) };
}

/** Shared weights of a whole space. Owns its variables until `dispose`. */
export class Supernet {
  readonly layers: readonly Layer[];
  private readonly bits: readonly Bits[];
  private readonly edges: Edges;
  /** Weight sets of each layer. */
  private readonly sets: readonly (readonly WeightSet[])[];
  /** Group masks by shape, [1, 1, inputs, outputs]; constants. */
  private readonly masks = new Map<string, Tensor>();

  /** @param copies weight sets per layer: 1 shared by all widths, or one for each width */
  constructor(space: SearchSpace, encoding: Encoding, rng: Rng, copies = 1) {
    this.layers = layersOf(space);
    this.bits = space.bits;
    this.edges = new Edges(space, rng.fork('edges'));
    this.sets = this.layers.map((layer) => {
      const blocks = layer.candidates.flatMap((name) => mbconvOf(name) ?? []);
      return Array.from({ length: copies }, (_, copy): WeightSet => {
        const label = copy === 0 ? `layer ${layer.index}` : `layer ${layer.index}, copy ${copy}`;
        return {
          weights: encoding.createLayer(layer, blocks, rng.fork(label)),
          clips: {
            expand: scalarVariable(firstClip),
            depthwise: scalarVariable(firstClip),
            project: scalarVariable(firstClip),
          },
        };
      });
    });
    this.createMasks();
  }

  weightVariables(): readonly WeightVariable[] {
    const sets = this.sets.flat();
    const kernels = [...this.edges.kernels, ...sets.flatMap(({ weights }) => weights.kernels)];
    const others = [...this.edges.others, ...sets.flatMap(({ weights }) => weights.norms)];
    return [
      ...kernels.map((variable) => ({ variable, isKernel: true })),
      ...others.map((variable) => ({ variable, isKernel: false })),
    ];
  }

  /** Logarithms of activation clips, learned with the weights. */
  clipVariables(): readonly Variable[] {
    const layers = this.sets.flatMap((sets) =>
      sets.flatMap(({ clips: { expand, depthwise, project } }) => [expand, depthwise, project]),
    );
    return [...layers, ...this.edges.clips];
  }

  /** Unquantized weights of one point, by operator; tensors are the variables themselves or made anew. Call inside a tidy. */
  weightsOf(choices: Choices): ReadonlyMap<string, OperatorWeights> {
    const weights = new Map(this.edges.weights());
    for (const layer of this.layers) {
      const choice = at(choices, layer.index);
      const block = mbconvOf(choice.block);
      if (block === undefined) continue;
      const sets = at(this.sets, layer.index);
      const { weights: own } = at(sets, sets.length === 1 ? 0 : this.bits.indexOf(choice.bits));
      for (const role of blockRoles) {
        const part = { kernel: own.kernel(block, role), ...own.norm(block, role) };
        const name = convolutionName(layer.index, role);
        weights.set(name, role === 'expand' ? unshuffled(part, block.groups) : part);
      }
    }
    return weights;
  }

  /** Logits [batch, classes] of images in 0..1 along the first block of every path, or all mixed. Call inside a tidy. */
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
    const readings = this.readingsOf(layer, flow, mixture);
    const run = (name: BlockName): Tensor => {
      const block = mbconvOf(name);
      // Skip passes on what came, at no width of its own.
      if (block === undefined) return flow.map;
      const outputs = readings.map((reading) => this.runBlock(layer, block, reading));
      if (outputs.length === 1) return at(outputs, 0);
      const even = outputs.map(() => 1 / outputs.length);
      const shares = Float32Array.from(mixture?.shares ?? even);
      return mixOutputs(outputs, mixture?.gate ?? tensorFrom(shares, [outputs.length]));
    };
    if (path.mixes === true && gate !== undefined) {
      const isLinear = blocks.some((name) => mbconvOf(name) !== undefined);
      return { map: mixOutputs(blocks.map(run), gate), form: isLinear ? 'signed' : flow.form };
    }
    const form = mbconvOf(sampled) === undefined ? flow.form : 'signed';
    const first = run(sampled);
    if (gate === undefined) return { map: first, form };
    const others = blocks.slice(1).map((name) => detached(flow.map, () => run(name)));
    return { map: selectFirst([first, ...others], gate), form };
  }

  /** The layer's input on the levels of each weight set: of the whole mixture, or of one width where sets are copies. */
  private readingsOf(layer: Layer, flow: Flow, mixture: WidthMixture | undefined): Reading[] {
    const sets = at(this.sets, layer.index);
    return sets.map((set, j) => {
      const own =
        sets.length === 1 || mixture === undefined
          ? mixture
          : { widths: [at(mixture.widths, j)], shares: [1] };
      if (own === undefined) return { ...set, input: flow.map, mixture: own };
      const mixtures = mixturesOf(own);
      const { expand } = set.clips;
      const input = mixActivations(flow.map, expand, mixtures.activations, flow.form);
      return { ...set, input, mixture: mixtures };
    });
  }

  private runBlock(layer: Layer, block: Mbconv, reading: Reading): Tensor {
    const { weights, clips, mixture, input } = reading;
    const output = forwardBlock(input, layer.stride, {
      kernel: (role) => {
        const kernel = this.masked(weights.kernel(block, role), block, role);
        const channels = weights.norm(block, role).gain.size;
        return mixture === undefined ? kernel : mixWeights(kernel, channels, mixture.weights);
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
          : mixActivations(sums, clip, mixture.activations, 'unsigned');
      },
    });
    return layer.residual ? sum(output, input) : output;
  }

  /** A grouped 1x1 as a dense one with zeros; expand's outputs already in shuffled order. */
  private masked(kernel: Tensor, { groups }: Mbconv, role: BlockRole): Tensor {
    if (groups === 1 || role === 'depthwise') return kernel;
    const [, , inputs = 1, outputs = 1] = kernel.shape;
    const key = maskKey(inputs, outputs, groups, role);
    return product(kernel, defined(this.masks.get(key), 'mask'));
  }

  /** All masks at once, so that steps make no tensor that stays. */
  private createMasks(): void {
    for (const { candidates, inputs, outputs } of this.layers)
      for (const block of candidates.flatMap((name) => mbconvOf(name) ?? [])) {
        if (block.groups === 1) continue;
        const wide = inputs * block.expansion;
        this.createMask(inputs, wide, block.groups, 'expand');
        this.createMask(wide, outputs, block.groups, 'project');
      }
  }

  private createMask(inputs: number, outputs: number, groups: number, role: BlockRole): void {
    const key = maskKey(inputs, outputs, groups, role);
    if (this.masks.has(key)) return;
    const values = groupMask(inputs, outputs, groups, role === 'expand' ? 'shuffled' : 'plain');
    this.masks.set(key, keep(tensorFrom(values, [1, 1, inputs, outputs])));
  }

  dispose(): void {
    const weights = this.weightVariables().map(({ variable }) => variable);
    release([...weights, ...this.clipVariables(), ...this.masks.values()]);
  }
}
