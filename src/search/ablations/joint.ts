import type { Ablation } from '../ablation.ts';
import { autoNba } from '../strategies/auto-nba.ts';

export const joint = {
  name: 'joint',
  summary:
    'the joint search itself: heterogeneous sampling, K = 2, exact gamma*, probabilities kept',
  strategy: autoNba,
} satisfies Ablation;
