// Cycles of a planned layer: the function behind every prediction, and so the one that simulation is held to.

import { schedule } from '../schedule/commands.ts';
import { longestPath } from '../schedule/longest-path.ts';
import type { Memory } from '../schedule/memory.ts';
import type { LayerPlan } from '../schedule/plan.ts';
import { Memories } from './command-costs.ts';
import { cutLayer, LayerCut } from './layer-cut.ts';
import { DESIGN_FIELDS, LAYER_FIELDS, packDesign, packLayer } from './layer-numbers.ts';
import { cyclesOfCut } from './layer-walk.ts';

const layers = new Int32Array(LAYER_FIELDS);
const designs = new Int32Array(DESIGN_FIELDS);
const cut = new LayerCut();

/** Cycles of a layer; what `longestPath(schedule(plan, memory))` spells out. */
export function layerCycles(plan: LayerPlan, memory: Memory): number {
  const { layer, chunk, tile, chip, busBits, outputSlotBits, operandSlotBits } = plan;
  // The closed forms know even cuts only.
  if (tile.first !== undefined) return longestPath(schedule(plan, memory));
  const slots = { input: chunk.slotBits, output: outputSlotBits, operand: operandSlotBits };
  packLayer(layer, layers);
  packDesign(chunk, tile, slots, busBits, designs, 0, chip);
  cutLayer(layers, 0, designs, 0, new Memories(memory, busBits), cut);
  return cyclesOfCut(cut);
}
