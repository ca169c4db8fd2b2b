// What follows from a layer's cut without walking it: bounds, buffer words, and what it does for one image.

import { ceilDiv } from '../schedule/plan.ts';
import type { WordsNeeded } from '../schedule/tile-legality.ts';
import { HANDSHAKE_CYCLES } from '../schedule/timing.ts';
import type { LayerCut } from './layer-cut.ts';
import { chipBits } from './layer-numbers.ts';

/** Cycles that the commands of each unit take together, handshakes included, where none of their bursts waits. */
export interface UnitCycles {
  read: number;
  array: number;
  store: number;
}

/** Fills in the cycles of each unit. */
export function setUnitCycles(cut: LayerCut, units: UnitCycles): void {
  const { rows, columns, steps, outputTiles, memories, chip } = cut;
  const input = memories.at(chip, chipBits.input);
  const weights = memories.at(chip, chipBits.weights);
  const parameters = memories.at(chip, chipBits.parameters);
  const tiles = rows.tiles * columns.tiles;
  const positions = rows.size * columns.size;
  const weightRounds = steps > 1 ? tiles : 1;
  const parameterRounds = outputTiles > 1 ? tiles : 1;
  const pixels = rows.groups(cut.arrayRows) * columns.size;
  units.array = pixels * cut.stepWords + tiles * steps * (cut.drainCycles + HANDSHAKE_CYCLES);
  units.read =
    tiles * cut.inputReads * input.readFixed +
    input.beatCycles * cut.inputBlocks * rows.sumInputs * columns.sumInputs +
    weightRounds * (steps * weights.readFixed + weights.beatCycles * cut.weightBeats) +
    parameterRounds *
      (outputTiles * parameters.readFixed + parameters.beatCycles * cut.parameterBeats);
  if (cut.hasAdd) {
    const operand = memories.at(chip, chipBits.operand);
    units.read +=
      tiles * outputTiles * operand.readFixed + operand.beatCycles * cut.operandBlocks * positions;
  }
  units.store = tiles * outputTiles * cut.storeFixed + cut.storeBeat * cut.outputBlocks * positions;
}

/** Buffer words the layer needs: what schedule/tile-legality.ts counts. */
export function wordsOfCut(cut: LayerCut): WordsNeeded {
  const { rows, columns } = cut;
  const bankRows =
    (Math.floor(Math.floor((rows.taps - 1) / rows.stride) / cut.arrayRows) + 1) * rows.stride;
  const beatsPerWord = Math.max(1, cut.activationLanes / 2 ** cut.inputShift);
  const tileGroups = ceilDiv(cut.tileOutputs, cut.arrayOutputs);
  return {
    input: ceilDiv(cut.mostInputBlocks, beatsPerWord) * bankRows * columns.taps,
    weights: ceilDiv(cut.mostWeightBeats, cut.weightBeatsPerWord),
    parameters: Math.ceil(
      (cut.mostParameterBeats * cut.busBits) / (cut.requantizers * cut.recordBits),
    ),
    accumulators: ceilDiv(rows.tile, cut.arrayRows) * columns.tile * tileGroups,
    operand: cut.mostOperandBlocks * rows.tile * columns.tile,
  };
}
