import type { Ablation } from '../ablation.ts';
import { gumbelPaths, hardPath } from '../draws.ts';
import { autoNba } from '../strategies/auto-nba.ts';

/** With one path the shares must span all candidates, or there would be nothing to learn. */
export const onePath = {
  name: 'one-path',
  summary: 'K = 1: is one path backward enough?',
  strategy: {
    ...autoNba,
    paths: { weights: gumbelPaths(1), logits: () => hardPath, mixed: false },
  },
} satisfies Ablation;
