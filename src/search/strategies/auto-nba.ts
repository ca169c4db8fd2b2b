import { stepBySlopes } from '../architecture-step.ts';
import { mostLikely } from '../conclusion.ts';
import { currentAccelerator } from '../cost-view.ts';
import { gumbelPaths, hardBits, softBits } from '../draws.ts';
import type { Strategy } from '../strategy.ts';

/** Heterogeneous sampling: soft bits while weights learn, hard bits and K paths while logits learn. */
export const autoNba = {
  name: 'auto-nba',
  summary: 'networks, bitwidths and accelerator together, by heterogeneous sampling',
  citation:
    'Fu et al., Auto-NBA: Efficient and Effective Search Over the Joint Space of Networks, Bitwidths, and Accelerators, ICML 2021',
  stages: [{ blocks: true, bits: true }],
  paths: { weights: gumbelPaths(1), logits: gumbelPaths, mixed: false },
  bits: { weights: softBits, logits: hardBits, copies: false },
  keepsMass: true,
  cost: currentAccelerator,
  step: stepBySlopes,
  supernet: true,
  conclude: mostLikely,
} satisfies Strategy;
