// What lies in a chunk's on-chip memory: resident weights first, then the maps between its layers.

import type { Accelerator } from '../accelerator/accelerator.ts';
import type { Layer } from '../accelerator/layers.ts';
import { type ChipUse, type LayerPlan, lanesOf, noChipUse } from './plan.ts';

/**
 * Chip use of every layer, or the placements that cannot be.
 * @param delays images each layer lags behind the first: a map on chip has room for one image
 */
export function chipUses(
  layers: readonly Layer[],
  accelerator: Accelerator,
  delays: readonly number[],
): { readonly uses: readonly ChipUse[]; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const chunkOf = (l: number) => accelerator.placements[l]?.chunk ?? -1;
  const producer = new Map(layers.map((layer, l) => [layer.output.name, l]));
  const isOnChip = (name: string | undefined): boolean => {
    const l = name === undefined ? undefined : producer.get(name);
    return l !== undefined && accelerator.placements[l]?.output === 'chip';
  };
  layers.forEach((layer, l) => {
    const placement = accelerator.placements[l];
    if (placement?.output !== 'chip') return;
    const readers = layers.flatMap((other, r) =>
      other.input.name === layer.output.name || other.operand?.name === layer.output.name
        ? [r]
        : [],
    );
    if (readers.length === 0)
      problems.push(
        `layer "${layer.name}": nothing on its chunk reads its output, so it must leave the chip`,
      );
    for (const r of readers) {
      const reader = `layer "${layers[r]?.name}"`;
      const why =
        chunkOf(r) !== chunkOf(l)
          ? `${reader} of another chunk reads it`
          : delays[r] !== delays[l]
            ? `${reader} reads it when the next image's has taken its place`
            : undefined;
      if (why !== undefined)
        problems.push(`layer "${layer.name}": its output cannot stay on chip, ${why}`);
    }
  });
  const uses = layers.map((layer, l): ChipUse => {
    const placement = accelerator.placements[l];
    const isResident = placement?.weights === 'resident';
    if (placement === undefined) return noChipUse;
    return {
      input: isOnChip(layer.input.name),
      weights: isResident,
      parameters: isResident,
      operand: isOnChip(layer.operand?.name),
      output: placement.output === 'chip',
    };
  });
  return { uses, problems };
}

/** Beats of a tensor as it lies in memory. */
export function beatsOfTensor(
  shape: readonly [rows: number, columns: number, channels: number],
  lanes: number,
): number {
  return Math.ceil(shape[2] / lanes) * shape[0] * shape[1];
}

/** One chunk's on-chip memory. */
export interface ChipMap {
  /** Beats that the prologue copies, from the chip's address 0 on. */
  readonly prologueBeats: number;
  readonly totalBeats: number;
  /** Per layer index: where its weights and records lie, and its output. */
  readonly weights: ReadonlyMap<number, number>;
  readonly parameters: ReadonlyMap<number, number>;
  readonly outputs: ReadonlyMap<number, number>;
}

/** Lays out every chunk's on-chip memory; each map has its own place. */
export function mapChips(
  plans: readonly LayerPlan[],
  accelerator: Accelerator,
): readonly ChipMap[] {
  return accelerator.chunks.map((_, c) => {
    let beats = 0;
    const take = (count: number) => {
      const at = beats;
      beats += count;
      return at;
    };
    const weights = new Map<number, number>();
    const parameters = new Map<number, number>();
    const outputs = new Map<number, number>();
    const own = plans.flatMap((plan, l) =>
      accelerator.placements[l]?.chunk === c ? [{ plan, l }] : [],
    );
    for (const { plan, l } of own) {
      if (!plan.chip.weights) continue;
      weights.set(l, take(plan.weightBeats));
      parameters.set(l, take(plan.parameterBeats));
    }
    const prologueBeats = beats;
    for (const { plan, l } of own) {
      if (!plan.chip.output) continue;
      const lanes = lanesOf(plan.busBits, plan.outputSlotBits);
      outputs.set(l, take(beatsOfTensor(plan.layer.output.shape, lanes)));
    }
    return { prologueBeats, totalBeats: beats, weights, parameters, outputs };
  });
}
