// The JSON form of a network: what a file may say, before anything is looked up or computed.

import { z } from 'zod';

const whole = z.number().int();
const pair = z.tuple([whole, whole]);
const text = z.string().max(200);

const tensor = z.strictObject({
  name: text,
  shape: z.tuple([whole, whole, whole]),
  bits: whole,
  signed: z.boolean(),
  scale: z.number(),
  zeroPoint: whole,
});

const padding = z.strictObject({ top: whole, bottom: whole, left: whole, right: whole });
const clamp = z.strictObject({ low: whole, high: whole });
const common = { name: text, input: text, output: text };
const windows = { kernel: pair, stride: pair, padding };

/** Where an array lies in the binary file: byte offset, number of integers. */
const region = z.strictObject({ offset: whole.nonnegative(), length: whole.positive() });

const requantization = z.discriminatedUnion('form', [
  z.strictObject({
    form: z.literal('half-up'),
    multipliers: z.array(whole),
    shifts: z.array(whole),
  }),
  z.strictObject({
    form: z.literal('tflite'),
    rounding: z.enum(['double', 'single']),
    multipliers: z.array(whole),
    exponents: z.array(whole),
  }),
]);

const weighted = {
  ...common,
  weightBits: whole,
  clamp,
  parameters: z.strictObject({ weights: region, bias: region, requantization }).optional(),
};

const addRequantization = z.discriminatedUnion('form', [
  z.strictObject({
    form: z.literal('half-up'),
    multiplierA: whole,
    multiplierB: whole,
    shift: whole,
  }),
  z.strictObject({
    form: z.literal('tflite'),
    multiplierA: whole,
    exponentA: whole,
    multiplierB: whole,
    exponentB: whole,
    multiplierOutput: whole,
    exponentOutput: whole,
  }),
]);

/** One operator of the file. */
export const operatorSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('conv'), ...weighted, ...windows, groups: whole }),
  z.strictObject({ kind: z.literal('depthwiseConv'), ...weighted, ...windows }),
  z.strictObject({ kind: z.literal('fullyConnected'), ...weighted }),
  z.strictObject({
    kind: z.literal('add'),
    name: text,
    inputs: z.tuple([text, text]),
    output: text,
    clamp,
    requantization: addRequantization,
  }),
  z.strictObject({ kind: z.literal('averagePool'), ...common, ...windows, clamp }),
  z.strictObject({ kind: z.literal('maxPool'), ...common, ...windows, clamp }),
  z.strictObject({ kind: z.literal('globalAveragePool'), ...common, clamp }),
  z.strictObject({ kind: z.literal('channelShuffle'), ...common, groups: whole }),
  z.strictObject({
    kind: z.literal('hostOnly'),
    ...common,
    function: z.enum(['softmax', 'dequantize']),
  }),
]);

/** The file without its operators, which are read one by one so that an error can name its operator. */
export const documentSchema = z.strictObject({
  format: z.literal('autonba-network'),
  version: z.literal(1),
  name: text,
  input: text,
  output: text,
  tensors: z.array(tensor).max(20_000),
  operators: z.array(z.unknown()).max(10_000),
  weightsFile: z
    .strictObject({
      name: z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,150}\.bin$/),
      bytes: whole.nonnegative(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    })
    .optional(),
});

export type OperatorDocument = z.infer<typeof operatorSchema>;

/** A network as its JSON file says it. */
export type NetworkDocument = Omit<z.infer<typeof documentSchema>, 'operators'> & {
  readonly operators: readonly OperatorDocument[];
};
