import { gumbelPaths, hardBits, softBits } from '../draws.ts';
import type { Strategy } from '../strategy.ts';

/** Heterogeneous sampling: soft bits while weights learn, hard bits and K paths while logits learn. */
export const autoNba = {
  name: 'auto-nba',
  summary: 'networks, bitwidths and accelerator together, by heterogeneous sampling',
  citation:
    'Fu et al., Auto-NBA: Efficient and Effective Search Over the Joint Space of Networks, Bitwidths, and Accelerators, ICML 2021',
  axes: { blocks: true, bits: true, accelerator: true },
  weightPath: gumbelPaths(1),
  architecturePaths: gumbelPaths,
  weightBits: softBits,
  architectureBits: hardBits,
} satisfies Strategy;
