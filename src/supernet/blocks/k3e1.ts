import type { Mbconv } from '../block.ts';

export const k3e1 = {
  kind: 'mbconv',
  summary: 'MBConv, kernel 3x3, expansion 1',
  kernel: 3,
  expansion: 1,
  groups: 1,
} satisfies Mbconv;
