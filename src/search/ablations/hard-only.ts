import type { Ablation } from '../ablation.ts';
import { hardBits } from '../draws.ts';
import { autoNba } from '../strategies/auto-nba.ts';

export const hardOnly = {
  name: 'hard-only',
  summary: 'are soft samples of bits needed while weights learn?',
  strategy: { ...autoNba, bits: { weights: hardBits, logits: hardBits, copies: false } },
} satisfies Ablation;
