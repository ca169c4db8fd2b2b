// Random layers, chunks, tiles and memories for properties: built field by field, so that fast-check can shrink them.

import fc from 'fast-check';
import type {
  Chunk,
  RequantizationForm,
  SlotBits,
  Tile,
} from '../../src/accelerator/accelerator.ts';
import { formLayers, type Layer } from '../../src/accelerator/layers.ts';
import type { Network, Operator, Tensor } from '../../src/network/network.ts';
import type { Memory } from '../../src/schedule/memory.ts';
import { type LayerPlan, noChipUse, planLayer } from '../../src/schedule/plan.ts';
import { tileProblems } from '../../src/schedule/tile-legality.ts';
import { defined } from '../../src/util/errors.ts';

/** Any memory the contract allows, within reason. */
export const memories: fc.Arbitrary<Memory> = fc.record({
  readLatencyCycles: fc.integer({ min: 1, max: 40 }),
  beatCycles: fc.integer({ min: 1, max: 4 }),
  outstandingBursts: fc.integer({ min: 1, max: 16 }),
  writeLatencyCycles: fc.integer({ min: 1, max: 25 }),
});

const clamp = { low: 0, high: 255 };
const tensor = (name: string, shape: Tensor['shape'], bits = 8): Tensor => ({
  name,
  shape,
  bits,
  signed: false,
  scale: 1,
  zeroPoint: 0,
});

interface LayerShape {
  readonly depthwise: boolean;
  readonly rows: number;
  readonly columns: number;
  readonly groups: number;
  readonly inputsPerGroup: number;
  readonly outputsPerGroup: number;
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number, number, number];
  readonly next: 'nothing' | 'add' | 'shuffle';
}

const halfUpAdd = { form: 'half-up', multiplierA: 1, multiplierB: 1, shift: 1 } as const;
const tfliteAdd = {
  form: 'tflite',
  multiplierA: 2 ** 30,
  exponentA: 0,
  multiplierB: 2 ** 30,
  exponentB: -1,
  multiplierOutput: 2 ** 30,
  exponentOutput: -18,
} as const;

const small = (max: number) => fc.integer({ min: 1, max });

/** Maps up to 13 x 13, all paddings below the kernel, grouped, shuffled and followed by an add. */
const layerShapes: fc.Arbitrary<LayerShape> = fc
  .record({
    depthwise: fc.boolean(),
    rows: small(13),
    columns: small(13),
    groups: fc.constantFrom(1, 1, 2, 3),
    inputsPerGroup: small(20),
    outputsPerGroup: small(24),
    kernel: fc.oneof(fc.tuple(small(5), small(5)), fc.constant([1, 1] as [number, number])),
    stride: fc.tuple(small(4), small(4)),
    padding: fc.tuple(fc.nat(4), fc.nat(4), fc.nat(4), fc.nat(4)),
    next: fc.constantFrom('nothing', 'nothing', 'add', 'shuffle'),
  })
  .map((shape) => ({ ...shape, groups: shape.depthwise ? 1 : shape.groups }))
  .map(({ kernel, padding, ...shape }) => {
    const [top, bottom, left, right] = padding;
    const below = (size: number, edge: number) => Math.min(edge, size - 1);
    const trimmed = [
      below(kernel[0], top),
      below(kernel[0], bottom),
      below(kernel[1], left),
      below(kernel[1], right),
    ] as const;
    return { ...shape, kernel, padding: trimmed };
  })
  .filter(
    ({ rows, columns, kernel, padding: [top, bottom, left, right] }) =>
      rows + top + bottom >= kernel[0] && columns + left + right >= kernel[1],
  );

/** The layer of a shape, by way of a network so that formLayers is what makes it. */
function layerOf(shape: LayerShape, form: RequantizationForm): Layer {
  const { depthwise, groups, inputsPerGroup, outputsPerGroup, kernel, stride, next } = shape;
  const [top, bottom, left, right] = shape.padding;
  const channels = groups * inputsPerGroup;
  const outChannels = depthwise ? channels : groups * outputsPerGroup;
  const size = (whole: number, k: number, s: number) => Math.floor((whole - k) / s) + 1;
  const outShape = [
    size(shape.rows + top + bottom, kernel[0], stride[0]),
    size(shape.columns + left + right, kernel[1], stride[1]),
    outChannels,
  ] as const;
  const window = { kernel, stride, padding: { top, bottom, left, right }, weightBits: 8, clamp };
  const names = { name: 'layer', input: 'image', output: 'map' };
  const unit = { ...window, kernel: [1, 1], stride: [1, 1] } as const;
  const noPadding = { top: 0, bottom: 0, left: 0, right: 0 };
  const operators: Operator[] = [
    depthwise
      ? { kind: 'depthwiseConv', ...names, ...window }
      : { kind: 'conv', ...names, ...window, groups },
  ];
  const tensors = [
    tensor('image', [shape.rows, shape.columns, channels]),
    tensor('map', outShape, next === 'add' ? 6 : 8),
  ];
  if (next === 'shuffle') {
    operators.push({
      kind: 'channelShuffle',
      name: 'shuffle',
      input: 'map',
      output: 'end',
      groups: outChannels % 2 === 0 ? 2 : 1,
    });
    tensors.push(tensor('end', outShape));
  }
  if (next === 'add') {
    operators.unshift({
      kind: 'conv',
      name: 'side',
      input: 'image',
      output: 'other',
      ...unit,
      padding: noPadding,
      groups: 1,
    });
    operators.push({
      kind: 'add',
      name: 'add',
      inputs: ['map', 'other'],
      output: 'end',
      clamp,
      requantization: form === 'tflite' ? tfliteAdd : halfUpAdd,
    });
    tensors.push(tensor('other', outShape, 4), tensor('end', outShape));
  }
  const output = next === 'nothing' ? 'map' : 'end';
  const network: Network = { name: 'n', input: 'image', output, tensors, operators };
  const formed = formLayers(network);
  if (!formed.ok) throw new Error(`${formed.operator}: ${formed.reason}`);
  return defined(
    formed.layers.find(({ name }) => name === 'layer'),
    'the layer asked for',
  );
}

/** Room enough that buffers never decide: what is illegal is so for another reason. */
const buffers = {
  input: 32_768,
  weights: 32_768,
  parameters: 32_768,
  accumulators: 32_768,
  operand: 32_768,
};

/** A layer with a legal chunk and tile. */
export interface PlannedCase {
  readonly layer: Layer;
  readonly chunk: Chunk;
  readonly tile: Tile;
  readonly slots: { readonly output: SlotBits; readonly operand: SlotBits };
  readonly busBits: 32 | 64;
  readonly plan: LayerPlan;
}

const multiple = (step: number, most: number) =>
  fc.integer({ min: 1, max: most }).map((k) => k * step);

/** Legal plans only; the chunk has every feature the layer needs. */
export const plannedCases: fc.Arbitrary<PlannedCase> = fc
  .record({
    shape: layerShapes,
    busBits: fc.constantFrom(32 as const, 64 as const),
    rows: small(4),
    outputs: fc.constantFrom(1, 2, 4, 8, 16),
    inputs: fc.constantFrom(1, 2, 4, 8, 16, 24),
    requantizers: fc.constantFrom(1, 2, 4, 8),
    slotBits: fc.constantFrom(8 as const, 16 as const),
    outputSlot: fc.constantFrom(8 as const, 16 as const),
    weightBits: fc.constantFrom(8, 12),
    form: fc.constantFrom('half-up' as const, 'tflite' as const),
    order: fc.constantFrom('overlapped' as const, 'paper' as const),
    accumulatorBuffers: fc.constantFrom(1 as const, 2 as const),
    tile: fc.record({
      rows: small(13),
      columns: small(13),
      // 16 lanes: an operand of 4 bits on 64 wires.
      outputs: multiple(16, 4),
      inputs: multiple(8, 6),
    }),
    first: fc.option(fc.record({ rows: small(13), outputs: multiple(16, 4) })),
    isOnChip: fc.boolean(),
  })
  .map(({ shape, tile: even, first, busBits, outputSlot, isOnChip, ...array }): PlannedCase => {
    const layer = layerOf(shape, array.form);
    const chunk: Chunk = {
      ...array,
      name: 'chunk',
      kind: layer.kind,
      inputs: layer.kind === 'depthwise' ? 1 : array.inputs,
      requantizers: Math.max(busBits / 64, Math.min(array.requantizers, array.outputs)),
      multiplier: 'dsp1',
      hasAdd: layer.add !== undefined,
      buffers,
    };
    const slots = { output: outputSlot, operand: 4 as const };
    const chip = { ...noChipUse, input: isOnChip };
    const tile =
      first === null
        ? even
        : {
            ...even,
            first: {
              rows: Math.min(first.rows, even.rows),
              outputs: Math.min(first.outputs, even.outputs),
            },
          };
    const plan = planLayer(layer, chunk, tile, slots, busBits, chip);
    return { layer, chunk, tile, slots, busBits, plan };
  })
  .filter(
    ({ layer, chunk, tile, slots, busBits, plan }) =>
      tileProblems(layer, chunk, tile, slots, busBits, plan.chip).length === 0 &&
      layer.kind === chunk.kind,
  );
