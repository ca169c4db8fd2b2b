import { stepBySlopes } from '../architecture-step.ts';
import { mostLikely } from '../conclusion.ts';
import { allPaths, plainBits } from '../draws.ts';
import type { Strategy } from '../strategy.ts';

/** Every candidate is computed, kept and weighted in every step; hardware is not looked at. */
export const darts = {
  name: 'darts',
  summary: 'networks alone, all paths mixed by softmax: memory grows with the candidates',
  citation:
    'Liu, Simonyan, Yang, DARTS: Differentiable Architecture Search, ICLR 2019 (first order)',
  stages: [{ blocks: true, bits: false }],
  paths: { weights: allPaths, logits: () => allPaths, mixed: true },
  bits: { weights: plainBits, logits: plainBits, copies: false },
  keepsMass: false,
  step: stepBySlopes,
  supernet: true,
  conclude: mostLikely,
} satisfies Strategy;
