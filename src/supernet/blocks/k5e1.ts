import type { Mbconv } from '../block.ts';

export const k5e1 = {
  kind: 'mbconv',
  summary: 'MBConv, kernel 5x5, expansion 1',
  kernel: 5,
  expansion: 1,
  groups: 1,
} satisfies Mbconv;
