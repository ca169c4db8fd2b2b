// What random layer runs must cover: the factors of a run, the values of each, and which values a run has.

import type { Accelerator, Chunk, MultiplierStyle } from '../accelerator/accelerator.ts';
import type { Layer } from '../accelerator/layers.ts';
import type { ChipUse } from '../schedule/plan.ts';

const bitsClasses = { '2': [2], '3-4': [3, 4], '5-8': [5, 6, 7, 8], '9-16': range(9, 16) } as const;
export type BitsClass = keyof typeof bitsClasses;
const classes = Object.keys(bitsClasses) as BitsClass[];

function range(low: number, high: number): readonly number[] {
  return Array.from({ length: high - low + 1 }, (_, k) => low + k);
}

/** Every factor with its values, as the table of `npm run test:full` prints them. */
export const factors = {
  layer: [
    'conv',
    'groupedConv',
    'fullyConnected',
    'channelShuffle',
    'depthwiseConv',
    'averagePool',
    'maxPool',
    'globalAveragePool',
    'add',
  ],
  activations: classes,
  weights: classes,
  form: ['half-up', 'tflite'],
  multiplier: ['dsp1', 'dsp2', 'dsp4', 'lut'] satisfies readonly MultiplierStyle[],
  pipeline: ['none', 'registers'],
  order: ['overlapped', 'paper'],
  residency: ['stream', 'weights', 'maps', 'both'],
  port: ['own', 'shared'],
  bus: ['32', '64'],
} as const;

export type Factor = keyof typeof factors;
/** One value of each factor. */
export type Assignment = { readonly [F in Factor]: (typeof factors)[F][number] };
export type LayerValue = Assignment['layer'];

export const factorNames = Object.keys(factors) as readonly Factor[];

/** Widths of a class. */
export const widthsOf = (value: BitsClass): readonly number[] => bitsClasses[value];

/** Class of a width. */
export function classOf(bits: number): BitsClass {
  const found = classes.find((value) => widthsOf(value).includes(bits));
  if (found === undefined) throw new Error(`${bits} bits are in no class`);
  return found;
}

/** What a layer is, by its formed shape; a shuffle or an add names it, whatever it is fused to. */
export function layerValue(layer: Layer): LayerValue {
  const { kind } = layer.source;
  if (layer.add !== undefined) return 'add';
  if (layer.permutation !== undefined) return 'channelShuffle';
  if (kind === 'conv') return layer.groups > 1 ? 'groupedConv' : 'conv';
  if (kind === 'hostOnly') throw new Error(`layer "${layer.name}" runs on the host`);
  return kind;
}

function residencyValue(chip: ChipUse): Assignment['residency'] {
  const maps = chip.input || chip.output || chip.operand;
  if (chip.weights) return maps ? 'both' : 'weights';
  return maps ? 'maps' : 'stream';
}

/** The values that a layer's run has, measured on what will really run. */
export function assignmentOf(
  layer: Layer,
  chunk: Chunk,
  chip: ChipUse,
  { chunks, busBits }: Pick<Accelerator, 'chunks' | 'busBits'>,
): Assignment {
  const isShared =
    chunk.port !== undefined && chunks.filter(({ port }) => port === chunk.port).length > 1;
  return {
    layer: layerValue(layer),
    activations: classOf(layer.input.bits),
    weights: classOf(layer.weightBits),
    form: chunk.form ?? 'half-up',
    multiplier: chunk.multiplier,
    pipeline: chunk.pipeline === undefined ? 'none' : 'registers',
    order: chunk.order,
    residency: residencyValue(chip),
    port: isShared ? 'shared' : 'own',
    bus: busBits === 32 ? '32' : '64',
  };
}

/** The factors that two assignments differ in. */
export function differences(a: Assignment, b: Assignment): readonly Factor[] {
  return factorNames.filter((name) => a[name] !== b[name]);
}
