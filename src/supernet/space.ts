// The space of networks and bitwidths: what is fixed, what each layer may choose, and one point of it.

import type { Shape } from '../network/network.ts';
import { InvalidConfigError } from '../util/errors.ts';
import { pick } from '../util/pick.ts';
import type { Block, Mbconv } from './block.ts';
import * as blocks from './blocks/index.ts';

export type BlockName = keyof typeof blocks;

/** A width of weights and of the activations they are convolved with: one number for both, or `w4a8`. */
export type Bits = number | `w${number}a${number}`;

const leastBits = 2;
const mostBits = 16;

/** Weights and activations of a width, in that order. */
export function widthsOf(bits: Bits): readonly [weights: number, activations: number] {
  if (typeof bits === 'number') return [bits, bits];
  const [weights, activations] = bits.slice(1).split('a').map(Number);
  return [weights ?? Number.NaN, activations ?? Number.NaN];
}

/** Every pair of a weight width and an activation width; equal ones are a plain number. */
export function pairsOf(weights: readonly number[], activations: readonly number[]): Bits[] {
  return weights.flatMap((w) => activations.map((a): Bits => (w === a ? w : `w${w}a${a}`)));
}

/** The choice of most bits, or of fewest. */
export function extremeBits(bits: readonly Bits[], which: 'most' | 'fewest'): Bits {
  const size = (choice: Bits): number => widthsOf(choice).reduce((sum, width) => sum + width);
  const sign = which === 'most' ? 1 : -1;
  return bits.reduce((best, choice) => (sign * (size(choice) - size(best)) > 0 ? choice : best));
}

const registry: Readonly<Record<BlockName, Block>> = blocks;

/** One searchable layer of a space: its output channels and stride. */
export interface LayerSpec {
  readonly channels: number;
  readonly stride: 1 | 2;
}

/** Stem, searchable layers, optional 1x1 head, global average pool, classifier. */
export interface SearchSpace {
  readonly input: Shape;
  readonly classes: number;
  readonly stem: { readonly channels: number; readonly kernel: number; readonly stride: 1 | 2 };
  readonly layers: readonly LayerSpec[];
  /** Channels of the 1x1 convolution before the pool; 0 for none. */
  readonly headChannels: number;
  readonly candidates: readonly BlockName[];
  /** Bitwidths a layer may choose for its weights and for the activations its convolutions read. */
  readonly bits: readonly Bits[];
}

/** First and last layers, and the operands of a residual addition that come from `project`, are 8 bits wide. */
export const edgeBits = 8;

/** What one layer chose. */
export interface LayerChoice {
  readonly block: BlockName;
  readonly bits: Bits;
}

/** One point of the space, a choice per searchable layer. */
export type Choices = readonly LayerChoice[];

/** A searchable layer with everything that follows from its place. */
export interface Layer {
  readonly index: number;
  readonly rows: number;
  readonly columns: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly stride: 1 | 2;
  /** Stride 1 and equal channels: the block's input is added to its output. */
  readonly residual: boolean;
  readonly candidates: readonly BlockName[];
}

/** The block of that name if it computes anything. */
export function mbconvOf(name: BlockName): Mbconv | undefined {
  const block = registry[name];
  return block.kind === 'mbconv' ? block : undefined;
}

/** Rows or columns after a SAME convolution. */
export function strided(size: number, stride: number): number {
  return Math.ceil(size / stride);
}

/** @throws InvalidConfigError where a width is none that the hardware has */
export function checkBits({ bits }: SearchSpace): void {
  for (const width of bits.flatMap(widthsOf))
    if (!Number.isInteger(width) || width < leastBits || width > mostBits)
      throw new InvalidConfigError(
        `bits: ${width} is no width of weights or activations`,
        `choose whole numbers from ${leastBits} to ${mostBits}`,
      );
}

/** The name as one of the registry's. @throws UnknownNameError */
export function blockNamed(name: string): BlockName {
  pick('block', registry, name);
  return name as BlockName;
}

/** The searchable layers of a space. `skip` is left out where a layer changes shape, grouped blocks where channels are odd. */
export function layersOf(space: SearchSpace): readonly Layer[] {
  let rows = strided(space.input[0], space.stem.stride);
  let columns = strided(space.input[1], space.stem.stride);
  let inputs = space.stem.channels;
  return space.layers.map(({ channels, stride }, index) => {
    const residual = stride === 1 && channels === inputs;
    const candidates = space.candidates.filter((name) => {
      const block = mbconvOf(name);
      return block === undefined
        ? residual
        : inputs % block.groups === 0 && channels % block.groups === 0;
    });
    if (candidates.length === 0) {
      throw new InvalidConfigError(
        `layer ${index} has no candidate block`,
        'add an mbconv block to the candidates; skip only fits layers that keep their shape',
      );
    }
    const layer: Layer = {
      index,
      rows,
      columns,
      inputs,
      outputs: channels,
      stride,
      residual,
      candidates,
    };
    rows = strided(rows, stride);
    columns = strided(columns, stride);
    inputs = channels;
    return layer;
  });
}

/** Points of a space, the product over layers of blocks times bits. */
export function spaceSize(space: SearchSpace): number {
  return layersOf(space).reduce(
    (product, { candidates }) => product * candidates.length * space.bits.length,
    1,
  );
}

/** A point's name; a skipped layer has no bits, so all its widths are one point. */
export function pointName(choices: Choices): string {
  return choices
    .map(({ block, bits }) => (block === 'skip' ? block : `${block}:${bits}`))
    .join(' ');
}
