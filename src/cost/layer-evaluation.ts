// One layer on one design: cycles, what it does, and the memories it asks for. Every prediction comes from here, so
// this is the function that simulation is held to; `longestPath(schedule(plan, memory))` spells out its cycles.

import type { Memory } from '../schedule/memory.ts';
import type { LayerPlan } from '../schedule/plan.ts';
import { Memories } from './command-costs.ts';
import { cutMap, cutOnArray, LayerCut } from './layer-cut.ts';
import { DESIGN_FIELDS, LAYER_FIELDS, packDesign, packLayer } from './layer-numbers.ts';
import { LayerSums, sumCut } from './layer-sums.ts';
import { cyclesOfCut } from './layer-walk.ts';

/** What an evaluation fills in; made once and used again, so that evaluations make no objects. */
export class LayerEvaluation {
  readonly cut = new LayerCut();
  readonly sums = new LayerSums();
  cycles = 0;
}

/**
 * Evaluates a layer on a design.
 * @param layers rows of layers, and `l` where the layer's begins; `designs` and `d` likewise (layer-numbers.ts)
 * @param memories for the bus that the design was packed for
 */
export function evaluateLayer(
  layers: Int32Array,
  l: number,
  designs: Int32Array,
  d: number,
  memories: Memories,
  evaluation: LayerEvaluation,
): void {
  const { cut, sums } = evaluation;
  cutMap(layers, l, designs, d, memories, cut);
  cutOnArray(layers, l, designs, d, cut);
  sumCut(cut, sums);
  evaluation.cycles = cyclesOfCut(cut, sums);
}

const layerRow = new Int32Array(LAYER_FIELDS);
const designRow = new Int32Array(DESIGN_FIELDS);
const planned = new LayerEvaluation();

/** Evaluates a layer as it is planned. The answer is valid until the next call. */
export function evaluatePlan(plan: LayerPlan, memory: Memory): Readonly<LayerEvaluation> {
  const { layer, chunk, tile, chip, busBits, outputSlotBits, operandSlotBits } = plan;
  const slots = { input: chunk.slotBits, output: outputSlotBits, operand: operandSlotBits };
  packLayer(layer, layerRow);
  packDesign(chunk, tile, slots, busBits, designRow, 0, chip);
  evaluateLayer(layerRow, 0, designRow, 0, new Memories(memory, busBits), planned);
  return planned;
}
