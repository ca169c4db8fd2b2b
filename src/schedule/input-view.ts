// Which rows and columns of its input map a layer reads, and how they lie in memory.

import type { Layer } from '../accelerator/layers.ts';
import type { Pair } from '../network/network.ts';

/** The map as the array sees it. Distances in beats. */
export interface InputView {
  readonly height: number;
  readonly width: number;
  /** From one output to the next, in rows and columns of this map. */
  readonly stride: Pair;
  /** From one row of this map to the next in memory, from one column, from one channel block. */
  readonly rowBeats: number;
  readonly columnBeats: number;
  readonly planeBeats: number;
}

/**
 * A kernel of one tap reads only the rows it needs. Of these it reads whole runs from the bus, whose bursts are
 * contiguous, but only the columns it needs from on-chip memory, which takes a new address every cycle.
 */
export function inputView(layer: Layer, isOnChip: boolean): InputView {
  const [height, width] = layer.inputShape;
  const [rowStride, columnStride] = layer.stride;
  const isPoint = layer.kernel[0] === 1 && layer.kernel[1] === 1;
  const rows = isPoint ? rowStride : 1;
  // A single column has no neighbours to skip: its rows and planes follow each other, one run of beats side by side.
  const columns = isPoint && isOnChip && width > 1 ? columnStride : 1;
  return {
    height: Math.ceil(height / rows),
    width: Math.ceil(width / columns),
    stride: [rowStride / rows, columnStride / columns],
    rowBeats: width * rows,
    columnBeats: columns,
    planeBeats: height * width,
  };
}

/** Whether rows of the view follow each other without a gap. */
export const isContiguous = (view: InputView): boolean => view.rowBeats === view.width;
