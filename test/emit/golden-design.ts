// The tiny network on one chunk under an unusual name: small enough to read what is generated for it.

import type { Accelerator } from '../../src/accelerator/accelerator.ts';
import type { Design } from '../../src/cost/design.ts';
import { validateNetwork } from '../../src/network/validate.ts';
import { tiny } from '../network/tiny.ts';

const network = {
  ...tiny,
  // No pool: a standard chunk runs it all.
  output: 'sum',
  tensors: tiny.tensors.slice(0, 3),
  operators: tiny.operators.slice(0, 2),
};
validateNetwork(network);

const accelerator: Accelerator = {
  busBits: 64,
  chunks: [
    {
      name: 'only',
      kind: 'standard',
      rows: 3,
      outputs: 4,
      inputs: 2,
      slotBits: 8,
      weightBits: 5,
      requantizers: 2,
      multiplier: 'lut',
      order: 'overlapped',
      accumulatorBuffers: 2,
      hasAdd: true,
      buffers: { input: 32, weights: 64, parameters: 8, accumulators: 16, operand: 16 },
    },
  ],
  placements: [{ layer: 'conv', chunk: 0, tile: { rows: 2, columns: 2, outputs: 1, inputs: 1 } }],
};

/** One layer, an odd array, an odd name. */
export const goldenDesign = (name: string): Design => ({
  name,
  network,
  accelerator,
  provenance: { strategy: 'hand', seed: 7, device: 'pynq-z2' },
});
