import type { Mbconv } from '../block.ts';

export const k5e6 = {
  kind: 'mbconv',
  summary: 'MBConv, kernel 5x5, expansion 6',
  kernel: 5,
  expansion: 6,
  groups: 1,
} satisfies Mbconv;
