// A stand-in for the hardware side in tests: multiplications by their width, and nothing of a real accelerator.

import { macsOf } from '../../src/network/geometry.ts';
import type { Network } from '../../src/network/network.ts';
import type { HardwareOracle } from '../../src/search/hardware.ts';

/** Dense and depthwise operators on a chunk each. */
function cyclesOf(network: Network): readonly number[] {
  const chunks = [0, 0];
  for (const operator of network.operators) {
    const bits = 'weightBits' in operator ? operator.weightBits : 0;
    const chunk = operator.kind === 'depthwiseConv' ? 1 : 0;
    chunks[chunk] = (chunks[chunk] ?? 0) + (macsOf(network, operator) * bits) / 1000 + 10;
  }
  return chunks;
}

/** Cycles grow with multiplications and bits; an epoch takes as long as the busier chunk. */
export const macOracle: HardwareOracle<null> = {
  multipliers: 64,
  refresh: (network) => ({ gamma: null, epochCycles: Math.max(...cyclesOf(network)) }),
  chunkCycles: (_gamma, network) => cyclesOf(network),
};
