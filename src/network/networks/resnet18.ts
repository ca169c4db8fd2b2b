import type { NamedNetwork } from '../named-network.ts';
import { NetworkBuilder } from '../network-builder.ts';

/** Residual network of basic blocks, the smallest of its paper. */
export const resnet18 = {
  name: 'resnet18',
  summary: 'ResNet-18, 224x224, with 1x1 convolutions on the shortcuts that change shape',
  source: 'K. He, X. Zhang, S. Ren, J. Sun, CVPR 2016, arXiv:1512.03385, table 1',
  build() {
    const net = new NetworkBuilder('resnet18', [224, 224, 3]);
    net.conv('conv1', 64, { kernel: 7, stride: 2, padding: 3 });
    let identity = net.maxPool('pool1', { kernel: 3, stride: 2, padding: 1 });
    [64, 128, 256, 512].forEach((channels, s) => {
      for (let block = 1; block <= 2; block++) {
        const name = `conv${s + 2}_${block}`;
        const stride = s > 0 && block === 1 ? 2 : 1;
        const inner = net.conv(`${name}a`, channels, { kernel: 3, stride, padding: 1 }, identity);
        if (stride === 2)
          identity = net.conv(
            `${name}_shortcut`,
            channels,
            { kernel: 1, stride, rectified: false },
            identity,
          );
        const options = { kernel: 3, padding: 1, rectified: false } as const;
        const outer = net.conv(`${name}b`, channels, options, inner);
        identity = net.add(`${name}_add`, outer, identity, true);
      }
    });
    net.globalAveragePool('pool');
    net.fullyConnected('fc', 1000);
    return net.build();
  },
} as const satisfies NamedNetwork;
