// Block RAMs of a chunk built for one layer alone: each buffer the least power of two that the layer's tiles need. The
// memories are those of `listMemories`, counted from tables, since this runs for every design that is looked at.

import type { LayerCut } from './layer-cut.ts';
import { wordsOfCut } from './layer-sums.ts';
import { bram18Of, SUM_BITS, TABLE_BITS, TABLE_WORDS, USED_RECORD_BITS } from './memories.ts';

/** More than any memory has that can be addressed. */
const ADDRESS_BITS = 28;
/** Columns as wide as the bus or narrower. */
const COLUMN_BITS = 65;

/** Block RAMs of a bus-wide memory by the bits of a word that are read and by its address bits. */
const columnBlocks = (busBits: number): Int32Array =>
  Int32Array.from({ length: COLUMN_BITS * ADDRESS_BITS }, (_, k) => {
    const usedBits = (k / ADDRESS_BITS) | 0;
    return usedBits > busBits ? 0 : bram18Of(busBits, 1 << (k % ADDRESS_BITS), usedBits);
  });
const blocksOn32 = columnBlocks(32);
const blocksOn64 = columnBlocks(64);
/** Of the tile tables by their address bits. */
const tableBlocks = Int32Array.from(
  { length: ADDRESS_BITS },
  (_, addressBits) => TABLE_WORDS * bram18Of(TABLE_BITS, 1 << addressBits),
);

/** Address bits of a memory of at least two words. */
const addressBits = (words: number): number => (words > 2 ? 32 - Math.clz32(words - 1) : 1);

/** 18 kbit block RAMs. */
export function bram18OfLayer(cut: LayerCut): number {
  const { busBits, requantizers } = cut;
  const busShift = 31 - Math.clz32(busBits);
  const blocks = busBits === 32 ? blocksOn32 : blocksOn64;
  const whole = busBits * ADDRESS_BITS;
  const words = wordsOfCut(cut);
  // Both halves of a double buffer share one memory.
  const input = 1 + addressBits(words.input);
  const weights = 1 + addressBits(words.weights);
  const parameters = 1 + addressBits(words.parameters);
  const operand = 1 + addressBits(words.operand);
  const inputBeats = Math.max(1, cut.activationLanes >> cut.inputShift);
  const weightBits = cut.weightWordBits << cut.weightShift;
  const weightBeats = weightBits >> busShift;
  const weightRest = weightBits - (weightBeats << busShift);
  const recordBits = cut.recordBits === 128 ? USED_RECORD_BITS.tflite : USED_RECORD_BITS['half-up'];
  const records = recordBits >> busShift;
  const recordRest = recordBits - (records << busShift);
  const entries = cut.rows.tiles + cut.columns.tiles + cut.outputTiles + cut.steps;
  const sums = bram18Of(
    cut.arrayRows * cut.arrayOutputs * SUM_BITS,
    1 << addressBits(words.accumulators),
  );
  return (
    cut.arrayRows * inputBeats * (blocks[whole + input] ?? 0) +
    weightBeats * (blocks[whole + weights] ?? 0) +
    (blocks[weightRest * ADDRESS_BITS + weights] ?? 0) +
    requantizers *
      (records * (blocks[whole + parameters] ?? 0) +
        (blocks[recordRest * ADDRESS_BITS + parameters] ?? 0)) +
    (cut.hasAdd ? (blocks[whole + operand] ?? 0) : 0) +
    (cut.hasTwoSums ? 2 : 1) * sums +
    (tableBlocks[addressBits(entries)] ?? 0)
  );
}
