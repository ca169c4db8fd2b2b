import type { Mbconv } from '../block.ts';

export const k5e1g2 = {
  kind: 'mbconv',
  summary: 'MBConv, kernel 5x5, expansion 1, 1x1 convolutions in two groups with a channel shuffle',
  kernel: 5,
  expansion: 1,
  groups: 2,
} satisfies Mbconv;
