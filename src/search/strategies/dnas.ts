import { fixedAccelerator } from '../cost-view.ts';
import { softBits } from '../draws.ts';
import type { Strategy } from '../strategy.ts';
import { darts } from './darts.ts';

/** Every bitwidth has weights and maps of its own, mixed by Gumbel-softmax. */
export const dnas = {
  ...darts,
  name: 'dnas',
  summary: 'bitwidths alone, a copy of the weights for each: memory grows with the choices',
  citation:
    'Wu et al., Mixed Precision Quantization of ConvNets via Differentiable Neural Architecture Search, 2018',
  stages: [{ blocks: false, bits: true }],
  bits: { weights: softBits, logits: softBits, copies: true },
  cost: fixedAccelerator,
} satisfies Strategy;
