// Which chunks the hardware can be: each rule broken is a sentence with the nearest legal value, none is an exception.

import { type Chunk, mostRegisters, noRegisters } from '../accelerator/accelerator.ts';
import { multiplierProblem } from '../accelerator/multipliers.ts';
import { nearestOf, nearestWhole, powersTo, wholesFrom } from '../util/nearest.ts';
import { chunkGeometry, recordBits } from './plan.ts';

const isPowerOfTwo = (value: number): boolean =>
  value >= 2 && 2 ** Math.round(Math.log2(value)) === value;

const multiples = (a: number, b: number): boolean => a % b === 0 || b % a === 0;

/** Beats that a chunk's addresses reach on chip. */
export const MAX_CHIP_WORDS = 65_536;

/** Largest array dimension, tile or buffer that a design may name: products of them stay exact. */
const MAX_SIZE = 65_535;
export const MAX_BUFFER_WORDS = 32_768;

/** A sentence of a rule that is broken: what is, what must be, and the closest that would do. */
export const broken = (
  what: string,
  value: number | string,
  rule: string,
  nearest: number | string,
) => `${what} is ${value}, ${rule}; the nearest legal is ${nearest}`;

/** Whole numbers from 1 on; the sentences of those that are not. */
export function sizeProblems(sizes: Readonly<Record<string, number>>, prefix = ''): string[] {
  return Object.entries(sizes).flatMap(([name, value]) =>
    Number.isInteger(value) && value >= 1 && value <= MAX_SIZE
      ? []
      : [
          broken(
            `${prefix}${name}`,
            value,
            `must be a whole number from 1 to ${MAX_SIZE}`,
            nearestWhole(value, 1, MAX_SIZE),
          ),
        ],
  );
}

/** The closest count of requantizers that divides the outputs and the lanes given, with records of whole beats. */
export function nearestRequantizers(
  chunk: Chunk,
  busBits: 32 | 64,
  lanes: readonly number[] = [],
): number | string {
  const counts = wholesFrom(1, chunk.outputs).filter(
    (count) =>
      chunk.outputs % count === 0 &&
      (count * recordBits(chunk)) % busBits === 0 &&
      lanes.every((lane) => lane % count === 0),
  );
  return counts.length === 0 ? 'an even number of outputs' : nearestOf(chunk.requantizers, counts);
}

/** Rules a chunk breaks by itself; empty = legal. */
export function chunkProblems(chunk: Chunk, busBits: 32 | 64): string[] {
  const { rows, outputs, inputs, requantizers } = chunk;
  const problems = sizeProblems({ rows, outputs, inputs, requantizers });
  if (![2, 4, 8, 16].includes(chunk.slotBits))
    problems.push(
      broken(
        'slotBits',
        chunk.slotBits,
        'must be 2, 4, 8 or 16',
        nearestOf(chunk.slotBits, [2, 4, 8, 16]),
      ),
    );
  if (!Number.isInteger(chunk.weightBits) || chunk.weightBits < 2 || chunk.weightBits > 16)
    problems.push(
      broken(
        'weightBits',
        chunk.weightBits,
        'must be 2 to 16',
        nearestWhole(chunk.weightBits, 2, 16),
      ),
    );
  if (problems.length > 0) return problems;
  if (chunk.kind === 'depthwise' && inputs !== 1)
    problems.push(broken('inputs', inputs, 'must be 1 in a depthwise chunk', 1));
  const multiplier = multiplierProblem(chunk);
  if (multiplier !== undefined) problems.push(multiplier);
  for (const [name, most] of Object.entries(mostRegisters)) {
    const count = (chunk.pipeline ?? noRegisters)[name as keyof typeof mostRegisters];
    if (!Number.isInteger(count) || count < 0 || count > most)
      problems.push(
        broken(`pipeline.${name}`, count, `must be 0 to ${most}`, nearestWhole(count, 0, most)),
      );
  }
  const { activationLanes, inputLanes } = chunkGeometry(chunk, busBits);
  if (!multiples(activationLanes, inputLanes)) {
    const legal = wholesFrom(1, activationLanes + inputLanes).filter((lanes) =>
      multiples(lanes, inputLanes),
    );
    problems.push(
      `${activationLanes} activation lanes neither divide nor are a multiple of the ${inputLanes} lanes of a beat; the nearest legal is ${nearestOf(activationLanes, legal)} ${chunk.kind === 'depthwise' ? 'outputs' : 'inputs'}`,
    );
  }
  const undivided = outputs % requantizers !== 0;
  if (undivided || (requantizers * recordBits(chunk)) % busBits !== 0)
    problems.push(
      broken(
        'requantizers',
        requantizers,
        undivided ? `must divide the ${outputs} outputs` : 'whose records are no whole beats',
        nearestRequantizers(chunk, busBits),
      ),
    );
  const chipWords = chunk.chipWords ?? 0;
  if (chipWords !== 0 && (!isPowerOfTwo(chipWords) || chipWords > MAX_CHIP_WORDS))
    problems.push(
      broken(
        'chipWords',
        chipWords,
        `must be 0 or a power of two from 2 to ${MAX_CHIP_WORDS}`,
        nearestOf(chipWords, [0, ...powersTo(MAX_CHIP_WORDS)]),
      ),
    );
  for (const [name, words] of Object.entries(chunk.buffers)) {
    if (name === 'operand' && !chunk.hasAdd) continue;
    if (!isPowerOfTwo(words) || words > MAX_BUFFER_WORDS)
      problems.push(
        broken(
          `buffers.${name}`,
          `${words} words`,
          `must be a power of two from 2 to ${MAX_BUFFER_WORDS}`,
          nearestOf(words, powersTo(MAX_BUFFER_WORDS)),
        ),
      );
  }
  return problems;
}
