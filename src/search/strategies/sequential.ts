import { fixedAccelerator } from '../cost-view.ts';
import type { Strategy } from '../strategy.ts';
import { autoNba } from './auto-nba.ts';

/** The same estimators one axis after the other: what "jointly" must beat. */
export const sequential = {
  ...autoNba,
  name: 'sequential',
  summary: 'network at full bits first, then bitwidths, then the accelerator',
  citation:
    'the decoupled practice that Auto-NBA (Fu et al., ICML 2021) and APQ (Wang et al., CVPR 2020) compare with',
  stages: [
    { blocks: true, bits: false },
    { blocks: false, bits: true },
  ],
  cost: fixedAccelerator,
} satisfies Strategy;
