import { fixedAccelerator } from '../cost-view.ts';
import { drawnPath, twoGates } from '../draws.ts';
import type { Strategy } from '../strategy.ts';
import { darts } from './darts.ts';

/** Binary gates: two paths are drawn, one is open, both gates are updated, the others keep their probability. */
export const proxyless = {
  ...darts,
  name: 'proxyless',
  summary:
    'networks alone, binary gates: two are drawn and updated; latency on a fixed accelerator',
  citation:
    'Cai, Zhu, Han, ProxylessNAS: Direct Neural Architecture Search on Target Task and Hardware, ICLR 2019',
  paths: { weights: drawnPath, logits: () => twoGates, mixed: false },
  keepsMass: true,
  cost: fixedAccelerator,
} satisfies Strategy;
