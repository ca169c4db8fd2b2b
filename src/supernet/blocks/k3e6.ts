import type { Mbconv } from '../block.ts';

export const k3e6 = {
  kind: 'mbconv',
  summary: 'MBConv, kernel 3x3, expansion 6',
  kernel: 3,
  expansion: 6,
  groups: 1,
} satisfies Mbconv;
