import { stepBySlopes } from '../architecture-step.ts';
import { mostLikely } from '../conclusion.ts';
import { relaxedFactors } from '../cost-view.ts';
import { allPathsPerturbed, softBits } from '../draws.ts';
import type { Strategy } from '../strategy.ts';

/** The accelerator is a parallel factor per kind of unit, a real number that learns with the network. */
export const edd = {
  name: 'edd',
  summary: 'networks, bitwidths and relaxed parallel factors in one gradient; no choice of arrays',
  citation:
    'Li et al., EDD: Efficient Differentiable DNN Architecture and Implementation Co-search for Embedded AI Solutions, DAC 2020',
  stages: [{ blocks: true, bits: true }],
  paths: { weights: allPathsPerturbed, logits: () => allPathsPerturbed, mixed: true },
  bits: { weights: softBits, logits: softBits, copies: false },
  keepsMass: false,
  cost: relaxedFactors,
  step: stepBySlopes,
  supernet: true,
  conclude: mostLikely,
} satisfies Strategy;
