import { evolve } from '../conclusion.ts';
import { uniformBits, uniformPath } from '../draws.ts';
import type { Strategy } from '../strategy.ts';

/** Weights are trained along uniform paths; points are then bred and judged on them. */
export const spos = {
  name: 'spos',
  summary: 'networks and bitwidths: uniform sampling while weights learn, then evolution on them',
  citation:
    'Guo et al., Single Path One-Shot Neural Architecture Search with Uniform Sampling, ECCV 2020',
  stages: [{ blocks: true, bits: true }],
  paths: { weights: uniformPath, logits: () => uniformPath, mixed: false },
  bits: { weights: uniformBits, logits: uniformBits, copies: false },
  keepsMass: false,
  supernet: true,
  conclude: evolve,
} satisfies Strategy;
