// Bounds on a layer's cycles that hold for every tile: what an array cannot do without, whatever is cut how.

import type { Layer } from '../accelerator/layers.ts';
import { chipMemory, type Memory } from '../schedule/memory.ts';
import { ceilDiv, chunkGeometry, lanesOf, noChipUse, recordBits } from '../schedule/plan.ts';
import { beatsOfTensor } from '../schedule/residency.ts';
import { arrayOf, type LayerContext } from './layer-table.ts';
import type { Space } from './space.ts';

/** Least cycles of each unit; the layer takes as long as the slowest of them. */
export interface LayerBounds {
  /** The array alone, by [rows][outputs][inputs] of the space. */
  readonly array: Float64Array;
  /** All reads, by [outputs][inputs]. */
  readonly reads: Float64Array;
  /** All stores, by requantizers. */
  readonly stores: Float64Array;
  /** Beats on chip, by [outputs][inputs]. */
  readonly chipBeats: Float64Array;
}

/** Positions along one axis of the input that some tap of some output falls on. */
function touched(layer: Layer, axis: 0 | 1): number {
  const size = layer.inputShape[axis];
  const stride = layer.stride[axis];
  const kernel = layer.kernel[axis];
  const before = axis === 0 ? layer.padding.top : layer.padding.left;
  const isTouched = new Uint8Array(size);
  for (let output = 0; output < layer.outputShape[axis]; output++)
    for (let tap = 0; tap < kernel; tap++) {
      const at = output * stride - before + tap;
      if (at >= 0 && at < size) isTouched[at] = 1;
    }
  return isTouched.reduce((sum, one) => sum + one, 0);
}

/** Works out the bounds of a layer in its context. */
export function layerBounds(
  { layer, slots, weightBits, form = 'half-up', chip = noChipUse }: LayerContext,
  busBits: 32 | 64,
  memory: Memory,
  space: Space,
): LayerBounds {
  const memoryOf = (kind: keyof typeof chip): Memory => (chip[kind] ? chipMemory : memory);
  const [height, width, channels] = layer.outputShape;
  const inputChannels = layer.inputShape[2];
  const isDepthwise = layer.kind === 'depthwise';
  const taps = layer.kernel[0] * layer.kernel[1];
  const products = isDepthwise ? 1 : inputChannels / layer.groups;
  const outputLanes = lanesOf(busBits, slots.output);
  const outputBeats = beatsOfTensor(layer.outputShape, outputLanes);
  const parameterBeats =
    (ceilDiv(channels, outputLanes) * outputLanes * recordBits({ form })) / busBits;
  const inputBeats =
    ceilDiv(inputChannels, lanesOf(busBits, slots.input)) * touched(layer, 0) * touched(layer, 1);
  const cost = (beats: number, { readLatencyCycles, beatCycles }: Memory): number =>
    readLatencyCycles + beats * beatCycles;
  const operandCycles =
    layer.add === undefined
      ? 0
      : cost(
          beatsOfTensor(layer.outputShape, lanesOf(busBits, slots.operand)),
          memoryOf('operand'),
        );
  const fixedReads =
    cost(inputBeats, memoryOf('input')) +
    cost(parameterBeats, memoryOf('parameters')) +
    operandCycles;
  // Before the first array word, some input and some weights have come.
  const fill = cost(1, memoryOf('input')) + cost(1, memoryOf('weights'));
  const inputs = isDepthwise ? [1] : space.inputs;
  const array = new Float64Array(space.rows.length * space.outputs.length * inputs.length);
  const reads = new Float64Array(space.outputs.length * inputs.length);
  const chipBeats = new Float64Array(reads.length);
  const kept = (chip.output ? outputBeats : 0) + (chip.parameters ? parameterBeats : 0);
  for (let o = 0; o < space.outputs.length; o++)
    for (let i = 0; i < inputs.length; i++) {
      const shape = arrayOf(space, layer.kind, { rows: 0, outputs: o, inputs: i });
      const words = ceilDiv(channels, shape.outputs) * Math.ceil(products / shape.inputs) * taps;
      const { weightWordsPerBeat, weightBeatsPerWord } = chunkGeometry(
        {
          ...shape,
          kind: layer.kind,
          slotBits: slots.input,
          weightBits,
          requantizers: 1,
          form,
        },
        busBits,
      );
      const weightBeats =
        weightWordsPerBeat > 1 ? ceilDiv(words, weightWordsPerBeat) : words * weightBeatsPerWord;
      reads[o * inputs.length + i] = fixedReads + cost(weightBeats, memoryOf('weights'));
      chipBeats[o * inputs.length + i] = kept + (chip.weights ? weightBeats : 0);
      space.rows.forEach((rows, r) => {
        array[(r * space.outputs.length + o) * inputs.length + i] =
          fill + ceilDiv(height, rows) * width * words;
      });
    }
  const { beatCycles } = memoryOf('output');
  const stores = Float64Array.from(
    space.requantizers,
    (requantizers) => outputBeats * Math.max(outputLanes / requantizers, beatCycles),
  );
  return { array, reads, stores, chipBeats };
}

/** Cycles that a layer takes at least: [rows][outputs][inputs] and [outputs][inputs] as indices. */
export function leastOfLayer(
  { array, reads, stores }: LayerBounds,
  { index, pair }: { readonly index: number; readonly pair: number },
  requantizers: number,
): number {
  return Math.max(array[index] ?? 0, reads[pair] ?? 0, stores[requantizers] ?? 0);
}
