import type { Ablation } from '../ablation.ts';
import { softBits } from '../draws.ts';
import { autoNba } from '../strategies/auto-nba.ts';

export const softOnly = {
  name: 'soft-only',
  summary: 'are hard samples of bits needed while logits learn?',
  strategy: { ...autoNba, bits: { weights: softBits, logits: softBits, copies: false } },
} satisfies Ablation;
