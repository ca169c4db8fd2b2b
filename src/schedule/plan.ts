// One layer on one chunk, cut into tiles: the tables behind both the commands (cost) and the descriptor (RTL).
// A step of the schedule is (row tile, column tile, channel step); every number a command needs is a sum of table fields.

import type { Chunk, SlotBits, Tile } from '../accelerator/accelerator.ts';
import type { Layer } from '../accelerator/layers.ts';
import { type InputView, inputView, isContiguous } from './input-view.ts';

/** Fields of one tile of output rows. Addresses and pitches in beats. */
export interface RowTile {
  readonly inputAddress: number;
  readonly inputRows: number;
  /** Rows contiguous with their neighbours over the full width. */
  readonly inputMerged: number;
  readonly inputFull: boolean;
  /** Input buffer bank, stride phase and slot offset of the first real row. */
  readonly bank: number;
  readonly phase: number;
  readonly bufferOffset: number;
  readonly rowGroups: number;
  /** Input row of the first tap; negative inside the padding. */
  readonly top: number;
  readonly outputAddress: number;
  readonly outputRows: number;
  readonly outputMerged: number;
  readonly outputFull: boolean;
}

/** Fields of one tile of output columns. */
export interface ColumnTile {
  readonly inputAddress: number;
  readonly inputColumns: number;
  readonly inputFull: boolean;
  readonly bufferOffset: number;
  /** Input column of the first tap; negative inside the padding. */
  readonly left: number;
  readonly outputAddress: number;
  readonly outputColumns: number;
  readonly outputFull: boolean;
}

/** Fields of one tile of output channels. */
export interface OutputTile {
  /** First output channel position and how many. */
  readonly start: number;
  readonly channels: number;
  readonly outputGroups: number;
  readonly outputAddress: number;
  readonly outputBlocks: number;
  readonly outputPlanes: number;
  readonly operandAddress: number;
  readonly operandBlocks: number;
  readonly operandPlanes: number;
  readonly parameterAddress: number;
  readonly parameterBeats: number;
}

/** One channel step: an output tile with one of its input tiles. */
export interface ChannelStep {
  /** Index of the output tile. */
  readonly output: number;
  readonly first: boolean;
  readonly last: boolean;
  /** The input tile differs from the previous step's. */
  readonly newInput: boolean;
  /** First input channel and how many. */
  readonly start: number;
  readonly channels: number;
  readonly inputGroups: number;
  readonly inputAddress: number;
  readonly inputBlocks: number;
  readonly inputPlanes: number;
  readonly weightAddress: number;
  readonly weightBeats: number;
}

/** Which of a layer's tensors and numbers lie in the chunk's on-chip memory. */
export interface ChipUse {
  readonly input: boolean;
  readonly weights: boolean;
  readonly parameters: boolean;
  readonly operand: boolean;
  readonly output: boolean;
}

export const noChipUse: ChipUse = {
  input: false,
  weights: false,
  parameters: false,
  operand: false,
  output: false,
};

/** Everything the commands and the descriptor of one layer are made from. */
export interface LayerPlan {
  readonly layer: Layer;
  readonly chunk: Chunk;
  readonly tile: Tile;
  readonly busBits: 32 | 64;
  readonly outputSlotBits: SlotBits;
  readonly operandSlotBits: SlotBits;
  readonly chip: ChipUse;
  readonly input: InputView;
  readonly rows: readonly RowTile[];
  readonly columns: readonly ColumnTile[];
  readonly outputs: readonly OutputTile[];
  readonly steps: readonly ChannelStep[];
  /** Beats from one input row to the next in the input buffer. */
  readonly rowPitch: number;
  /** Beats from one channel block to the next in the input buffer. */
  readonly blockPitch: number;
  /** Partial-sum words from one output column to the next, and from one row group to the next. */
  readonly columnPitch: number;
  readonly groupPitch: number;
  /** Requantizer steps per output beat. */
  readonly piecesPerBeat: number;
  readonly weightBeats: number;
  readonly parameterBeats: number;
}

export const ceilDiv = (a: number, b: number): number => Math.floor((a + b - 1) / b);

/** Lanes of one beat. */
export const lanesOf = (busBits: number, slotBits: number): number => busBits / slotBits;

/**
 * Bits of one output channel's requantization record. Half-up: bias 32, multiplier 16, shift 6, spare flag 1.
 * TensorFlow Lite: bias 32, multiplier 32, left shift 8, right shift 8, spare flag 1.
 */
export const RECORD_BITS = { 'half-up': 64, tflite: 128 } as const;

/** Record bits of a chunk. */
export const recordBits = (chunk: { readonly form?: 'half-up' | 'tflite' | undefined }): number =>
  RECORD_BITS[chunk.form ?? 'half-up'];

/** Geometry of a chunk's words, shared by plan, lowering, resources and the RTL's parameters. */
export interface ChunkGeometry {
  readonly inputLanes: number;
  /** Activation lanes of one array row: inputs, or outputs for depthwise. */
  readonly activationLanes: number;
  /** Weights per output channel in one array word. */
  readonly weightLanes: number;
  /** Beat-wide memories side by side in one input word. */
  readonly inputBeatsPerWord: number;
  readonly weightWordBits: number;
  readonly weightBeatsPerWord: number;
  readonly weightWordsPerBeat: number;
  readonly parameterBeatsPerWord: number;
}

/** What of a chunk decides its words. */
export type WordShape = Pick<
  Chunk,
  'kind' | 'outputs' | 'inputs' | 'slotBits' | 'weightBits' | 'requantizers' | 'form'
>;

export function chunkGeometry(chunk: WordShape, busBits: number): ChunkGeometry {
  const inputLanes = lanesOf(busBits, chunk.slotBits);
  const activationLanes = chunk.kind === 'depthwise' ? chunk.outputs : chunk.inputs;
  const weightLanes = chunk.kind === 'depthwise' ? 1 : chunk.inputs;
  const weightWordBits = chunk.outputs * weightLanes * chunk.weightBits;
  const words = Math.floor(busBits / weightWordBits);
  return {
    inputLanes,
    activationLanes,
    weightLanes,
    inputBeatsPerWord: Math.max(1, activationLanes / inputLanes),
    weightWordBits,
    weightBeatsPerWord: ceilDiv(weightWordBits, busBits),
    // A power of two, so that the low bits of the word counter select within the beat.
    weightWordsPerBeat: words >= 2 ? 1 << (31 - Math.clz32(words)) : 1,
    parameterBeatsPerWord: (chunk.requantizers * recordBits(chunk)) / busBits,
  };
}

/** Input channels that a range of output positions needs, whole beats. */
function inputRange(
  layer: Layer,
  start: number,
  count: number,
  lanes: number,
): readonly [number, number] {
  const channels = layer.inputShape[2];
  if (layer.groups === 1) return [0, channels];
  const perOutput = layer.outputShape[2] / layer.groups;
  const perInput = channels / layer.groups;
  let low = channels;
  let high = 0;
  for (let j = start; j < start + count; j++) {
    const group = Math.floor((layer.permutation?.[j] ?? j) / perOutput);
    low = Math.min(low, group * perInput);
    high = Math.max(high, (group + 1) * perInput);
  }
  return [Math.floor(low / lanes) * lanes, high];
}

/** Where the tiles of a dimension start and how many they are; the first may be smaller than the others. */
function cuts(
  whole: number,
  size: number,
  first = size,
): readonly { readonly start: number; readonly count: number }[] {
  const tiles = [{ start: 0, count: Math.min(first, whole) }];
  for (let start = first; start < whole; start += size)
    tiles.push({ start, count: Math.min(size, whole - start) });
  return tiles;
}

function planRows(
  layer: Layer,
  { height, rowBeats, stride: [stride] }: InputView,
  chunk: Chunk,
  tile: Tile,
  rowPitch: number,
): RowTile[] {
  const [outHeight, outWidth] = layer.outputShape;
  const rows: RowTile[] = [];
  for (const { start, count } of cuts(outHeight, tile.rows, tile.first?.rows)) {
    const top = start * stride - layer.padding.top;
    const taps = (count - 1) * stride + layer.kernel[0];
    const low = Math.max(0, top);
    const high = Math.min(height, top + taps);
    const skipped = low - top;
    const quotient = Math.floor(skipped / stride);
    const phase = skipped % stride;
    rows.push({
      inputAddress: low * rowBeats,
      inputRows: high - low,
      inputMerged: (high - low) * rowBeats,
      inputFull: high - low === height,
      bank: quotient % chunk.rows,
      phase,
      bufferOffset: (Math.floor(quotient / chunk.rows) * stride + phase) * rowPitch,
      rowGroups: ceilDiv(count, chunk.rows),
      top,
      outputAddress: start * outWidth,
      outputRows: count,
      outputMerged: count * outWidth,
      outputFull: count === outHeight,
    });
  }
  return rows;
}

function planColumns(layer: Layer, view: InputView, tile: Tile): ColumnTile[] {
  const { width } = view;
  const outWidth = layer.outputShape[1];
  const stride = view.stride[1];
  const columns: ColumnTile[] = [];
  for (const { start, count } of cuts(outWidth, tile.columns)) {
    const left = start * stride - layer.padding.left;
    const taps = (count - 1) * stride + layer.kernel[1];
    const low = Math.max(0, left);
    const high = Math.min(width, left + taps);
    columns.push({
      inputAddress: low * view.columnBeats,
      inputColumns: high - low,
      inputFull: high - low === width && isContiguous(view),
      bufferOffset: low - left,
      left,
      outputAddress: start,
      outputColumns: count,
      outputFull: count === outWidth,
    });
  }
  return columns;
}

/** Cuts a layer into tiles on a chunk. Tile and chunk must be legal (accelerator/legality.ts). */
export function planLayer(
  layer: Layer,
  chunk: Chunk,
  tile: Tile,
  slots: { readonly output: SlotBits; readonly operand: SlotBits },
  busBits: 32 | 64,
  chip: ChipUse = noChipUse,
): LayerPlan {
  const input = inputView(layer, chip.input);
  const [outHeight, outWidth, outChannels] = layer.outputShape;
  const depthwise = layer.kind === 'depthwise';
  const geometry = chunkGeometry(chunk, busBits);
  const outputLanes = lanesOf(busBits, slots.output);
  const operandLanes = lanesOf(busBits, slots.operand);
  const taps = layer.kernel[0] * layer.kernel[1];
  const tileRows = Math.min(tile.rows, outHeight);
  const tileColumns = Math.min(tile.columns, outWidth);
  const rowPitch = (tileColumns - 1) * input.stride[1] + layer.kernel[1];
  const tapRows = (tileRows - 1) * input.stride[0] + layer.kernel[0];
  const bankRows =
    (Math.floor(Math.floor((tapRows - 1) / input.stride[0]) / chunk.rows) + 1) * input.stride[0];
  const columnPitch = ceilDiv(Math.min(tile.outputs, outChannels), chunk.outputs);

  const outputs: OutputTile[] = [];
  const steps: ChannelStep[] = [];
  let weightAddress = 0;
  let parameterAddress = 0;
  for (const { start, count } of cuts(outChannels, tile.outputs, tile.first?.outputs)) {
    const outputGroups = ceilDiv(count, chunk.outputs);
    const outputBlocks = ceilDiv(count, outputLanes);
    const operandBlocks = ceilDiv(count, operandLanes);
    // Records for every lane of the last block: spare lanes then store the zero point.
    const parameterBeats = (outputBlocks * outputLanes * recordBits(chunk)) / busBits;
    outputs.push({
      start,
      channels: count,
      outputGroups,
      outputAddress: (start / outputLanes) * outHeight * outWidth,
      outputBlocks,
      outputPlanes: outputBlocks * outHeight * outWidth,
      operandAddress: (start / operandLanes) * outHeight * outWidth,
      operandBlocks,
      operandPlanes: operandBlocks * outHeight * outWidth,
      parameterAddress,
      parameterBeats,
    });
    parameterAddress += parameterBeats;
    const [low, high] = depthwise
      ? [start, start + count]
      : inputRange(layer, start, count, geometry.inputLanes);
    const size = depthwise ? count : Math.min(tile.inputs, high - low);
    for (let from = low; from < high; from += size) {
      const inputs = Math.min(size, high - from);
      const inputGroups = depthwise ? 1 : ceilDiv(inputs, chunk.inputs);
      const words = outputGroups * inputGroups * taps;
      const inputBlocks = ceilDiv(inputs, geometry.inputLanes);
      const weightBeats =
        geometry.weightWordsPerBeat > 1
          ? ceilDiv(words, geometry.weightWordsPerBeat)
          : words * geometry.weightBeatsPerWord;
      const before = steps[steps.length - 1];
      steps.push({
        output: outputs.length - 1,
        first: from === low,
        last: from + size >= high,
        newInput: before === undefined || before.start !== from || before.channels !== inputs,
        start: from,
        channels: inputs,
        inputGroups,
        inputAddress: (from / geometry.inputLanes) * input.planeBeats,
        inputBlocks,
        inputPlanes: inputBlocks * input.planeBeats,
        weightAddress,
        weightBeats,
      });
      weightAddress += weightBeats;
    }
  }
  return {
    layer,
    chunk,
    tile,
    busBits,
    outputSlotBits: slots.output,
    operandSlotBits: slots.operand,
    chip,
    input,
    rows: planRows(layer, input, chunk, tile, rowPitch),
    columns: planColumns(layer, input, tile),
    outputs,
    steps,
    rowPitch,
    blockPitch: bankRows * rowPitch,
    columnPitch,
    groupPitch: tileColumns * columnPitch,
    piecesPerBeat: outputLanes / chunk.requantizers,
    weightBeats: weightAddress,
    parameterBeats: parameterAddress,
  };
}
