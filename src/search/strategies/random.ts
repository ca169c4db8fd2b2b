import { bestOfDraws } from '../conclusion.ts';
import { uniformBits, uniformPath } from '../draws.ts';
import type { Strategy } from '../strategy.ts';

/** Uniform points, each trained for itself: what every search must beat. */
export const random = {
  name: 'random',
  summary:
    'uniform points, each trained from scratch, as many as the budget pays for; the best by reward',
  citation:
    'Li and Talwalkar, Random Search and Reproducibility for Neural Architecture Search, UAI 2019',
  stages: [],
  paths: { weights: uniformPath, logits: () => uniformPath, mixed: false },
  bits: { weights: uniformBits, logits: uniformBits, copies: false },
  keepsMass: false,
  supernet: false,
  conclude: bestOfDraws,
} satisfies Strategy;
