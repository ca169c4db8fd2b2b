import { random as solver } from '../../explore/solvers/index.ts';
import type { Ablation } from '../ablation.ts';
import { autoNba } from '../strategies/auto-nba.ts';

export const randomGamma = {
  name: 'random-gamma',
  summary: 'gamma* by drawing designs',
  strategy: autoNba,
  hardware: { solver, points: 500 },
} satisfies Ablation;
