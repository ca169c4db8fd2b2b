import type { Ablation } from '../ablation.ts';
import { sequential as strategy } from '../strategies/sequential.ts';

export const sequential = {
  name: 'sequential',
  summary: 'is searching together better than one axis after the other?',
  strategy,
} satisfies Ablation;
