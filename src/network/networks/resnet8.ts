import type { NamedNetwork } from '../named-network.ts';
import { NetworkBuilder } from '../network-builder.ts';

/** The image classification network of the MLPerf Tiny benchmark. */
export const resnet8 = {
  name: 'resnet8',
  summary: 'ResNet-8 of MLPerf Tiny, 32x32 (CIFAR-10)',
  source: 'C. Banbury et al., MLPerf Tiny, NeurIPS 2021 Datasets and Benchmarks, arXiv:2106.07597',
  build() {
    const net = new NetworkBuilder('resnet8', [32, 32, 3]);
    let identity = net.conv('stem', 16, { kernel: 3, padding: 'same' });
    [16, 32, 64].forEach((channels, s) => {
      const stride = s === 0 ? 1 : 2;
      const name = `stack${s + 1}`;
      const inner = net.conv(`${name}_conv1`, channels, { kernel: 3, stride, padding: 'same' });
      if (s > 0)
        identity = net.conv(
          `${name}_shortcut`,
          channels,
          { kernel: 1, stride, padding: 'same', rectified: false },
          identity,
        );
      const options = { kernel: 3, padding: 'same', rectified: false } as const;
      const outer = net.conv(`${name}_conv2`, channels, options, inner);
      identity = net.add(`${name}_add`, outer, identity, true);
    });
    net.globalAveragePool('pool');
    net.fullyConnected('classifier', 10);
    return net.build();
  },
} as const satisfies NamedNetwork;
