import type { NamedNetwork } from '../named-network.ts';
import { NetworkBuilder } from '../network-builder.ts';

/** Output channels at a quarter of the full width, and stride, of each depthwise separable block. */
const blocks = [
  [16, 1],
  [32, 2],
  [32, 1],
  [64, 2],
  [64, 1],
  [128, 2],
  [128, 1],
  [128, 1],
  [128, 1],
  [128, 1],
  [128, 1],
  [256, 2],
  [256, 1],
] as const;

/** The visual wake words network of the MLPerf Tiny benchmark. */
export const mobilenetV1 = {
  name: 'mobilenet-v1-025-96',
  summary: 'MobileNetV1 at width 0.25 of MLPerf Tiny, 96x96 (visual wake words, 2 classes)',
  source:
    'A. Howard et al., arXiv:1704.04861, table 1, at width 0.25 as in MLPerf Tiny (C. Banbury et al., arXiv:2106.07597)',
  build() {
    const net = new NetworkBuilder('mobilenet-v1-025-96', [96, 96, 3]);
    net.conv('stem', 8, { kernel: 3, stride: 2, padding: 'same' });
    blocks.forEach(([channels, stride], b) => {
      net.depthwise(`block${b + 1}_depthwise`, { kernel: 3, stride, padding: 'same' });
      net.conv(`block${b + 1}_pointwise`, channels, { kernel: 1 });
    });
    net.globalAveragePool('pool');
    net.fullyConnected('classifier', 2);
    return net.build();
  },
} as const satisfies NamedNetwork;
