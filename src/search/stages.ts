// Searchable layers out of the stages that papers print: so many layers of so many channels, the first with a stride.

import type { LayerSpec } from '../supernet/space.ts';

/** One stage: channels, layers, stride of the first. */
export type Stage = readonly [channels: number, layers: number, stride: 1 | 2];

export function layersOfStages(stages: readonly Stage[]): LayerSpec[] {
  return stages.flatMap(([channels, layers, stride]) =>
    Array.from(
      { length: layers },
      (_, i): LayerSpec => ({ channels, stride: i === 0 ? stride : 1 }),
    ),
  );
}
