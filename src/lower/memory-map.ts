// Where each tensor lives in memory.

import type { Accelerator } from '../accelerator/accelerator.ts';
import type { Layer } from '../accelerator/layers.ts';
import { type Network, tensorOf } from '../network/network.ts';
import { PAGE_BYTES } from '../schedule/bursts.ts';
import { lanesOf } from '../schedule/plan.ts';
import { beatsOfTensor, type ChipMap } from '../schedule/residency.ts';
import { tensorSlots } from '../schedule/slots.ts';
import { powerOfTwoFrom } from '../util/powers.ts';
import type { Region, TensorPlace } from './plan.ts';

/** Images of the input and output regions are addressed without wrapping; the counter has 16 bits. */
export const IMAGE_MASK = 0xffff;

/** Places every tensor that some layer reads or writes; a product inside a fused add has no place. */
export function mapTensors(
  network: Network,
  layers: readonly Layer[],
  accelerator: Accelerator,
  delays: readonly number[],
  chips: readonly ChipMap[],
): { readonly places: readonly TensorPlace[]; readonly activationBeats: number } {
  const { busBits } = accelerator;
  const pageBeats = (PAGE_BYTES * 8) / busBits;
  const resolved = tensorSlots(network, layers, accelerator);
  if (!resolved.ok) throw new Error(`a planned design has conflicting slots: ${resolved.reason}`);
  const lifetime = new Map<string, { first: number; last: number }>([
    [network.input, { first: 0, last: 0 }],
  ]);
  const final = layers[layers.length - 1]?.output.name;
  layers.forEach((layer, l) => {
    const delay = delays[l] ?? 0;
    for (const tensor of [layer.input, layer.operand]) {
      const life = tensor && lifetime.get(tensor.name);
      if (life) life.last = Math.max(life.last, delay);
    }
    lifetime.set(layer.output.name, { first: delay, last: delay });
  });
  const onChip = new Map<string, readonly [chunk: number, offsetBeats: number]>();
  chips.forEach(({ outputs }, chunk) => {
    for (const [l, offset] of outputs) {
      const name = layers[l]?.output.name;
      if (name !== undefined) onChip.set(name, [chunk, offset]);
    }
  });
  let activationBeats = 0;
  const places: TensorPlace[] = [];
  for (const [name, life] of lifetime) {
    const tensor = tensorOf(network, name);
    const slotBits = resolved.slots.get(name) ?? 8;
    const beats = beatsOfTensor(tensor.shape, lanesOf(busBits, slotBits));
    const chip = onChip.get(name);
    if (chip !== undefined) {
      const [chunk, offsetBeats] = chip;
      const region = 'activations';
      places.push({
        tensor,
        slotBits,
        region,
        offsetBeats,
        beats,
        ringShift: 0,
        ringMask: 0,
        chip: chunk,
      });
      continue;
    }
    // One image's share is a power of two of at least a page, so that a shift finds it and it stays aligned.
    const share = powerOfTwoFrom(pageBeats, beats);
    const region: Region =
      name === network.input ? 'input' : name === final ? 'output' : 'activations';
    const copies = powerOfTwoFrom(1, life.last - life.first + 1);
    places.push({
      tensor,
      slotBits,
      region,
      offsetBeats: region === 'activations' ? activationBeats : 0,
      beats,
      ringShift: Math.log2(share),
      ringMask: region === 'activations' ? copies - 1 : IMAGE_MASK,
      chip: null,
    });
    if (region === 'activations') activationBeats += share * copies;
  }
  return { places, activationBeats };
}
