// The JSON form of a design: what a file may say, before its network is read.

import { z } from 'zod';
import type { SlotBits } from '../accelerator/accelerator.ts';

const whole = z.number().int();
/** Which sizes and widths are legal is planDesign's to say, because it names the nearest legal one. */
const size = z.number();
const words = z.number();
const text = z.string().max(200);
const slotBits = z.number() as z.ZodType<SlotBits>;

const chunk = z.strictObject({
  name: text,
  kind: z.enum(['standard', 'depthwise']),
  rows: size,
  outputs: size,
  inputs: size,
  slotBits,
  weightBits: size,
  requantizers: size,
  multiplier: z.enum(['dsp1', 'dsp2', 'dsp4', 'lut']),
  order: z.enum(['overlapped', 'paper']),
  accumulatorBuffers: z.union([z.literal(1), z.literal(2)]),
  hasAdd: z.boolean(),
  chipWords: words.optional(),
  port: z.number().optional(),
  pipeline: z
    .strictObject({
      rotation: size,
      adders: size,
      sums: size,
      requantizer: size,
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
    chunks: z.array(chunk).min(1).max(1000),
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
