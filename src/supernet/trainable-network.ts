// A network graph that can be trained: batch norm after every convolution, learned quantization steps on every weight
// channel and tensor. It walks the integer graph itself, so what is trained is what is exported.

import type { ConvOperator, DepthwiseConvOperator, Network, Operator } from '../network/network.ts';
import { inputsOf, tensorOf } from '../network/network.ts';
import {
  at,
  averageOverMap,
  batchNorm,
  convolve,
  convolveDepthwise,
  type Levels,
  learnedStep,
  learnedStepPerChannel,
  levelsOf,
  multiply,
  product,
  release,
  relu6,
  shuffleChannels,
  sum,
  type Tensor,
  tensorFrom,
  type Variable,
} from '../tensor/index.ts';
import { defined } from '../util/errors.ts';
import type { Rng } from '../util/rng.ts';
import type { Affine, Affines } from './affine.ts';
import { groupMask } from './group-mask.ts';
import { constantVector, randomKernel, scalarVariable } from './initial-weights.ts';

/** Trained numbers of one operator with weights. A classifier has a gain of nothing: only offset, as its bias. */
export interface TrainedOperator {
  readonly operator: Extract<Operator, { weightBits: number }>;
  readonly kernel: Variable;
  readonly gain?: Variable;
  readonly offset: Variable;
  /** Natural logarithm of each output channel's weight step. */
  readonly logStep: Variable;
  readonly levels: Levels;
  /** Zero where a grouped convolution has no weight. */
  readonly mask?: Tensor;
}

/** Quantizer of one tensor; a shuffle's or pool's output shares its input's. */
export interface TrainedTensor {
  readonly logStep: Variable;
  readonly levels: Levels;
}

/** How a forward pass treats quantization and batch norm. */
export interface ForwardOptions {
  readonly quantize: boolean;
  /** Real-valued logits while they train a loss; on their levels where the integer network is imitated. */
  readonly quantizeLogits?: boolean;
  /** What operators do to their sums; batch norm by the batch's own moments where absent. */
  readonly affines?: Affines;
  /** Sees every convolution's sums before normalization, and every tensor before quantization. */
  readonly observe?: (kind: 'sums' | 'tensor', name: string, value: Tensor) => void;
}

function createOperator(
  network: Network,
  operator: Operator,
  rng: Rng,
): TrainedOperator | undefined {
  if (!('weightBits' in operator)) return undefined;
  const inputs = tensorOf(network, operator.input).shape[2];
  const outputs = tensorOf(network, operator.output).shape[2];
  const levels = levelsOf(operator.weightBits, 'narrow');
  const [offset, logStep] = [constantVector(outputs, 0), constantVector(outputs, 0)];
  if (operator.kind === 'fullyConnected') {
    // Variance 1 / fanIn: no ReLU follows.
    const kernel = randomKernel([inputs, outputs], 2 * inputs, rng);
    return { operator, kernel, offset, logStep, levels };
  }
  const gain = constantVector(outputs, 1);
  const [rows, columns] = operator.kernel;
  if (operator.kind === 'depthwiseConv') {
    const kernel = randomKernel([rows, columns, outputs, 1], rows * columns, rng);
    return { operator, kernel, gain, offset, logStep, levels };
  }
  const { groups } = operator;
  const kernel = randomKernel(
    [rows, columns, inputs, outputs],
    (rows * columns * inputs) / groups,
    rng,
  );
  if (groups === 1) return { operator, kernel, gain, offset, logStep, levels };
  const mask = tensorFrom(groupMask(inputs, outputs, groups, 'plain'), [1, 1, inputs, outputs]);
  return { operator, kernel, gain, offset, logStep, levels, mask };
}

function scaleAndShift(sums: Tensor, { factor, constant }: Affine): Tensor {
  const vector = (values: Float64Array): Tensor =>
    tensorFrom(Float32Array.from(values), [values.length]);
  return sum(product(sums, vector(factor)), vector(constant));
}

/** Trainable twin of a network graph without parameters. Owns its variables until `dispose`. */
export class TrainableNetwork {
  readonly network: Network;
  readonly operators: ReadonlyMap<string, TrainedOperator>;
  /** By tensor name, without the network's input, whose scale is given. */
  readonly tensors: ReadonlyMap<string, TrainedTensor>;

  constructor(network: Network, rng: Rng) {
    this.network = network;
    const operators = new Map<string, TrainedOperator>();
    const tensors = new Map<string, TrainedTensor>();
    for (const operator of network.operators) {
      const trained = createOperator(network, operator, rng);
      if (trained !== undefined) operators.set(operator.name, trained);
      const shared = trained === undefined && operator.kind !== 'add';
      const source = shared ? tensors.get(at(inputsOf(operator), 0)) : undefined;
      const { bits, signed } = tensorOf(network, operator.output);
      const levels = levelsOf(bits, signed ? 'signed' : 'unsigned');
      tensors.set(operator.output, source ?? { logStep: scalarVariable(0), levels });
    }
    this.operators = operators;
    this.tensors = tensors;
  }

  /** Kernels, and everything else stepped by the same optimizer. */
  weightVariables(): readonly { readonly variable: Variable; readonly isKernel: boolean }[] {
    return [...this.operators.values()].flatMap(({ kernel, gain, offset }) => [
      { variable: kernel, isKernel: true },
      ...(gain === undefined ? [] : [{ variable: gain, isKernel: false }]),
      { variable: offset, isKernel: false },
    ]);
  }

  /** Logarithms of the learned steps of weights and tensors; the logits' step is set after training. */
  stepVariables(): readonly Variable[] {
    const activations = [...this.tensors].filter(([name]) => name !== this.network.output);
    const weights = [...this.operators.values()].map(({ logStep }) => logStep);
    return [...new Set([...weights, ...activations.map(([, { logStep }]) => logStep)])];
  }

  /** Logits [batch, classes] of images [batch, rows, columns, channels] in 0..1. Call inside a tidy. */
  forward(images: Tensor, options: ForwardOptions): Tensor {
    const values = new Map<string, Tensor>([[this.network.input, images]]);
    for (const operator of this.network.operators) {
      const inputs = inputsOf(operator).map((name) => defined(values.get(name), name));
      values.set(operator.output, this.run(operator, inputs, options));
    }
    return defined(values.get(this.network.output), this.network.output);
  }

  private run(operator: Operator, inputs: readonly Tensor[], options: ForwardOptions): Tensor {
    const input = at(inputs, 0);
    switch (operator.kind) {
      case 'conv':
      case 'depthwiseConv':
        return this.finish(operator.output, this.normalized(operator, input, options), options);
      case 'fullyConnected': {
        const trained = this.trained(operator.name);
        const sums = multiply(input, this.kernelOf(trained, options.quantize));
        const affine = options.affines?.get(operator.name);
        const logits =
          affine === undefined ? sum(sums, trained.offset) : scaleAndShift(sums, affine);
        return this.finish(operator.output, logits, options);
      }
      case 'add':
        return this.finish(operator.output, this.added(operator.name, inputs, options), options);
      case 'globalAveragePool':
        return this.finish(operator.output, averageOverMap(input), options);
      case 'channelShuffle':
        return shuffleChannels(input, operator.groups);
      default:
        throw new Error(`a ${operator.kind} operator cannot be trained`);
    }
  }

  private normalized(
    operator: ConvOperator | DepthwiseConvOperator,
    x: Tensor,
    options: ForwardOptions,
  ): Tensor {
    const trained = this.trained(operator.name);
    const kernel = this.kernelOf(trained, options.quantize);
    const stride = operator.stride[0];
    const sums =
      operator.kind === 'conv' ? convolve(x, kernel, stride) : convolveDepthwise(x, kernel, stride);
    options.observe?.('sums', operator.name, sums);
    const affine = options.affines?.get(operator.name);
    if (affine !== undefined) return scaleAndShift(sums, affine);
    return batchNorm(sums, defined(trained.gain, 'gain'), trained.offset);
  }

  private added(name: string, inputs: readonly Tensor[], { affines }: ForwardOptions): Tensor {
    const [a, b] = [at(inputs, 0), at(inputs, 1)];
    const [factorA = 1, factorB = 1] = affines?.get(name)?.factor ?? [];
    return sum(factorA === 1 ? a : product(a, factorA), factorB === 1 ? b : product(b, factorB));
  }

  /** Kernel as it is multiplied with: masked, and on its levels when quantizing. */
  kernelOf({ kernel, mask, logStep, levels }: TrainedOperator, quantize: boolean): Tensor {
    const present = mask === undefined ? kernel : product(kernel, mask);
    return quantize ? learnedStepPerChannel(present, logStep, levels) : present;
  }

  /** ReLU where the tensor is unsigned: its quantizer clips below zero, the float phase takes ReLU6. */
  private finish(name: string, value: Tensor, options: ForwardOptions): Tensor {
    const { logStep, levels } = defined(this.tensors.get(name), name);
    options.observe?.('tensor', name, value);
    if (name === this.network.output && options.quantizeLogits !== true) return value;
    if (options.quantize) return learnedStep(value, logStep, levels);
    return levels.form === 'unsigned' ? relu6(value) : value;
  }

  trained(name: string): TrainedOperator {
    return defined(this.operators.get(name), name);
  }

  dispose(): void {
    const masks = [...this.operators.values()].flatMap(({ mask }) =>
      mask === undefined ? [] : [mask],
    );
    const logits = this.tensors.get(this.network.output);
    release([
      ...this.weightVariables().map(({ variable }) => variable),
      ...this.stepVariables(),
      ...masks,
    ]);
    if (logits !== undefined) release([logits.logStep]);
  }
}
