import type { Mbconv } from '../block.ts';

export const k3e3 = {
  kind: 'mbconv',
  summary: 'MBConv, kernel 3x3, expansion 3',
  kernel: 3,
  expansion: 3,
  groups: 1,
} satisfies Mbconv;
