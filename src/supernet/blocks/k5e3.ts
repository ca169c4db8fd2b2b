import type { Mbconv } from '../block.ts';

export const k5e3 = {
  kind: 'mbconv',
  summary: 'MBConv, kernel 5x5, expansion 3',
  kernel: 5,
  expansion: 3,
  groups: 1,
} satisfies Mbconv;
