// What a chunk may keep in memory of its own: its weights, the maps between its layers, both or nothing.

import type { Layer } from '../accelerator/layers.ts';
import { layerDelays } from '../cost/design.ts';
import { type ChipUse, noChipUse } from '../schedule/plan.ts';
import type { Partition } from './groups.ts';

/** One policy for all layers of a chunk. */
export interface Residency {
  /** Weights and records are copied on chip once, before the first image. */
  readonly weights: boolean;
  /** Maps that only layers of the chunk touch, and of the same image, never leave it. */
  readonly maps: boolean;
}

/** What of a layer's tensors stays on chip under a policy, of those that may. */
export function keptOf(most: ChipUse, { weights, maps }: Residency): ChipUse {
  return {
    input: most.input && maps,
    weights: most.weights && weights,
    parameters: most.parameters && weights,
    operand: most.operand && maps,
    output: most.output && maps,
  };
}

/** Per layer, the most that may lie on its chunk's chip: what src/schedule/residency.ts accepts. */
export function mostOnChip(layers: readonly Layer[], partition: Partition): ChipUse[] {
  const chunkOf: number[] = [];
  partition.forEach((own, chunk) => {
    for (const l of own) chunkOf[l] = chunk;
  });
  const delays = layerDelays(
    layers,
    chunkOf.map((chunk) => ({ chunk })),
  );
  const readers = new Map<string, number[]>();
  layers.forEach((layer, l) => {
    for (const tensor of [layer.input, layer.operand])
      if (tensor !== undefined) readers.set(tensor.name, [...(readers.get(tensor.name) ?? []), l]);
  });
  const staying = new Set(
    layers.flatMap(({ output }, l) => {
      const own = readers.get(output.name) ?? [];
      const stays =
        own.length > 0 && own.every((r) => chunkOf[r] === chunkOf[l] && delays[r] === delays[l]);
      return stays ? [output.name] : [];
    }),
  );
  return layers.map(({ input, operand, output }) => ({
    ...noChipUse,
    weights: true,
    parameters: true,
    input: staying.has(input.name),
    operand: operand !== undefined && staying.has(operand.name),
    output: staying.has(output.name),
  }));
}
