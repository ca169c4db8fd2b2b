// The JSON form of a design: what a file may say, before its network is read.

import { z } from 'zod';
import { mostRegisters } from '../accelerator/accelerator.ts';

const whole = z.number().int();
/** Wider than any array or map the hardware can hold, narrow enough that products stay exact. */
const size = whole.min(1).max(65_535);
const words = whole.min(0).max(65_536);
const text = z.string().max(200);
const slotBits = z.union([z.literal(2), z.literal(4), z.literal(8), z.literal(16)]);

const registers = (most: number) => whole.min(0).max(most);

const chunk = z.strictObject({
  name: text,
  kind: z.enum(['standard', 'depthwise']),
  rows: size,
  outputs: size,
  inputs: size,
  slotBits,
  weightBits: whole.min(2).max(16),
  requantizers: size,
  multiplier: z.enum(['dsp1', 'dsp2', 'dsp4', 'lut']),
  order: z.enum(['overlapped', 'paper']),
  accumulatorBuffers: z.union([z.literal(1), z.literal(2)]),
  hasAdd: z.boolean(),
  chipWords: words.optional(),
  port: whole.nonnegative().optional(),
  pipeline: z
    .strictObject({
      rotation: registers(mostRegisters.rotation),
      adders: registers(mostRegisters.adders),
      sums: registers(mostRegisters.sums),
      requantizer: registers(mostRegisters.requantizer),
    })
    .optional(),
  form: z.enum(['half-up', 'tflite']).optional(),
  buffers: z.strictObject({
    input: words,
    weights: words,
    parameters: words,
    accumulators: words,
    operand: words,
  }),
});

const placement = z.strictObject({
  layer: text,
  chunk: whole.nonnegative(),
  tile: z.strictObject({
    rows: size,
    columns: size,
    outputs: size,
    inputs: size,
    first: z.strictObject({ rows: size, outputs: size }).optional(),
  }),
  weights: z.enum(['stream', 'resident']).optional(),
  output: z.enum(['dram', 'chip']).optional(),
});

/** A design as its file says it; the network lies beside it under a name without folders. */
export const designSchema = z.strictObject({
  format: z.literal('autonba-design'),
  version: z.literal(1),
  name: text,
  network: z.strictObject({
    file: z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,150}\.json$/),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  accelerator: z.strictObject({
    busBits: z.union([z.literal(32), z.literal(64)]),
    chunks: z.array(chunk).min(1).max(15),
    placements: z.array(placement).max(10_000),
  }),
  provenance: z.strictObject({
    strategy: text,
    seed: whole,
    device: text,
    dataset: text.optional(),
  }),
});

export type DesignDocument = z.infer<typeof designSchema>;
