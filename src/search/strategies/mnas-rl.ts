import { stepByReward } from '../architecture-step.ts';
import { mostLikely } from '../conclusion.ts';
import { drawnBits, drawnPath } from '../draws.ts';
import type { Strategy } from '../strategy.ts';

/** Policy gradient on accuracy times latency; children share weights, so that minutes are enough. */
export const mnasRl = {
  name: 'mnas-rl',
  summary:
    'networks by policy gradient on accuracy x latency^-0.07, each drawn network on its own accelerator',
  citation: 'Tan et al., MnasNet: Platform-Aware Neural Architecture Search for Mobile, CVPR 2019',
  stages: [{ blocks: true, bits: false }],
  paths: { weights: drawnPath, logits: () => drawnPath, mixed: false },
  bits: { weights: drawnBits, logits: drawnBits, copies: false },
  keepsMass: false,
  step: stepByReward,
  supernet: true,
  conclude: mostLikely,
} satisfies Strategy;
