import type { Mbconv } from '../block.ts';

export const k3e1g2 = {
  kind: 'mbconv',
  summary: 'MBConv, kernel 3x3, expansion 1, 1x1 convolutions in two groups with a channel shuffle',
  kernel: 3,
  expansion: 1,
  groups: 2,
} satisfies Mbconv;
