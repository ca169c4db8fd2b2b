// Which chunks and tiles the hardware can run: each rule broken is a sentence, none is an exception.

import {
  type Chunk,
  mostRegisters,
  noRegisters,
  type SlotBits,
  type Tile,
} from '../accelerator/accelerator.ts';
import type { Layer } from '../accelerator/layers.ts';
import { multiplierProblem } from '../accelerator/multipliers.ts';
import {
  type ChipUse,
  ceilDiv,
  chunkGeometry,
  lanesOf,
  noChipUse,
  planLayer,
  recordBits,
} from './plan.ts';

const isPowerOfTwo = (value: number): boolean =>
  value >= 2 && 2 ** Math.round(Math.log2(value)) === value;

const multiples = (a: number, b: number): boolean => a % b === 0 || b % a === 0;

/** Beats that a chunk's addresses reach on chip. */
export const MAX_CHIP_WORDS = 65_536;

/** Rules a chunk breaks by itself; empty = legal. */
export function chunkProblems(chunk: Chunk, busBits: 32 | 64): string[] {
  const problems: string[] = [];
  const whole = { rows: chunk.rows, outputs: chunk.outputs, inputs: chunk.inputs };
  for (const [name, value] of Object.entries({ ...whole, requantizers: chunk.requantizers }))
    if (!Number.isInteger(value) || value < 1)
      problems.push(`${name} is ${value}, must be at least 1`);
  if (problems.length > 0) return problems;
  if (![2, 4, 8, 16].includes(chunk.slotBits))
    problems.push(`slotBits is ${chunk.slotBits}, must be 2, 4, 8 or 16`);
  if (chunk.weightBits < 2 || chunk.weightBits > 16)
    problems.push(`weightBits is ${chunk.weightBits}, must be 2 to 16`);
  if (chunk.kind === 'depthwise' && chunk.inputs !== 1)
    problems.push(`inputs is ${chunk.inputs}, must be 1 in a depthwise chunk`);
  const multiplier = multiplierProblem(chunk);
  if (multiplier !== undefined) problems.push(multiplier);
  for (const [name, most] of Object.entries(mostRegisters)) {
    const count = (chunk.pipeline ?? noRegisters)[name as keyof typeof mostRegisters];
    if (!Number.isInteger(count) || count < 0 || count > most)
      problems.push(`pipeline.${name} is ${count}, must be 0 to ${most}`);
  }
  const { activationLanes, inputLanes } = chunkGeometry(chunk, busBits);
  if (!multiples(activationLanes, inputLanes)) {
    const below = Math.max(...[1, 2, 4, 8, 16, 32].filter((lanes) => lanes <= activationLanes));
    problems.push(
      `${activationLanes} activation lanes neither divide nor are a multiple of the ${inputLanes} lanes of a beat; the nearest below is ${below}`,
    );
  }
  if (chunk.outputs % chunk.requantizers !== 0)
    problems.push(
      `requantizers is ${chunk.requantizers}, must divide the ${chunk.outputs} outputs`,
    );
  if ((chunk.requantizers * recordBits(chunk)) % busBits !== 0)
    problems.push(`requantizers is ${chunk.requantizers}, whose records are no whole beats`);
  const chipWords = chunk.chipWords ?? 0;
  if (chipWords !== 0 && (!isPowerOfTwo(chipWords) || chipWords > MAX_CHIP_WORDS))
    problems.push(
      `chipWords is ${chipWords}, must be 0 or a power of two from 2 to ${MAX_CHIP_WORDS}`,
    );
  for (const [name, words] of Object.entries(chunk.buffers)) {
    if (name === 'operand' && !chunk.hasAdd) continue;
    if (!isPowerOfTwo(words) || words > 32_768)
      problems.push(`buffers.${name} is ${words} words, must be a power of two from 2 to 32768`);
  }
  return problems;
}

/** Words a layer's tiles need of each buffer half. */
export interface WordsNeeded {
  readonly input: number;
  readonly weights: number;
  readonly parameters: number;
  readonly accumulators: number;
  readonly operand: number;
}

/** Buffer words that a layer cut this way needs on an array like the chunk's, whatever the chunk's buffers are. */
export function wordsNeeded(
  layer: Layer,
  chunk: Chunk,
  tile: Tile,
  slots: { readonly output: SlotBits; readonly operand: SlotBits },
  busBits: 32 | 64,
  chip: ChipUse = noChipUse,
): WordsNeeded {
  const plan = planLayer(layer, chunk, tile, slots, busBits, chip);
  const geometry = chunkGeometry(chunk, busBits);
  const blocks = Math.max(...plan.steps.map((step) => step.inputBlocks));
  const rowGroups = Math.max(...plan.rows.map((row) => row.rowGroups));
  const tileRows = Math.max(...plan.rows.map((row) => row.outputRows));
  const tileColumns = Math.max(...plan.columns.map((column) => column.outputColumns));
  const weightBeats = Math.max(...plan.steps.map((step) => step.weightBeats));
  const beats = Math.max(...plan.outputs.map((output) => output.parameterBeats));
  const operandBlocks = Math.max(...plan.outputs.map((output) => output.operandBlocks));
  return {
    input: ceilDiv(blocks, geometry.inputBeatsPerWord) * plan.blockPitch,
    weights: Math.ceil(weightBeats / geometry.weightBeatsPerWord),
    parameters: Math.ceil(beats / geometry.parameterBeatsPerWord),
    accumulators: rowGroups * plan.groupPitch,
    operand: layer.add === undefined ? 0 : operandBlocks * tileRows * tileColumns,
  };
}

/** Rules a layer, cut this way, breaks on a legal chunk; empty = legal. */
export function tileProblems(
  layer: Layer,
  chunk: Chunk,
  tile: Tile,
  slots: { readonly output: SlotBits; readonly operand: SlotBits },
  busBits: 32 | 64,
  chip: ChipUse = noChipUse,
): string[] {
  const problems: string[] = [];
  const { inputLanes } = chunkGeometry(chunk, busBits);
  const outputLanes = lanesOf(busBits, slots.output);
  const operandLanes = layer.add === undefined ? 1 : lanesOf(busBits, slots.operand);
  const [height, width, channels] = layer.inputShape;
  const outChannels = layer.outputShape[2];
  const { first, ...sizes } = tile;
  for (const [name, value] of Object.entries(sizes))
    if (!Number.isInteger(value) || value < 1)
      problems.push(`tile ${name} is ${value}, must be at least 1`);
  for (const name of ['rows', 'outputs'] as const) {
    const value = first?.[name];
    if (value === undefined) continue;
    if (!Number.isInteger(value) || value < 1 || value > tile[name])
      problems.push(`the first tile's ${name} is ${value}, must be from 1 to ${tile[name]}`);
  }
  if (problems.length > 0) return problems;
  if (layer.kind !== chunk.kind)
    problems.push(`a ${layer.kind} layer cannot run on a ${chunk.kind} chunk`);
  if (layer.input.bits > chunk.slotBits)
    problems.push(`its input has ${layer.input.bits} bits, the chunk's slots ${chunk.slotBits}`);
  if (layer.weightBits > chunk.weightBits)
    problems.push(`its weights have ${layer.weightBits} bits, the chunk's ${chunk.weightBits}`);
  if (layer.output.bits > slots.output)
    problems.push(`its output has ${layer.output.bits} bits, the slot ${slots.output}`);
  const form = chunk.form ?? 'half-up';
  const wanted = [layer.parameters?.requantization.form, layer.add?.requantization.form];
  for (const other of wanted)
    if (other !== undefined && other !== form)
      problems.push(`its requantization is ${other}, the chunk's ${form}`);
  if (layer.add !== undefined && !chunk.hasAdd)
    problems.push('it adds a second operand, which the chunk cannot');
  if (outputLanes % chunk.requantizers !== 0)
    problems.push(
      `${chunk.requantizers} requantizers do not divide the ${outputLanes} lanes of an output beat`,
    );
  if (layer.add !== undefined && operandLanes % chunk.requantizers !== 0)
    problems.push(
      `${chunk.requantizers} requantizers do not divide the ${operandLanes} lanes of an operand beat`,
    );
  const steps =
    layer.kind === 'depthwise'
      ? [outputLanes, operandLanes, inputLanes]
      : [outputLanes, operandLanes];
  const step = Math.max(...steps);
  if (tile.outputs < outChannels && tile.outputs % step !== 0)
    problems.push(
      `tile outputs is ${tile.outputs}, must be a multiple of ${step} or all ${outChannels}`,
    );
  if (first !== undefined && first.outputs < outChannels && first.outputs % step !== 0)
    problems.push(`the first tile's outputs is ${first.outputs}, must be a multiple of ${step}`);
  if (layer.kind === 'standard' && tile.inputs < channels && tile.inputs % inputLanes !== 0)
    problems.push(
      `tile inputs is ${tile.inputs}, must be a multiple of ${inputLanes} or all ${channels}`,
    );
  const { padding, kernel, stride } = layer;
  if (
    Math.max(padding.top, padding.bottom) >= kernel[0] ||
    Math.max(padding.left, padding.right) >= kernel[1]
  )
    problems.push('its padding is not smaller than its kernel');
  if (Math.max(...stride) > 4) problems.push(`its stride is ${Math.max(...stride)}, at most 4`);
  if (height > 4095 || width > 4095) problems.push('its map has more than 4095 rows or columns');
  if (problems.length > 0) return problems;
  const needed = wordsNeeded(layer, chunk, tile, slots, busBits, chip);
  for (const [name, words] of Object.entries(needed)) {
    const held = chunk.buffers[name as keyof WordsNeeded];
    if (words > held)
      problems.push(`its tile needs ${words} words of the ${name} buffer, which holds ${held}`);
  }
  return problems;
}
