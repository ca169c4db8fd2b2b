// Whether bursts of a cut ever wait for each other: where none does, closed forms count its cycles.

import { type PreparedMemory, RunBounds } from './command-costs.ts';
import type { LayerCut } from './layer-cut.ts';
import { chipBits } from './layer-numbers.ts';

/** Reused by the check below. */
const bounds = new RunBounds();

/** Whether reads of one run of at most so many beats are plain. */
function linesArePlain(memory: PreparedMemory, mostBeats: number): boolean {
  if (memory.readsLinesPlainly) return true;
  bounds.setLinear(mostBeats);
  return memory.readsPlainly(bounds);
}

/**
 * Whether all commands are plain, none of them with bursts so short that they wait for each other: each takes as long as
 * its beats say, wherever they lie.
 */
export function isPlainCut(cut: LayerCut): boolean {
  const { rows, columns, memories, chip } = cut;
  if (!linesArePlain(memories.at(chip, chipBits.weights), cut.mostWeightBeats)) return false;
  if (!linesArePlain(memories.at(chip, chipBits.parameters), cut.mostParameterBeats)) return false;
  bounds.setRectangle(
    cut.mostInputBlocks,
    rows.leastInputs,
    rows.mostInputs,
    rows.limit,
    columns.leastInputs,
    columns.mostInputs,
    cut.isContiguous ? columns.limit : Number.POSITIVE_INFINITY,
  );
  bounds.stride = cut.mostInputBlocks > 1 ? cut.planeBeats : cut.rowBeats;
  // On-chip memory never makes a burst wait, so that beats which are apart cost what contiguous ones do.
  if (cut.columnBeats === 1 && !memories.at(chip, chipBits.input).readsPlainly(bounds))
    return false;
  bounds.setRectangle(
    Math.max(cut.mostOutputBlocks, cut.mostOperandBlocks),
    rows.leastOutputs,
    rows.mostOutputs,
    rows.size,
    columns.leastOutputs,
    columns.mostOutputs,
    columns.size,
  );
  if (!memories.at(chip, chipBits.output).storesPlainly(bounds, cut.storeBeat)) return false;
  return !cut.hasAdd || memories.at(chip, chipBits.operand).readsPlainly(bounds);
}
