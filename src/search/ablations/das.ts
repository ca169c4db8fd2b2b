import { das as solver } from '../../explore/solvers/index.ts';
import type { Ablation } from '../ablation.ts';
import { autoNba } from '../strategies/auto-nba.ts';

export const das = {
  name: 'das',
  summary: "gamma* by the paper's differentiable engine",
  strategy: autoNba,
  hardware: { solver, points: 500 },
} satisfies Ablation;
