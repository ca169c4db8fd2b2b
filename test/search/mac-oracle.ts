// A stand-in for the hardware side in tests: multiplications by their width, and nothing of a real accelerator.

import { macsOf } from '../../src/network/geometry.ts';
import type { Network } from '../../src/network/network.ts';
import type { HardwareOracle } from '../../src/search/hardware.ts';

function cyclesOf(network: Network): number {
  return network.operators.reduce((sum, operator) => {
    const bits = 'weightBits' in operator ? operator.weightBits : 0;
    return sum + (macsOf(network, operator) * bits) / 1000 + 10;
  }, 0);
}

/** Cycles grow with multiplications and bits; an epoch takes half of all work. */
export const macOracle: HardwareOracle<null> = {
  refresh: (network) => ({ gamma: null, epochCycles: cyclesOf(network) / 2 }),
  totalCycles: (_gamma, network) => cyclesOf(network),
};
