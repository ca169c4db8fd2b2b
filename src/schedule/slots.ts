// How wide the lanes of each tensor are in memory: as wide as the chunk that reads it wants them.

import type { Accelerator, SlotBits } from '../accelerator/accelerator.ts';
import type { Layer } from '../accelerator/layers.ts';
import type { Network } from '../network/network.ts';
import { tensorOf } from '../network/network.ts';

/** The smallest slot that holds that many bits. */
export function smallestSlot(bits: number): SlotBits {
  if (bits <= 2) return 2;
  if (bits <= 4) return 4;
  return bits <= 8 ? 8 : 16;
}

/** Slot of every tensor in memory, or the tensor that two chunks want in different slots. */
export function tensorSlots(
  network: Network,
  layers: readonly Layer[],
  accelerator: Accelerator,
):
  | { readonly ok: true; readonly slots: ReadonlyMap<string, SlotBits> }
  | { readonly ok: false; readonly reason: string } {
  const slots = new Map<string, SlotBits>();
  const reader = new Map<string, string>();
  for (const [k, layer] of layers.entries()) {
    const chunk = accelerator.chunks[accelerator.placements[k]?.chunk ?? -1];
    if (chunk === undefined) return { ok: false, reason: `layer "${layer.name}" has no chunk` };
    const before = slots.get(layer.input.name);
    if (before !== undefined && before !== chunk.slotBits)
      return {
        ok: false,
        reason: `tensor "${layer.input.name}" is read in ${before}-bit slots by "${reader.get(layer.input.name)}" and in ${chunk.slotBits}-bit slots by "${layer.name}"`,
      };
    slots.set(layer.input.name, chunk.slotBits);
    reader.set(layer.input.name, layer.name);
  }
  // Second operands and results nobody else reads are free to choose.
  for (const layer of layers)
    for (const tensor of [layer.operand, layer.output])
      if (tensor !== undefined && !slots.has(tensor.name))
        slots.set(tensor.name, smallestSlot(tensor.bits));
  if (!slots.has(network.input))
    slots.set(network.input, smallestSlot(tensorOf(network, network.input).bits));
  return { ok: true, slots };
}
