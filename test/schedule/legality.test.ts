// Every rule broken once, alone: the sentence names the rule.

import { describe, expect, test } from 'vitest';
import type { Chunk, Tile } from '../../src/accelerator/accelerator.ts';
import { formLayers, type Layer } from '../../src/accelerator/layers.ts';
import type { ConvOperator, Network, Tensor } from '../../src/network/network.ts';
import { chunkProblems } from '../../src/schedule/legality.ts';
import { tileProblems } from '../../src/schedule/tile-legality.ts';
import { defined } from '../../src/util/errors.ts';

const buffers = { input: 512, weights: 1024, parameters: 64, accumulators: 256, operand: 64 };
const chunk: Chunk = {
  name: 'c',
  kind: 'standard',
  rows: 2,
  outputs: 8,
  inputs: 8,
  slotBits: 8,
  weightBits: 8,
  requantizers: 4,
  multiplier: 'dsp1',
  order: 'overlapped',
  accumulatorBuffers: 2,
  hasAdd: true,
  buffers,
};

test('the chunk that all cases start from is legal', () => {
  expect(chunkProblems(chunk, 64)).toEqual([]);
});

const chunkRules: readonly (readonly [string, Partial<Chunk>, 32 | 64])[] = [
  ['rows is 0, must be a whole number from 1 to 65535; the nearest legal is 1', { rows: 0 }, 64],
  [
    'outputs is 1.5, must be a whole number from 1 to 65535; the nearest legal is 2',
    { outputs: 1.5 },
    64,
  ],
  [
    'inputs is -1, must be a whole number from 1 to 65535; the nearest legal is 1',
    { inputs: -1 },
    64,
  ],
  [
    'requantizers is 0, must be a whole number from 1 to 65535; the nearest legal is 1',
    { requantizers: 0 },
    64,
  ],
  ['slotBits is 32, must be 2, 4, 8 or 16; the nearest legal is 16', { slotBits: 32 as 16 }, 64],
  ['weightBits is 1, must be 2 to 16; the nearest legal is 2', { weightBits: 1 }, 64],
  ['weightBits is 17, must be 2 to 16; the nearest legal is 16', { weightBits: 17 }, 64],
  [
    'inputs is 8, must be 1 in a depthwise chunk; the nearest legal is 1',
    { kind: 'depthwise' },
    64,
  ],
  [
    '12 activation lanes neither divide nor are a multiple of the 8 lanes of a beat; the nearest legal is 8 inputs',
    { inputs: 12 },
    64,
  ],
  ['requantizers is 3, must divide the 8 outputs; the nearest legal is 2', { requantizers: 3 }, 64],
  [
    'requantizers is 1, whose records are no whole beats; the nearest legal is 2',
    { requantizers: 1 },
    128 as 64,
  ],
  [
    'buffers.input is 500 words, must be a power of two from 2 to 32768; the nearest legal is 512',
    { buffers: { ...buffers, input: 500 } },
    64,
  ],
  [
    'buffers.weights is 1 words, must be a power of two from 2 to 32768; the nearest legal is 2',
    { buffers: { ...buffers, weights: 1 } },
    64,
  ],
  [
    'buffers.parameters is 65536 words, must be a power of two from 2 to 32768; the nearest legal is 32768',
    { buffers: { ...buffers, parameters: 65_536 } },
    64,
  ],
  [
    'buffers.accumulators is 0 words, must be a power of two from 2 to 32768; the nearest legal is 2',
    { buffers: { ...buffers, accumulators: 0 } },
    64,
  ],
  [
    'buffers.operand is 3 words, must be a power of two from 2 to 32768; the nearest legal is 2',
    { buffers: { ...buffers, operand: 3 } },
    64,
  ],
];

test.each(chunkRules)('chunk: %s', (sentence, change, busBits) => {
  expect(chunkProblems({ ...chunk, ...change }, busBits)).toEqual([sentence]);
});

test('the nearest legal value that a sentence names is legal', () => {
  for (const [sentence, change, busBits] of chunkRules) {
    const [, field = '', value = ''] =
      /^(?:buffers\.)?(\w+) is .*; the nearest legal is (\d+)$/.exec(sentence) ?? [];
    if (field === '') continue;
    const broken: Chunk = { ...chunk, ...change };
    const cured = sentence.startsWith('buffers.')
      ? { ...broken, buffers: { ...broken.buffers, [field]: Number(value) } }
      : { ...broken, [field]: Number(value) };
    // A later rule may now speak of another field, never of this one again.
    const again = chunkProblems(cured, busBits).filter((problem) =>
      problem.includes(`${field} is `),
    );
    expect(again).toEqual([]);
  }
});

test('a chunk that cannot add needs no operand buffer', () => {
  const change = { hasAdd: false, buffers: { ...buffers, operand: 0 } };
  expect(chunkProblems({ ...chunk, ...change }, 64)).toEqual([]);
});

const conv: ConvOperator = {
  kind: 'conv',
  name: 'layer',
  input: 'image',
  output: 'map',
  kernel: [3, 3],
  stride: [1, 1],
  padding: { top: 1, bottom: 1, left: 1, right: 1 },
  groups: 1,
  weightBits: 8,
  clamp: { low: 0, high: 255 },
};
const tensor = (name: string, shape: Tensor['shape']): Tensor => ({
  name,
  shape,
  bits: 8,
  signed: false,
  scale: 1,
  zeroPoint: 0,
});
const network: Network = {
  name: 'n',
  input: 'image',
  output: 'map',
  tensors: [tensor('image', [12, 12, 24]), tensor('map', [12, 12, 24])],
  operators: [conv],
};
const formed = formLayers(network);
const layer = defined(formed.ok ? formed.layers[0] : undefined, 'the layer');
const operand = tensor('other', [12, 12, 24]);
const tile: Tile = { rows: 4, columns: 12, outputs: 8, inputs: 8 };

describe('tiles', () => {
  type Change = {
    readonly layer?: Partial<Layer>;
    readonly chunk?: Partial<Chunk>;
    readonly tile?: Partial<Tile>;
    readonly slots?: { readonly output: 4 | 8 | 16; readonly operand: 4 | 8 };
  };
  const broken = (change: Change): string[] =>
    tileProblems(
      { ...layer, ...change.layer },
      { ...chunk, ...change.chunk },
      { ...tile, ...change.tile },
      change.slots ?? { output: 8, operand: 8 },
      64,
    );
  const add = {
    kind: 'add',
    name: 'add',
    inputs: ['map', 'other'],
    output: 'sum',
    clamp: conv.clamp,
    requantization: { form: 'half-up', multiplierA: 1, multiplierB: 1, shift: 1 },
  } as const;
  const withAdd = { add, operand };
  const bits = (count: number) => ({ ...layer.input, bits: count });

  test('the tile that all cases start from is legal, with and without an add', () => {
    expect(broken({})).toEqual([]);
    expect(broken({ layer: withAdd, chunk: { buffers: { ...buffers, operand: 64 } } })).toEqual([]);
  });

  const rules: readonly (readonly [string, Change])[] = [
    [
      'tile rows is 0, must be a whole number from 1 to 65535; the nearest legal is 1',
      { tile: { rows: 0 } },
    ],
    [
      'tile columns is 0.5, must be a whole number from 1 to 65535; the nearest legal is 1',
      { tile: { columns: 0.5 } },
    ],
    [
      'tile outputs is -8, must be a whole number from 1 to 65535; the nearest legal is 1',
      { tile: { outputs: -8 } },
    ],
    [
      'tile inputs is 0, must be a whole number from 1 to 65535; the nearest legal is 1',
      { tile: { inputs: 0 } },
    ],
    [
      'a standard layer cannot run on a depthwise chunk; the nearest legal is a standard chunk',
      { chunk: { kind: 'depthwise', inputs: 1 } },
    ],
    [
      "its input has 9 bits, the chunk's slots 8; the nearest legal is slotBits 16",
      { layer: { input: bits(9) } },
    ],
    [
      "its weights have 8 bits, the chunk's 6; the nearest legal is weightBits 8",
      { chunk: { weightBits: 6 } },
    ],
    [
      'its output has 9 bits, the slot 8; the nearest legal is slotBits 16 in the chunk that reads it',
      { layer: { output: bits(9) } },
    ],
    [
      "its requantization is half-up, the chunk's tflite; the nearest legal is form half-up",
      { layer: withAdd, chunk: { form: 'tflite', requantizers: 4 } },
    ],
    [
      'it adds a second operand, which the chunk cannot; the nearest legal is hasAdd true',
      { layer: withAdd, chunk: { hasAdd: false } },
    ],
    [
      '8 requantizers do not divide the 4 lanes of an output beat; the nearest legal is 4',
      { chunk: { requantizers: 8 }, slots: { output: 16, operand: 8 } },
    ],
    [
      '16 requantizers do not divide the 8 lanes of an operand beat; the nearest legal is 8',
      {
        layer: { ...withAdd, output: bits(4) },
        chunk: { requantizers: 16, outputs: 16 },
        tile: { outputs: 16 },
        slots: { output: 4, operand: 8 },
      },
    ],
    [
      'tile outputs is 12, must be a multiple of 8 or all 24; the nearest legal is 8',
      { tile: { outputs: 12 } },
    ],
    [
      'tile outputs is 8, must be a multiple of 16 or all 24; the nearest legal is 16',
      { layer: withAdd, slots: { output: 8, operand: 4 } },
    ],
    [
      'tile inputs is 12, must be a multiple of 8 or all 24; the nearest legal is 8',
      { tile: { inputs: 12 } },
    ],
    [
      'its padding of 3 is not smaller than its kernel; the nearest legal is 2',
      { layer: { padding: { ...conv.padding, bottom: 3 } } },
    ],
    [
      'its padding of 3 is not smaller than its kernel; the nearest legal is 2',
      { layer: { padding: { ...conv.padding, left: 3 } } },
    ],
    ['its stride is 5, at most 4; the nearest legal is 4', { layer: { stride: [1, 5] } }],
    [
      'its map has more than 4095 rows or columns; the nearest legal is 4095',
      { layer: { inputShape: [12, 4096, 24] } },
    ],
    [
      'its tile needs 42 words of the input buffer, which holds 32; the nearest legal is buffers.input 64 or tile rows 2',
      { chunk: { buffers: { ...buffers, input: 32 } } },
    ],
    [
      'its tile needs 9 words of the weights buffer, which holds 8; the nearest legal is buffers.weights 16',
      { chunk: { buffers: { ...buffers, weights: 8 } } },
    ],
    [
      'its tile needs 24 words of the accumulators buffer, which holds 16; the nearest legal is buffers.accumulators 32 or tile rows 2',
      { chunk: { buffers: { ...buffers, accumulators: 16 } } },
    ],
    [
      'its tile needs 2 words of the parameters buffer, which holds 1; the nearest legal is buffers.parameters 2',
      { chunk: { buffers: { ...buffers, parameters: 1 } } },
    ],
    [
      'its tile needs 48 words of the operand buffer, which holds 32; the nearest legal is buffers.operand 64 or tile rows 2',
      { layer: withAdd, chunk: { buffers: { ...buffers, operand: 32 } } },
    ],
  ];
  test.each(rules)('%s', (sentence, change) => {
    expect(broken(change)).toEqual([sentence]);
  });
});
