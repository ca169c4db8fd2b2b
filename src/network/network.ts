// What a network is once it leaves training or import: a typed operator graph of integers (docs/hardware.md 1).

/** Rows, columns, channels of one image's tensor. A vector is [1, 1, channels]. */
export type Shape = readonly [rows: number, columns: number, channels: number];

/** A pair along rows and columns. */
export type Pair = readonly [rows: number, columns: number];

/** One tensor of the graph: real value = scale * (stored integer - zeroPoint). */
export interface Tensor {
  readonly name: string;
  readonly shape: Shape;
  /** Width of the stored integer, 2..16. */
  readonly bits: number;
  readonly signed: boolean;
  readonly scale: number;
  readonly zeroPoint: number;
}

/** Rows and columns of zero-point taps around a map. */
export interface Padding {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** Inclusive bounds on stored output integers; they carry ReLU and ReLU6 too. */
export interface Clamp {
  readonly low: number;
  readonly high: number;
}

/** `((acc * multiplier + 2^(shift-1)) >> shift) + zeroPoint`: multiplier 0..65535, shift 1..47, per output channel. */
export interface HalfUpRequantization {
  readonly form: 'half-up';
  readonly multipliers: readonly number[];
  readonly shifts: readonly number[];
}

/**
 * TensorFlow Lite's reference arithmetic: real factor = multiplier * 2^(exponent-31), multiplier Q31.
 * Convolutions round twice (`double`), fully connected layers once (`single`).
 */
export interface TfliteRequantization {
  readonly form: 'tflite';
  readonly rounding: 'double' | 'single';
  readonly multipliers: readonly number[];
  readonly exponents: readonly number[];
}

export type Requantization = HalfUpRequantization | TfliteRequantization;

/** The numbers of a convolution; absent in networks that can only be explored and estimated. */
export interface ConvParameters {
  /** Narrow-range integers, [outputChannel][kernelRow][kernelColumn][inputChannel within the group]; depthwise: last axis 1. */
  readonly weights: Int16Array;
  /** Per output channel, in units of inputScale * weightScale. The zero-point term is NOT in it; lowering adds it. */
  readonly bias: Int32Array;
  readonly requantization: Requantization;
}

interface ConvBase {
  readonly name: string;
  readonly input: string;
  readonly output: string;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Padding;
  readonly weightBits: number;
  readonly clamp: Clamp;
  readonly parameters?: ConvParameters;
}

/** Standard (groups = 1) or grouped convolution. */
export interface ConvOperator extends ConvBase {
  readonly kind: 'conv';
  readonly groups: number;
}

/** One kernel per channel. */
export interface DepthwiseConvOperator extends ConvBase {
  readonly kind: 'depthwiseConv';
}

/** Matrix times the input flattened as [row][column][channel]; weights [output][input]. */
export interface FullyConnectedOperator {
  readonly kind: 'fullyConnected';
  readonly name: string;
  readonly input: string;
  readonly output: string;
  readonly weightBits: number;
  readonly clamp: Clamp;
  readonly parameters?: ConvParameters;
}

/** `(((a-za)*multiplierA + (b-zb)*multiplierB + 2^(shift-1)) >> shift) + z`, multipliers 0..65535, shift 1..47. */
export interface HalfUpAdd {
  readonly form: 'half-up';
  readonly multiplierA: number;
  readonly multiplierB: number;
  readonly shift: number;
}

/** TensorFlow Lite's add: both operands << 20, scaled by double rounding, summed, scaled by double rounding. */
export interface TfliteAdd {
  readonly form: 'tflite';
  readonly multiplierA: number;
  readonly exponentA: number;
  readonly multiplierB: number;
  readonly exponentB: number;
  readonly multiplierOutput: number;
  readonly exponentOutput: number;
}

/** Sum of two tensors of one shape and different scales. */
export interface AddOperator {
  readonly kind: 'add';
  readonly name: string;
  readonly inputs: readonly [string, string];
  readonly output: string;
  readonly clamp: Clamp;
  readonly requantization: HalfUpAdd | TfliteAdd;
}

/** Average (exact quotient of the sum of stored integers, ties away from zero) or maximum over windows. */
export interface PoolOperator {
  readonly kind: 'averagePool' | 'maxPool';
  readonly name: string;
  readonly input: string;
  readonly output: string;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Padding;
  readonly clamp: Clamp;
}

/** Average over the whole map. */
export interface GlobalAveragePoolOperator {
  readonly kind: 'globalAveragePool';
  readonly name: string;
  readonly input: string;
  readonly output: string;
  readonly clamp: Clamp;
}

/** Output channel i*groups + g = input channel g*(channels/groups) + i. */
export interface ChannelShuffleOperator {
  readonly kind: 'channelShuffle';
  readonly name: string;
  readonly input: string;
  readonly output: string;
  readonly groups: number;
}

/** What stays on the host (softmax, final dequantization); the accelerator ends before it. */
export interface HostOperator {
  readonly kind: 'hostOnly';
  readonly name: string;
  readonly input: string;
  readonly output: string;
  readonly function: 'softmax' | 'dequantize';
}

export type Operator =
  | ConvOperator
  | DepthwiseConvOperator
  | FullyConnectedOperator
  | AddOperator
  | PoolOperator
  | GlobalAveragePoolOperator
  | ChannelShuffleOperator
  | HostOperator;

/** A network in execution order: every operator's inputs are the network's input or earlier outputs. */
export interface Network {
  readonly name: string;
  readonly input: string;
  readonly output: string;
  readonly tensors: readonly Tensor[];
  readonly operators: readonly Operator[];
}

/** Tensors an operator reads, in operand order. */
export function inputsOf(operator: Operator): readonly string[] {
  return operator.kind === 'add' ? operator.inputs : [operator.input];
}

/** The tensor of that name; a wrong name is a bug of ours because networks are validated when they are read. */
export function tensorOf(network: Network, name: string): Tensor {
  const tensor = network.tensors.find((candidate) => candidate.name === name);
  if (tensor === undefined) throw new Error(`tensor "${name}" is not in network "${network.name}"`);
  return tensor;
}
