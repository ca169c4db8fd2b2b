// One layer cut one way on one array: classes of tiles that are alike, and sums over them. Closed forms, so that it
// takes as long whatever the number of tiles.

import { chipMemory } from '../schedule/memory.ts';
import { HANDSHAKE_CYCLES } from '../schedule/timing.ts';
import { AxisCut } from './axis-cut.ts';
import { Memories } from './command-costs.ts';
import * as n from './layer-numbers.ts';

/** Places in an output run: output tiles that follow each other and are alike. */
export const RUN_COUNT = 0;
/** Channel steps of each output tile. */
export const RUN_STEPS = 1;
/** 1 where the first step reads its input; later steps always do. */
export const RUN_READS_FIRST = 2;
/** Of each step but the last, and of the last: array words, blocks of input, cycles of a read of weights. */
export const RUN_WORDS = 3;
export const RUN_LAST_WORDS = 4;
export const RUN_INPUT_BLOCKS = 5;
export const RUN_LAST_INPUT_BLOCKS = 6;
export const RUN_WEIGHT_BEATS = 7;
export const RUN_LAST_WEIGHT_BEATS = 8;
export const RUN_PARAMETER_BEATS = 9;
export const RUN_OPERAND_BLOCKS = 10;
export const RUN_OUTPUT_BLOCKS = 11;
/** First input channel, and input channels of each step but the last. */
export const RUN_LOW = 12;
export const RUN_SIZE = 13;
export const RUN_FIELDS = 14;

/** Of whole numbers below 2^31. */
export const ceilDiv = (a: number, b: number): number => ((a + b - 1) / b) | 0;

const noMemories = new Memories(chipMemory, 64);

/** A layer cut one way: filled by `cutLayer`, reused so that evaluations make no objects. */
export class LayerCut {
  readonly rows = new AxisCut();
  readonly columns = new AxisCut();
  /** How the input map lies in memory, as in schedule/input-view.ts. */
  rowBeats = 0;
  columnBeats = 1;
  planeBeats = 0;
  isContiguous = true;
  /** Output runs, `RUN_FIELDS` each. */
  runs = new Int32Array(3 * RUN_FIELDS);
  runCount = 0;
  outputTiles = 0;
  tileOutputs = 0;
  /** By how many channels the first output tile is smaller than the others. */
  firstShift = 0;
  /** Channel steps of all output tiles. */
  steps = 0;
  isDepthwise = false;
  hasAdd = false;
  isOverlapped = false;
  hasTwoSums = false;
  arrayRows = 0;
  arrayOutputs = 0;
  arrayInputs = 0;
  /** Activation lanes of one array row. */
  activationLanes = 0;
  drainCycles = 0;
  inputShift = 0;
  outputShift = 0;
  operandShift = 0;
  /** Weight words of a beat as a power of two; where that is 0, `weightBeatsPerWord` beats make a word. */
  weightShift = 0;
  weightBeatsPerWord = 0;
  weightWordBits = 0;
  requantizers = 0;
  recordBits = 0;
  busBits = 0;
  piecesPerBeat = 0;
  pipelineCycles = 0;
  memories = noMemories;
  /** On-chip memory, bits of `chipBits`. */
  chip = 0;
  /** A store takes `storeFixed + storeBeat * beats` cycles, handshake included, where it is plain. */
  storeFixed = 0;
  storeBeat = 0;
  /** Array words of all steps per pixel; words of sums per pixel. */
  stepWords = 0;
  stepGroups = 0;
  /** Per tile of the map: reads of input, and their blocks. */
  inputReads = 0;
  inputBlocks = 0;
  /** Beats of all weights and records. */
  weightBeats = 0;
  parameterBeats = 0;
  /** Beats of a pixel of the second operand and of the output. */
  operandBlocks = 0;
  outputBlocks = 0;
  /** The most of one command. */
  mostInputBlocks = 0;
  mostWeightBeats = 0;
  mostParameterBeats = 0;
  mostOperandBlocks = 0;
  mostOutputBlocks = 0;

  /** First output channel of an output tile. */
  outputStart(o: number): number {
    return o === 0 ? 0 : o * this.tileOutputs - this.firstShift;
  }
}

/** First input channel that output positions need and the one behind the last, whole beats. */
const range = new Int32Array(2);

function setRange(
  layers: Int32Array,
  l: number,
  start: number,
  count: number,
  laneShift: number,
): void {
  const groups = layers[l + n.GROUPS] ?? 0;
  const outputs = layers[l + n.OUTPUT_CHANNELS] ?? 0;
  const shuffle = layers[l + n.SHUFFLE_GROUPS] ?? 0;
  const perOutput = outputs / groups;
  const perInput = (layers[l + n.INPUT_CHANNELS] ?? 0) / groups;
  const perShuffle = outputs / shuffle;
  let least = groups;
  let most = 0;
  for (let j = start; j < start + count; j++) {
    const position = shuffle === 1 ? j : (j % shuffle) * perShuffle + ((j / shuffle) | 0);
    const group = (position / perOutput) | 0;
    if (group < least) least = group;
    if (group > most) most = group;
  }
  range[0] = ((least * perInput) >> laneShift) << laneShift;
  range[1] = (most + 1) * perInput;
}

function cutChannels(
  layers: Int32Array,
  l: number,
  designs: Int32Array,
  d: number,
  cut: LayerCut,
): void {
  const channels = layers[l + n.INPUT_CHANNELS] ?? 0;
  const outputs = layers[l + n.OUTPUT_CHANNELS] ?? 0;
  const taps = (layers[l + n.KERNEL_ROWS] ?? 0) * (layers[l + n.KERNEL_COLUMNS] ?? 0);
  const arrayOutputs = designs[d + n.ARRAY_OUTPUTS] ?? 0;
  const arrayInputs = designs[d + n.ARRAY_INPUTS] ?? 0;
  const weightShift = designs[d + n.WEIGHT_SHIFT] ?? 0;
  const beatsPerWord = designs[d + n.WEIGHT_BEATS] ?? 0;
  const inputShift = designs[d + n.INPUT_SHIFT] ?? 0;
  const outputShift = designs[d + n.OUTPUT_SHIFT] ?? 0;
  const operandShift = designs[d + n.OPERAND_SHIFT] ?? 0;
  const tileInputs = designs[d + n.TILE_INPUTS] ?? 0;
  const tileOutputs = Math.min(designs[d + n.TILE_OUTPUTS] ?? 0, outputs);
  const { isDepthwise, hasAdd } = cut;
  const isGrouped = (layers[l + n.GROUPS] ?? 0) > 1 && !isDepthwise;
  const lead = designs[d + n.FIRST_OUTPUTS] ?? 0;
  const shift = lead < tileOutputs ? tileOutputs - lead : 0;
  const outputTiles = ceilDiv(outputs + shift, tileOutputs);
  const recordBeats = ((cut.recordBits << outputShift) / cut.busBits) | 0;
  const roundUp = (1 << weightShift) - 1;
  if (isGrouped && cut.runs.length < outputTiles * RUN_FIELDS)
    cut.runs = new Int32Array(2 * outputTiles * RUN_FIELDS);
  const { runs } = cut;
  let steps = 0;
  let stepWords = 0;
  let stepGroups = 0;
  let inputReads = 0;
  let inputBlocks = 0;
  let weightBeats = 0;
  let parameterBeats = 0;
  let operandBlocks = 0;
  let outputBlocks = 0;
  let mostInputBlocks = 0;
  let mostWeightBeats = 0;
  let mostOutputBlocks = 0;
  let mostOperandBlocks = 0;
  let at = 0;
  let before = -1;
  let beforeCount = -1;
  // Of an output tile: worked out again only where it differs from the one before it.
  let low = 0;
  let width = channels;
  let size = Math.min(tileInputs, width);
  let more = size === width ? 0 : ceilDiv(width, size) - 1;
  let last = width - more * size;
  let sizeGroups = isDepthwise ? 1 : ceilDiv(size, arrayInputs);
  let lastGroups = last === size ? sizeGroups : ceilDiv(last, arrayInputs);
  let countBefore = -1;
  let groups = 0;
  let outs = 0;
  let operands = 0;
  for (let o = 0; o < outputTiles; ) {
    const start = o === 0 ? 0 : o * tileOutputs - shift;
    const count = Math.min(o === 0 ? tileOutputs - shift : tileOutputs, outputs - start);
    if (isDepthwise) {
      low = start;
      size = count;
      more = 0;
      last = count;
      lastGroups = 1;
    } else if (isGrouped) {
      setRange(layers, l, start, count, inputShift);
      low = range[0] ?? 0;
      width = (range[1] ?? 0) - low;
      size = Math.min(tileInputs, width);
      more = size === width ? 0 : ceilDiv(width, size) - 1;
      last = width - more * size;
      sizeGroups = ceilDiv(size, arrayInputs);
      lastGroups = ceilDiv(last, arrayInputs);
    }
    if (count !== countBefore) {
      countBefore = count;
      groups = ceilDiv(count, arrayOutputs);
      outs = (count + (1 << outputShift) - 1) >> outputShift;
      operands = hasAdd ? (count + (1 << operandShift) - 1) >> operandShift : 0;
    }
    const readsFirst = before === low && beforeCount === (more > 0 ? size : last) ? 0 : 1;
    before = low + more * size;
    beforeCount = last;
    // Whole tiles behind the first one are alike, unless groups decide what they read.
    const alike =
      isGrouped || o === 0 || count < tileOutputs ? 1 : (((outputs + shift) / tileOutputs) | 0) - o;
    const words = more === 0 ? 0 : groups * sizeGroups * taps;
    const lastWords = groups * lastGroups * taps;
    const blocks = (size + (1 << inputShift) - 1) >> inputShift;
    const lastBlocks = (last + (1 << inputShift) - 1) >> inputShift;
    const beats = weightShift > 0 ? (words + roundUp) >> weightShift : words * beatsPerWord;
    const lastBeats =
      weightShift > 0 ? (lastWords + roundUp) >> weightShift : lastWords * beatsPerWord;
    const records = outs * recordBeats;
    runs[at + RUN_COUNT] = alike;
    runs[at + RUN_STEPS] = more + 1;
    runs[at + RUN_READS_FIRST] = readsFirst;
    runs[at + RUN_WORDS] = words;
    runs[at + RUN_LAST_WORDS] = lastWords;
    runs[at + RUN_INPUT_BLOCKS] = blocks;
    runs[at + RUN_LAST_INPUT_BLOCKS] = lastBlocks;
    runs[at + RUN_WEIGHT_BEATS] = beats;
    runs[at + RUN_LAST_WEIGHT_BEATS] = lastBeats;
    runs[at + RUN_PARAMETER_BEATS] = records;
    runs[at + RUN_OPERAND_BLOCKS] = operands;
    runs[at + RUN_OUTPUT_BLOCKS] = outs;
    runs[at + RUN_LOW] = low;
    runs[at + RUN_SIZE] = size;
    at += RUN_FIELDS;
    const first = more > 0 ? blocks : lastBlocks;
    steps += alike * (more + 1);
    stepWords += alike * (more * words + lastWords);
    stepGroups += alike * (more + 1) * groups;
    inputReads += alike * (more + readsFirst);
    inputBlocks += alike * (more * blocks + lastBlocks - (1 - readsFirst) * first);
    weightBeats += alike * (more * beats + lastBeats);
    parameterBeats += alike * records;
    operandBlocks += alike * operands;
    outputBlocks += alike * outs;
    if (blocks > mostInputBlocks) mostInputBlocks = blocks;
    if (outs > mostOutputBlocks) mostOutputBlocks = outs;
    if (operands > mostOperandBlocks) mostOperandBlocks = operands;
    if (beats > mostWeightBeats) mostWeightBeats = beats;
    if (lastBeats > mostWeightBeats) mostWeightBeats = lastBeats;
    o += alike;
  }
  cut.runCount = (at / RUN_FIELDS) | 0;
  cut.tileOutputs = tileOutputs;
  cut.firstShift = shift;
  cut.outputTiles = outputTiles;
  cut.steps = steps;
  cut.stepWords = stepWords;
  cut.stepGroups = stepGroups;
  cut.inputReads = inputReads;
  cut.inputBlocks = inputBlocks;
  cut.weightBeats = weightBeats;
  cut.parameterBeats = parameterBeats;
  cut.operandBlocks = operandBlocks;
  cut.outputBlocks = outputBlocks;
  cut.mostInputBlocks = mostInputBlocks;
  cut.mostWeightBeats = mostWeightBeats;
  cut.mostOutputBlocks = mostOutputBlocks;
  cut.mostOperandBlocks = mostOperandBlocks;
  cut.mostParameterBeats = mostOutputBlocks * recordBeats;
}

/**
 * Cuts a layer: what the array has no part in.
 * @param layers rows of layers, and `l` where the layer's begins; `designs` and `d` likewise (layer-numbers.ts)
 * @param memories for the bus that the design was packed for
 * @param cut what is filled
 */
export function cutMap(
  layers: Int32Array,
  l: number,
  designs: Int32Array,
  d: number,
  memories: Memories,
  cut: LayerCut,
): void {
  const chip = designs[d + n.CHIP] ?? 0;
  cut.memories = memories;
  cut.busBits = memories.busBits;
  cut.chip = chip;
  cut.isDepthwise = layers[l + n.IS_DEPTHWISE] === 1;
  cut.hasAdd = layers[l + n.LAYER_ADDS] === 1;
  cut.inputShift = designs[d + n.INPUT_SHIFT] ?? 0;
  cut.outputShift = designs[d + n.OUTPUT_SHIFT] ?? 0;
  cut.operandShift = designs[d + n.OPERAND_SHIFT] ?? 0;
  const height = layers[l + n.INPUT_ROWS] ?? 0;
  const width = layers[l + n.INPUT_COLUMNS] ?? 0;
  const isPoint = layers[l + n.KERNEL_ROWS] === 1 && layers[l + n.KERNEL_COLUMNS] === 1;
  const isOnChip = (chip & n.chipBits.input) !== 0;
  const rowStride = layers[l + n.STRIDE_ROWS] ?? 0;
  const columnStride = layers[l + n.STRIDE_COLUMNS] ?? 0;
  const rowStep = isPoint ? rowStride : 1;
  const columnStep = isPoint && isOnChip ? columnStride : 1;
  cut.rowBeats = width * rowStep;
  cut.columnBeats = columnStep;
  cut.planeBeats = height * width;
  cut.isContiguous = cut.rowBeats === ceilDiv(width, columnStep);
  cut.rows.cut(
    layers[l + n.OUTPUT_ROWS] ?? 0,
    designs[d + n.TILE_ROWS] ?? 0,
    designs[d + n.FIRST_ROWS] ?? 0,
    rowStride / rowStep,
    layers[l + n.KERNEL_ROWS] ?? 0,
    layers[l + n.PADDING_TOP] ?? 0,
    ceilDiv(height, rowStep),
  );
  cut.columns.cut(
    layers[l + n.OUTPUT_COLUMNS] ?? 0,
    designs[d + n.TILE_COLUMNS] ?? 0,
    designs[d + n.TILE_COLUMNS] ?? 0,
    columnStride / columnStep,
    layers[l + n.KERNEL_COLUMNS] ?? 0,
    layers[l + n.PADDING_LEFT] ?? 0,
    ceilDiv(width, columnStep),
  );
}

/** Cuts a layer: what is left once `cutMap` has run. @param designs the array's fields may have changed since then */
export function cutOnArray(
  layers: Int32Array,
  l: number,
  designs: Int32Array,
  d: number,
  cut: LayerCut,
): void {
  const pieces = designs[d + n.PIECES_PER_BEAT] ?? 0;
  const pipeline = designs[d + n.PIPELINE_CYCLES] ?? 0;
  cut.isOverlapped = designs[d + n.IS_OVERLAPPED] === 1;
  cut.hasTwoSums = cut.isOverlapped && designs[d + n.ACCUMULATOR_BUFFERS] === 2;
  cut.arrayRows = designs[d + n.ARRAY_ROWS] ?? 0;
  cut.arrayOutputs = designs[d + n.ARRAY_OUTPUTS] ?? 0;
  cut.arrayInputs = designs[d + n.ARRAY_INPUTS] ?? 0;
  cut.activationLanes = designs[d + (cut.isDepthwise ? n.ARRAY_OUTPUTS : n.ARRAY_INPUTS)] ?? 0;
  cut.drainCycles = designs[d + n.DRAIN_CYCLES] ?? 0;
  cut.weightShift = designs[d + n.WEIGHT_SHIFT] ?? 0;
  cut.weightBeatsPerWord = designs[d + n.WEIGHT_BEATS] ?? 0;
  cut.weightWordBits = designs[d + n.WEIGHT_WORD_BITS] ?? 0;
  cut.requantizers = designs[d + n.REQUANTIZERS] ?? 0;
  cut.recordBits = designs[d + n.RECORD_BITS] ?? 0;
  cut.piecesPerBeat = pieces;
  cut.pipelineCycles = pipeline;
  cutChannels(layers, l, designs, d, cut);
  const store = cut.memories.at(cut.chip, n.chipBits.output);
  const period = Math.max(pieces, store.beatCycles);
  cut.storeBeat = period;
  cut.storeFixed = HANDSHAKE_CYCLES + pieces + pipeline + store.responseCycles - period;
}
