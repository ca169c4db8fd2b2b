import type { Ablation } from '../ablation.ts';
import { autoNba } from '../strategies/auto-nba.ts';

export const allPaths = {
  name: 'all-paths',
  summary: 'K = all: what do more paths backward bring?',
  strategy: autoNba,
  settings: { paths: Number.MAX_SAFE_INTEGER },
} satisfies Ablation;
