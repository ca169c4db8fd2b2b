// What follows from a layer's cut without walking it: what it does for one image, and buffer words.

import type { WordsNeeded } from '../schedule/tile-legality.ts';
import { HANDSHAKE_CYCLES } from '../schedule/timing.ts';
import { ceilDiv, type LayerCut } from './layer-cut.ts';
import { chipBits } from './layer-numbers.ts';
import { SUM_BITS } from './memories.ts';

/** What one layer does for one image; filled by `sumCut`, reused so that evaluations make no objects. */
export class LayerSums {
  /** Array words: each keeps every lane busy, useful or not. */
  arrayWords = 0;
  laneOperations = 0;
  /** Into and out of buffers and on-chip memory, and over the memory port. */
  bufferBits = 0;
  memoryBits = 0;
  /** Cycles that the commands of each unit take together, handshakes included, where no burst waits. */
  readCycles = 0;
  arrayCycles = 0;
  storeCycles = 0;
}

/** Beats that reads bring over the port and from on-chip memory. */
const beats = { port: 0, chip: 0 };

/** Adds the reads of one kind. @return their cycles */
function addReads(cut: LayerCut, bit: number, commands: number, count: number): number {
  const { readFixed, beatCycles } = cut.memories.at(cut.chip, bit);
  if ((cut.chip & bit) === 0) beats.port += count;
  else beats.chip += count;
  return commands * readFixed + count * beatCycles;
}

/** Sums over all commands of a layer. */
export function sumCut(cut: LayerCut, sums: LayerSums): void {
  const { rows, columns, steps, outputTiles } = cut;
  const tiles = rows.tiles * columns.tiles;
  const positions = rows.size * columns.size;
  const weightRounds = steps > 1 ? tiles : 1;
  const recordRounds = outputTiles > 1 ? tiles : 1;
  const pixels = rows.groups(cut.arrayRows) * columns.size;
  const inputBeats = cut.inputBlocks * rows.sumInputs * columns.sumInputs;
  const storeBeats = cut.outputBlocks * positions;
  beats.port = 0;
  beats.chip = 0;
  sums.readCycles =
    addReads(cut, chipBits.input, tiles * cut.inputReads, inputBeats) +
    addReads(cut, chipBits.weights, weightRounds * steps, weightRounds * cut.weightBeats) +
    addReads(
      cut,
      chipBits.parameters,
      recordRounds * outputTiles,
      recordRounds * cut.parameterBeats,
    );
  if (cut.hasAdd)
    sums.readCycles += addReads(
      cut,
      chipBits.operand,
      tiles * outputTiles,
      cut.operandBlocks * positions,
    );
  const words = pixels * cut.stepWords;
  sums.arrayCycles = words + tiles * steps * (cut.drainCycles + HANDSHAKE_CYCLES);
  sums.storeCycles = tiles * outputTiles * cut.storeFixed + cut.storeBeat * storeBeats;
  const lanes = cut.arrayRows * cut.arrayOutputs;
  const isStoredOnChip = (cut.chip & chipBits.output) !== 0;
  const activationBits = cut.arrayRows * cut.activationLanes * (cut.busBits >> cut.inputShift);
  sums.arrayWords = words;
  sums.laneOperations = words * lanes * cut.arrayInputs;
  // A sum is written once a step, and read again by the next step or by the store.
  sums.bufferBits =
    words * (activationBits + cut.weightWordBits) +
    2 * pixels * cut.stepGroups * lanes * SUM_BITS +
    (beats.port + 2 * beats.chip + (isStoredOnChip ? storeBeats : 0)) * cut.busBits;
  sums.memoryBits = (beats.port + (isStoredOnChip ? 0 : storeBeats)) * cut.busBits;
}

/** Buffer words the layer needs: what schedule/tile-legality.ts counts. */
export function wordsOfCut(cut: LayerCut): WordsNeeded {
  const { rows, columns } = cut;
  const bankRows =
    ((((((rows.taps - 1) / rows.stride) | 0) / cut.arrayRows) | 0) + 1) * rows.stride;
  const beatsPerWord = Math.max(1, cut.activationLanes / (1 << cut.inputShift));
  const tileGroups = ceilDiv(cut.tileOutputs, cut.arrayOutputs);
  return {
    input: ceilDiv(cut.mostInputBlocks, beatsPerWord) * bankRows * columns.taps,
    weights: ceilDiv(cut.mostWeightBeats, cut.weightBeatsPerWord),
    parameters: ceilDiv(cut.mostParameterBeats * cut.busBits, cut.requantizers * cut.recordBits),
    accumulators: ceilDiv(rows.mostOutputs, cut.arrayRows) * columns.tile * tileGroups,
    operand: cut.mostOperandBlocks * rows.mostOutputs * columns.tile,
  };
}
