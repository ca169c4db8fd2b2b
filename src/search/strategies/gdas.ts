import { hardPath } from '../draws.ts';
import type { Strategy } from '../strategy.ts';
import { darts } from './darts.ts';

/** One Gumbel-drawn path forward and back; the other logits learn through the shares alone (straight-through). */
export const gdas = {
  ...darts,
  name: 'gdas',
  summary: 'networks alone, one hard Gumbel path forward and backward',
  citation:
    'Dong and Yang, Searching for a Robust Neural Architecture in Four GPU Hours, CVPR 2019',
  paths: { weights: hardPath, logits: () => hardPath, mixed: false },
} satisfies Strategy;
