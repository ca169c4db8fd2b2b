// Bounds on a layer's cycles that hold for every tile: what an array cannot do without, whatever is cut how.

import type { Tile } from '../accelerator/accelerator.ts';
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
  /** Words that every tile needs of each buffer half, by [rows][outputs][inputs]. */
  readonly words: {
    readonly input: Float64Array;
    readonly weights: Float64Array;
    readonly accumulators: Float64Array;
  };
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

/** The least of each size over all tiles of a layer. */
function leastTile(tiles: readonly Tile[]): Tile {
  const least = (name: 'rows' | 'columns' | 'outputs' | 'inputs'): number =>
    tiles.reduce((size, tile) => Math.min(size, tile[name]), Number.POSITIVE_INFINITY);
  return {
    rows: least('rows'),
    columns: least('columns'),
    outputs: least('outputs'),
    inputs: least('inputs'),
  };
}

/** Rows and columns of input that a bank and a row of the buffer hold at least. */
function inputWords(layer: Layer, tile: Tile, arrayRows: number): number {
  const [kernelRows, kernelColumns] = layer.kernel;
  // A kernel of one tap may skip what its stride skips.
  const isPoint = kernelRows === 1 && kernelColumns === 1;
  const [rowStride, columnStride] = isPoint ? [1, 1] : layer.stride;
  const lastTap = (tile.rows - 1) * rowStride + kernelRows - 1;
  const bankRows = (Math.floor(Math.floor(lastTap / rowStride) / arrayRows) + 1) * rowStride;
  return bankRows * ((tile.columns - 1) * columnStride + kernelColumns);
}

/** Works out the bounds of a layer in its context, over the tiles it is tried in. */
export function layerBounds(
  { layer, slots, weightBits, form = 'half-up', chip = noChipUse }: LayerContext,
  tiles: readonly Tile[],
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
  const words = {
    input: new Float64Array(array.length),
    weights: new Float64Array(array.length),
    accumulators: new Float64Array(array.length),
  };
  const tile = leastTile(tiles);
  const lanes = lanesOf(busBits, slots.input);
  const blocks = ceilDiv(isDepthwise ? tile.outputs : Math.min(tile.inputs, products), lanes);
  const reads = new Float64Array(space.outputs.length * inputs.length);
  const chipBeats = new Float64Array(reads.length);
  const kept = (chip.output ? outputBeats : 0) + (chip.parameters ? parameterBeats : 0);
  for (let o = 0; o < space.outputs.length; o++)
    for (let i = 0; i < inputs.length; i++) {
      const shape = arrayOf(space, layer.kind, { rows: 0, outputs: o, inputs: i });
      const all = ceilDiv(channels, shape.outputs) * Math.ceil(products / shape.inputs) * taps;
      const ofTile =
        ceilDiv(tile.outputs, shape.outputs) *
        (isDepthwise ? 1 : Math.ceil(Math.min(tile.inputs, products) / shape.inputs)) *
        taps;
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
        weightWordsPerBeat > 1 ? ceilDiv(all, weightWordsPerBeat) : all * weightBeatsPerWord;
      const activationLanes = isDepthwise ? shape.outputs : shape.inputs;
      const side = Math.max(1, activationLanes / lanes);
      reads[o * inputs.length + i] = fixedReads + cost(weightBeats, memoryOf('weights'));
      chipBeats[o * inputs.length + i] = kept + (chip.weights ? weightBeats : 0);
      space.rows.forEach((rows, r) => {
        const at = (r * space.outputs.length + o) * inputs.length + i;
        array[at] = fill + ceilDiv(height, rows) * width * all;
        words.input[at] = ceilDiv(blocks, side) * inputWords(layer, tile, rows);
        words.weights[at] = ceilDiv(ofTile, weightWordsPerBeat);
        words.accumulators[at] =
          ceilDiv(tile.rows, rows) * tile.columns * ceilDiv(tile.outputs, shape.outputs);
      });
    }
  const { beatCycles } = memoryOf('output');
  const stores = Float64Array.from(
    space.requantizers,
    (requantizers) => outputBeats * Math.max(outputLanes / requantizers, beatCycles),
  );
  return { array, reads, stores, chipBeats, words };
}

/** Cycles that a layer takes at least: [rows][outputs][inputs] and [outputs][inputs] as indices. */
export function leastOfLayer(
  { array, reads, stores }: LayerBounds,
  { index, pair }: { readonly index: number; readonly pair: number },
  requantizers: number,
): number {
  return Math.max(array[index] ?? 0, reads[pair] ?? 0, stores[requantizers] ?? 0);
}
