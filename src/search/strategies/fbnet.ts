import { fixedAccelerator } from '../cost-view.ts';
import { allPathsPerturbed } from '../draws.ts';
import type { Strategy } from '../strategy.ts';
import { darts } from './darts.ts';

/** Gumbel-softmax over all candidates, with a look-up table of each one's latency. */
export const fbnet = {
  ...darts,
  name: 'fbnet',
  summary:
    'networks alone, all paths mixed by Gumbel-softmax; a latency table on a fixed accelerator',
  citation:
    'Wu et al., FBNet: Hardware-Aware Efficient ConvNet Design via Differentiable Neural Architecture Search, CVPR 2019',
  paths: { weights: allPathsPerturbed, logits: () => allPathsPerturbed, mixed: true },
  cost: fixedAccelerator,
} satisfies Strategy;
