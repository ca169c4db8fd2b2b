import { fixedAccelerator } from '../cost-view.ts';
import { plainBits } from '../draws.ts';
import type { Strategy } from '../strategy.ts';
import { darts } from './darts.ts';

/** Composite convolutions with soft shares in every step: the parent of heterogeneous sampling. */
export const edMips = {
  ...darts,
  name: 'ed-mips',
  summary: 'bitwidths alone, one set of weights rounded to all widths at once, soft in every step',
  citation:
    'Cai and Vasconcelos, Rethinking Differentiable Search for Mixed-Precision Neural Networks, CVPR 2020',
  stages: [{ blocks: false, bits: true }],
  bits: { weights: plainBits, logits: plainBits, copies: false },
  cost: fixedAccelerator,
} satisfies Strategy;
