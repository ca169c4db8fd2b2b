// The tiles a layer is tried in.

import type { Tile } from '../accelerator/accelerator.ts';
import type { Layer } from '../accelerator/layers.ts';
import type { LayerSlots } from '../cost/tile-timer.ts';
import { ceilDiv, lanesOf } from '../schedule/plan.ts';
import type { Space } from './space.ts';

/** Distinct sizes that cut a dimension into about so many parts, whole multiples of `step` or the whole. */
function sizesOf(dimension: number, parts: readonly number[], step: number): number[] {
  const sizes = parts.map((count) =>
    Math.min(dimension, Math.ceil(ceilDiv(dimension, count) / step) * step),
  );
  return [...new Set(sizes)];
}

/** Maps no wider than this are never cut in columns: a row is then one short run. */
const UNCUT_COLUMNS = 32;

/** More parts than this are for layers with very many weights. */
const FINE_OUTPUTS = 12;
const FINE_INPUTS = 4;

/** Candidate tiles of a layer, fewest steps first; each is legal on every chunk with these slots. */
export function tilesOf(layer: Layer, slots: LayerSlots, busBits: 32 | 64, space: Space): Tile[] {
  const [height, width, channels] = layer.outputShape;
  const inputChannels = layer.inputShape[2];
  const inputLanes = lanesOf(busBits, slots.input);
  const outputLanes = lanesOf(busBits, slots.output);
  const operandLanes = layer.add === undefined ? 1 : lanesOf(busBits, slots.operand);
  const isDepthwise = layer.kind === 'depthwise';
  const step = Math.max(outputLanes, operandLanes, isDepthwise ? inputLanes : 1);
  const columnParts = width <= UNCUT_COLUMNS ? [1] : space.columnParts;
  const inputs = isDepthwise
    ? [inputChannels]
    : sizesOf(inputChannels, space.inputParts, inputLanes);
  const tiles: (Tile & { readonly steps: number })[] = [];
  for (const rows of sizesOf(height, space.rowParts, 1))
    for (const columns of sizesOf(width, columnParts, 1))
      for (const outputs of sizesOf(channels, space.outputParts, step))
        for (const size of inputs) {
          const isFine = outputs * FINE_OUTPUTS < channels || size * FINE_INPUTS < inputChannels;
          const weights = outputs * size * layer.kernel[0] * layer.kernel[1];
          if (isFine && weights < space.leastStepWeights) continue;
          const steps =
            ceilDiv(height, rows) *
            ceilDiv(width, columns) *
            ceilDiv(channels, outputs) *
            ceilDiv(inputChannels, size);
          if (steps <= space.maxSteps) tiles.push({ rows, columns, outputs, inputs: size, steps });
        }
  tiles.sort((left, right) => left.steps - right.steps);
  return tiles.map(({ steps: _, ...tile }) => tile);
}
