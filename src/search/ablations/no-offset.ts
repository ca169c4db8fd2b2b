import type { Ablation } from '../ablation.ts';
import { autoNba } from '../strategies/auto-nba.ts';

export const noOffset = {
  name: 'no-offset',
  summary: 'must candidates that were not looked at keep their probability?',
  strategy: { ...autoNba, keepsMass: false },
} satisfies Ablation;
