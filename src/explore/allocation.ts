// What a partition of the layers means for each chunk and each tensor: widths, slots, who can add.

import type { SlotBits } from '../accelerator/accelerator.ts';
import type { Layer } from '../accelerator/layers.ts';
import { smallestSlot } from '../schedule/slots.ts';
import { defined } from '../util/errors.ts';
import type { ChunkFrame } from './chunk-frame.ts';
import { formOf, type Partition } from './groups.ts';
import type { LayerContext } from './layer-table.ts';
import { mostOnChip } from './residency.ts';

/** The chunks of a partition, and each of their layers as that chunk runs it. */
export interface Allocation {
  readonly frames: readonly ChunkFrame[];
  readonly layersOfChunk: Partition;
  /** Per chunk, in the order of `layersOfChunk`; on chip is the most that may lie there. */
  readonly contexts: readonly (readonly LayerContext[])[];
}

const widest = (slots: readonly SlotBits[]): SlotBits =>
  slots.reduce((left, right) => (left > right ? left : right), 2);

/**
 * Slots of the chunks: the widest their inputs need; two chunks that read one tensor agree on the wider of their slots,
 * since the tensor lies in memory once.
 */
function chunkSlots(layers: readonly Layer[], partition: Partition): SlotBits[] {
  const slots = partition.map((own) =>
    widest(own.map((l) => smallestSlot(defined(layers[l], 'layer').input.bits))),
  );
  for (;;) {
    const tensors = new Map<string, SlotBits>();
    partition.forEach((own, c) => {
      for (const l of own) {
        const { name } = defined(layers[l], 'layer').input;
        tensors.set(name, widest([tensors.get(name) ?? 2, slots[c] ?? 2]));
      }
    });
    let isSettled = true;
    partition.forEach((own, c) => {
      const wide = widest(own.map((l) => tensors.get(defined(layers[l], 'layer').input.name) ?? 2));
      if (wide === slots[c]) return;
      slots[c] = wide;
      isSettled = false;
    });
    if (isSettled) return slots;
  }
}

/** Resolves a partition: every layer's slots as src/schedule/slots.ts will find them. */
export function allocate(layers: readonly Layer[], partition: Partition): Allocation {
  const slots = chunkSlots(layers, partition);
  const form = formOf(layers) ?? 'half-up';
  const tensors = new Map<string, SlotBits>();
  partition.forEach((own, c) => {
    for (const l of own) tensors.set(defined(layers[l], 'layer').input.name, slots[c] ?? 8);
  });
  const frames = partition.map((own, c): ChunkFrame => {
    const members = own.map((l) => defined(layers[l], 'layer'));
    return {
      kind: members[0]?.kind ?? 'standard',
      slotBits: slots[c] ?? 8,
      weightBits: Math.max(...members.map((layer) => layer.weightBits)),
      hasAdd: members.some((layer) => layer.add !== undefined),
      form: formOf(members) ?? form,
    };
  });
  const chips = mostOnChip(layers, partition);
  const contexts = partition.map((own, c) =>
    own.map((l): LayerContext => {
      const layer = defined(layers[l], 'layer');
      const { slotBits, ...frame } = defined(frames[c], 'frame');
      const { operand } = layer;
      return {
        layer,
        ...frame,
        chip: defined(chips[l], 'chip use'),
        slots: {
          input: slotBits,
          output: tensors.get(layer.output.name) ?? smallestSlot(layer.output.bits),
          operand:
            operand === undefined ? 8 : (tensors.get(operand.name) ?? smallestSlot(operand.bits)),
        },
      };
    }),
  );
  return { frames, layersOfChunk: partition, contexts };
}
