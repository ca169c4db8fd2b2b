import type { NamedNetwork } from '../named-network.ts';
import { NetworkBuilder } from '../network-builder.ts';

const stages = [
  [64, 2],
  [128, 2],
  [256, 3],
  [512, 3],
  [512, 3],
] as const;

/** Thirteen convolutions of 3x3: the heaviest network of the list. */
export const vgg16 = {
  name: 'vgg16',
  summary: 'VGG-16 (configuration D), 224x224: 13 convolutions and 3 fully connected',
  source: 'K. Simonyan, A. Zisserman, ICLR 2015, arXiv:1409.1556, configuration D',
  build() {
    const net = new NetworkBuilder('vgg16', [224, 224, 3]);
    stages.forEach(([channels, count], s) => {
      for (let k = 1; k <= count; k++)
        net.conv(`conv${s + 1}_${k}`, channels, { kernel: 3, padding: 1 });
      net.maxPool(`pool${s + 1}`, { kernel: 2, stride: 2 });
    });
    net.fullyConnected('fc6', 4096, true);
    net.fullyConnected('fc7', 4096, true);
    net.fullyConnected('fc8', 1000);
    return net.build();
  },
} as const satisfies NamedNetwork;
