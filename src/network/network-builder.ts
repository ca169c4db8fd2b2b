// Builds networks of the literature operator by operator: shapes follow from what is asked, weights are left out.

import { outputShape, samePadding } from './geometry.ts';
import type { Network, Operator, Padding, Pair, Shape, Tensor } from './network.ts';

/** Window of a convolution or a pool. */
export interface Window {
  readonly kernel: number;
  readonly stride?: number;
  /** Zero taps on all four sides, or TensorFlow's rule; 0 unless given. */
  readonly padding?: number | 'same';
}

/** A convolution's own choices. */
export interface ConvOptions extends Window {
  readonly groups?: number;
  /** Rectified unless false. */
  readonly rectified?: boolean;
}

/** Widths of everything that follows. */
export interface Widths {
  readonly activationBits: number;
  readonly weightBits: number;
}

/** Activations keep one scale throughout: without weights there is nothing to scale. */
const SCALE = 1 / 16;
const half = 2 ** 14;

/** Grows one network; every method returns the name of the tensor it wrote. */
export class NetworkBuilder {
  readonly #name: string;
  readonly #tensors: Tensor[] = [];
  readonly #operators: Operator[] = [];
  #widths: Widths;

  constructor(name: string, input: Shape, widths: Widths = { activationBits: 8, weightBits: 8 }) {
    this.#name = name;
    this.#widths = widths;
    this.#tensor('image', input);
  }

  /** Widths of the operators from here on; an operator's output has the width of `activationBits` at its time. */
  setWidths(widths: Widths): void {
    this.#widths = widths;
  }

  /** The tensor written last. */
  get last(): string {
    return this.#tensors.at(-1)?.name ?? 'image';
  }

  conv(name: string, channels: number, options: ConvOptions, input = this.last): string {
    const shape = this.shapeOf(input);
    const windows = windowsOf(shape, options);
    const { groups = 1, rectified = true } = options;
    const { weightBits } = this.#widths;
    const clamp = this.#clamp(rectified);
    const ends = { name, input, output: name };
    return this.#append(
      { kind: 'conv', ...ends, ...windows, groups, weightBits, clamp },
      shape,
      channels,
    );
  }

  depthwise(name: string, window: Window, input = this.last): string {
    const shape = this.shapeOf(input);
    const { weightBits } = this.#widths;
    const ends = { name, input, output: name };
    const clamp = this.#clamp(true);
    return this.#append(
      { kind: 'depthwiseConv', ...ends, ...windowsOf(shape, window), weightBits, clamp },
      shape,
      shape[2],
    );
  }

  fullyConnected(name: string, outputs: number, rectified = false): string {
    const input = this.last;
    const { weightBits } = this.#widths;
    const clamp = this.#clamp(rectified);
    return this.#append(
      { kind: 'fullyConnected', name, input, output: name, weightBits, clamp },
      this.shapeOf(input),
      outputs,
    );
  }

  maxPool(name: string, window: Window): string {
    const input = this.last;
    const shape = this.shapeOf(input);
    const ends = { name, input, output: name };
    const clamp = this.#clamp(false);
    return this.#append(
      { kind: 'maxPool', ...ends, ...windowsOf(shape, window), clamp },
      shape,
      shape[2],
    );
  }

  globalAveragePool(name: string): string {
    const input = this.last;
    const shape = this.shapeOf(input);
    const clamp = this.#clamp(false);
    return this.#append(
      { kind: 'globalAveragePool', name, input, output: name, clamp },
      shape,
      shape[2],
    );
  }

  add(name: string, left: string, right: string, rectified: boolean): string {
    const shape = this.shapeOf(left);
    const clamp = this.#clamp(rectified);
    const requantization = {
      form: 'half-up',
      multiplierA: half,
      multiplierB: half,
      shift: 14,
    } as const;
    return this.#append(
      { kind: 'add', name, inputs: [left, right], output: name, clamp, requantization },
      shape,
      shape[2],
    );
  }

  /** Rows, columns and channels of a tensor that is there. */
  shapeOf(name: string): Shape {
    const found = this.#tensors.find((tensor) => tensor.name === name);
    if (found === undefined) throw new Error(`no tensor "${name}" in "${this.#name}"`);
    return found.shape;
  }

  build(): Network {
    return {
      name: this.#name,
      input: 'image',
      output: this.last,
      tensors: this.#tensors,
      operators: this.#operators,
    };
  }

  #clamp(rectified: boolean): { readonly low: number; readonly high: number } {
    const limit = 2 ** (this.#widths.activationBits - 1);
    return { low: rectified ? 0 : -limit, high: limit - 1 };
  }

  #append(operator: Operator, input: Shape, channels: number): string {
    this.#operators.push(operator);
    this.#tensor(operator.output, outputShape(operator, input, channels));
    return operator.output;
  }

  #tensor(name: string, shape: Shape): void {
    const bits = this.#widths.activationBits;
    this.#tensors.push({ name, shape, bits, signed: true, scale: SCALE, zeroPoint: 0 });
  }
}

function windowsOf(
  shape: Shape,
  { kernel, stride = 1, padding = 0 }: Window,
): { readonly kernel: Pair; readonly stride: Pair; readonly padding: Padding } {
  const sides: Padding =
    padding === 'same'
      ? samePadding(shape, [kernel, kernel], [stride, stride])
      : { top: padding, bottom: padding, left: padding, right: padding };
  return { kernel: [kernel, kernel], stride: [stride, stride], padding: sides };
}
