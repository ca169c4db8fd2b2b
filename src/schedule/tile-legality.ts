// Which layers run on which chunks, in which tiles: each rule broken is a sentence with the nearest legal value.

import type { Chunk, SlotBits, Tile } from '../accelerator/accelerator.ts';
import type { Layer } from '../accelerator/layers.ts';
import { nearestOf, nearestWhole, powersTo, wholesFrom } from '../util/nearest.ts';
import { broken, MAX_BUFFER_WORDS, nearestRequantizers, sizeProblems } from './legality.ts';
import { type ChipUse, ceilDiv, chunkGeometry, lanesOf, noChipUse, planLayer } from './plan.ts';
import { smallestSlot } from './slots.ts';

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
  const { first, ...sizes } = tile;
  const problems = sizeProblems(sizes, 'tile ');
  for (const name of ['rows', 'outputs'] as const) {
    const value = first?.[name];
    if (value === undefined) continue;
    if (!Number.isInteger(value) || value < 1 || value > tile[name])
      problems.push(
        broken(
          `the first tile's ${name}`,
          value,
          `must be from 1 to ${tile[name]}`,
          nearestWhole(value, 1, Math.max(1, tile[name])),
        ),
      );
  }
  if (problems.length > 0) return problems;
  problems.push(...layerProblems(layer, chunk, slots, busBits));
  const { inputLanes } = chunkGeometry(chunk, busBits);
  const outputLanes = lanesOf(busBits, slots.output);
  const operandLanes = layer.add === undefined ? 1 : lanesOf(busBits, slots.operand);
  const channels = layer.inputShape[2];
  const outChannels = layer.outputShape[2];
  const step = Math.max(outputLanes, operandLanes, layer.kind === 'depthwise' ? inputLanes : 1);
  const steps = (most: number, by: number) =>
    wholesFrom(1, Math.floor((most - 1) / by)).map((k) => k * by);
  if (tile.outputs < outChannels && tile.outputs % step !== 0)
    problems.push(
      broken(
        'tile outputs',
        tile.outputs,
        `must be a multiple of ${step} or all ${outChannels}`,
        nearestOf(tile.outputs, [...steps(outChannels, step), outChannels]),
      ),
    );
  if (first !== undefined && first.outputs < outChannels && first.outputs % step !== 0)
    problems.push(
      broken(
        "the first tile's outputs",
        first.outputs,
        `must be a multiple of ${step}`,
        nearestOf(first.outputs, [step, ...steps(tile.outputs + 1, step)]),
      ),
    );
  if (layer.kind === 'standard' && tile.inputs < channels && tile.inputs % inputLanes !== 0)
    problems.push(
      broken(
        'tile inputs',
        tile.inputs,
        `must be a multiple of ${inputLanes} or all ${channels}`,
        nearestOf(tile.inputs, [...steps(channels, inputLanes), channels]),
      ),
    );
  if (problems.length > 0) return problems;
  return bufferProblems(layer, chunk, tile, slots, busBits, chip);
}

/** Rules that a layer breaks on a chunk, however it is cut. */
function layerProblems(
  layer: Layer,
  chunk: Chunk,
  slots: { readonly output: SlotBits; readonly operand: SlotBits },
  busBits: 32 | 64,
): string[] {
  const problems: string[] = [];
  const nearest = (sentence: string, value: string | number) =>
    problems.push(`${sentence}; the nearest legal is ${value}`);
  const outputLanes = lanesOf(busBits, slots.output);
  const operandLanes = layer.add === undefined ? outputLanes : lanesOf(busBits, slots.operand);
  const { padding, kernel, stride, inputShape } = layer;
  if (layer.kind !== chunk.kind)
    nearest(`a ${layer.kind} layer cannot run on a ${chunk.kind} chunk`, `a ${layer.kind} chunk`);
  if (layer.input.bits > chunk.slotBits)
    nearest(
      `its input has ${layer.input.bits} bits, the chunk's slots ${chunk.slotBits}`,
      `slotBits ${smallestSlot(layer.input.bits)}`,
    );
  if (layer.weightBits > chunk.weightBits)
    nearest(
      `its weights have ${layer.weightBits} bits, the chunk's ${chunk.weightBits}`,
      `weightBits ${layer.weightBits}`,
    );
  if (layer.output.bits > slots.output)
    nearest(
      `its output has ${layer.output.bits} bits, the slot ${slots.output}`,
      `slotBits ${smallestSlot(layer.output.bits)} in the chunk that reads it`,
    );
  const form = chunk.form ?? 'half-up';
  const wanted = [layer.parameters?.requantization.form, layer.add?.requantization.form];
  for (const other of wanted)
    if (other !== undefined && other !== form)
      nearest(`its requantization is ${other}, the chunk's ${form}`, `form ${other}`);
  if (layer.add !== undefined && !chunk.hasAdd)
    nearest('it adds a second operand, which the chunk cannot', 'hasAdd true');
  if (outputLanes % chunk.requantizers !== 0)
    nearest(
      `${chunk.requantizers} requantizers do not divide the ${outputLanes} lanes of an output beat`,
      nearestRequantizers(chunk, busBits, [outputLanes, operandLanes]),
    );
  if (operandLanes % chunk.requantizers !== 0 && layer.add !== undefined)
    nearest(
      `${chunk.requantizers} requantizers do not divide the ${operandLanes} lanes of an operand beat`,
      nearestRequantizers(chunk, busBits, [outputLanes, operandLanes]),
    );
  const sides = [padding.top, padding.bottom, padding.left, padding.right];
  sides.forEach((side, k) => {
    const taps = kernel[k < 2 ? 0 : 1];
    if (side >= taps) nearest(`its padding of ${side} is not smaller than its kernel`, taps - 1);
  });
  if (Math.max(...stride) > 4) nearest(`its stride is ${Math.max(...stride)}, at most 4`, 4);
  if (inputShape[0] > 4095 || inputShape[1] > 4095)
    nearest('its map has more than 4095 rows or columns', 4095);
  return problems;
}

/** Buffers that a tile overflows, with the buffer that would hold it and the rows that would fit. */
function bufferProblems(
  layer: Layer,
  chunk: Chunk,
  tile: Tile,
  slots: { readonly output: SlotBits; readonly operand: SlotBits },
  busBits: 32 | 64,
  chip: ChipUse,
): string[] {
  const overflowing = (cut: Tile) =>
    Object.entries(wordsNeeded(layer, chunk, cut, slots, busBits, chip)).filter(
      ([name, words]) => words > chunk.buffers[name as keyof WordsNeeded],
    );
  const over = overflowing(tile);
  if (over.length === 0) return [];
  const { first: _, ...whole } = tile;
  // Fewer rows never need more words: the most that fit are found by halving.
  let [fits, fails] = [0, Math.min(tile.rows, layer.outputShape[0])];
  while (fails - fits > 1) {
    const rows = Math.floor((fits + fails) / 2);
    if (overflowing({ ...whole, rows }).length === 0) fits = rows;
    else fails = rows;
  }
  return over.map(([name, words]) => {
    const held = chunk.buffers[name as keyof WordsNeeded];
    const larger = powersTo(MAX_BUFFER_WORDS).find((size) => size >= words);
    const cures = [
      ...(larger === undefined ? [] : [`buffers.${name} ${larger}`]),
      ...(fits === 0 ? [] : [`tile rows ${fits}`]),
    ];
    const nearest = cures.length === 0 ? 'a tile of fewer channels' : cures.join(' or ');
    return `its tile needs ${words} words of the ${name} buffer, which holds ${held}; the nearest legal is ${nearest}`;
  });
}
