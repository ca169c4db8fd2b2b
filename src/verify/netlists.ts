// The arrays that selfcheck runs random layers on: shapes at the corners of what is legal, one netlist each.

import type { Accelerator, Chunk } from '../accelerator/accelerator.ts';

export type Shape = Omit<Chunk, 'name' | 'order'> & { readonly busBits: 32 | 64 };

const buffers = { input: 512, weights: 1024, parameters: 64, accumulators: 256, operand: 256 };

const base = {
  kind: 'standard',
  slotBits: 8,
  weightBits: 8,
  multiplier: 'dsp1',
  accumulatorBuffers: 2,
  hasAdd: true,
  buffers,
  busBits: 64,
} as const;

/** Named shapes; the name goes into a failure's one-line reproduction. */
export const selfcheckShapes = {
  s2x4x4: { ...base, rows: 2, outputs: 4, inputs: 4, requantizers: 4, accumulatorBuffers: 1 },
  d3x8: {
    ...base,
    kind: 'depthwise',
    rows: 3,
    outputs: 8,
    inputs: 1,
    requantizers: 2,
    chipWords: 16_384,
  },
  s3x8x8: { ...base, rows: 3, outputs: 8, inputs: 8, requantizers: 4, chipWords: 16_384 },
  s1x8x16w4: {
    ...base,
    rows: 1,
    outputs: 8,
    inputs: 16,
    requantizers: 2,
    slotBits: 4,
    weightBits: 4,
    multiplier: 'lut',
  },
  s4x1x1: {
    ...base,
    rows: 4,
    outputs: 1,
    inputs: 1,
    requantizers: 1,
    buffers: { ...buffers, weights: 2048 },
  },
  d1x16w4: {
    ...base,
    kind: 'depthwise',
    rows: 1,
    outputs: 16,
    inputs: 1,
    requantizers: 4,
    slotBits: 4,
    weightBits: 4,
    multiplier: 'lut',
  },
  s2x8x2b32: {
    ...base,
    rows: 2,
    outputs: 8,
    inputs: 2,
    requantizers: 2,
    busBits: 32,
    hasAdd: false,
  },
  s2x4x24: { ...base, rows: 2, outputs: 4, inputs: 24, requantizers: 4, weightBits: 6 },
  d4x1a16: {
    ...base,
    kind: 'depthwise',
    rows: 4,
    outputs: 1,
    inputs: 1,
    requantizers: 1,
    slotBits: 16,
  },
  s2x4x8t: { ...base, rows: 2, outputs: 4, inputs: 8, requantizers: 2, form: 'tflite' },
  d2x8t: {
    ...base,
    kind: 'depthwise',
    rows: 2,
    outputs: 8,
    inputs: 1,
    requantizers: 4,
    form: 'tflite',
  },
  s4x4x4p2: {
    ...base,
    rows: 4,
    outputs: 4,
    inputs: 4,
    requantizers: 2,
    multiplier: 'dsp2',
    pipeline: { rotation: 1, adders: 1, sums: 1, requantizer: 2 },
  },
  s2x8x16w4p4: {
    ...base,
    rows: 2,
    outputs: 8,
    inputs: 16,
    requantizers: 4,
    slotBits: 4,
    weightBits: 4,
    multiplier: 'dsp4',
    accumulatorBuffers: 1,
    pipeline: { rotation: 2, adders: 3, sums: 0, requantizer: 1 },
  },
  d4x8p2t: {
    ...base,
    kind: 'depthwise',
    rows: 4,
    outputs: 8,
    inputs: 1,
    requantizers: 4,
    multiplier: 'dsp2',
    form: 'tflite',
    pipeline: { rotation: 2, adders: 2, sums: 1, requantizer: 3 },
  },
  s1x16x16: {
    ...base,
    rows: 1,
    outputs: 16,
    inputs: 16,
    requantizers: 4,
    buffers: { ...buffers, weights: 512 },
  },
} as const satisfies Readonly<Record<string, Shape>>;

export type ShapeName = keyof typeof selfcheckShapes;

/** Slots that a shape's requantizers can pack, as a mask of 2^(k+1) bits. */
export function packableSlots(shape: Shape): number {
  return [2, 4, 8, 16].reduce(
    (mask, slot, k) => ((shape.busBits / slot) % shape.requantizers === 0 ? mask | (1 << k) : mask),
    0,
  );
}

/** One netlist that random layers run on. */
export interface Netlist {
  /** Goes into the one-line reproduction of a failure. */
  readonly name: string;
  readonly shape: Shape;
  /** Two chunks of that shape take turns at one memory port. */
  readonly isShared?: boolean;
}

/** The netlist of a named shape. */
export const namedNetlist = (name: ShapeName): Netlist => ({ name, shape: selfcheckShapes[name] });

/** The netlist's accelerator. */
export function netlistAccelerator(
  { name, shape, isShared = false }: Netlist,
  order: Chunk['order'],
  placements: Accelerator['placements'],
): Accelerator {
  const { busBits, ...chunk } = shape;
  const one = { ...chunk, name, order };
  const chunks = isShared
    ? [
        { ...one, port: 0 },
        { ...one, name: `${name}_neighbour`, port: 0 },
      ]
    : [one];
  return { busBits, chunks, placements };
}
