import type { NamedNetwork } from '../named-network.ts';
import { NetworkBuilder } from '../network-builder.ts';

/** The network most accelerators before 2018 were measured on. */
export const alexnet = {
  name: 'alexnet',
  summary: 'AlexNet, 227x227: 5 convolutions (three of them in two groups) and 3 fully connected',
  source:
    'A. Krizhevsky, I. Sutskever, G. Hinton, NIPS 2012, with the input of 227x227 that its sizes need; local response normalization left out',
  build() {
    const net = new NetworkBuilder('alexnet', [227, 227, 3]);
    net.conv('conv1', 96, { kernel: 11, stride: 4 });
    net.maxPool('pool1', { kernel: 3, stride: 2 });
    net.conv('conv2', 256, { kernel: 5, padding: 2, groups: 2 });
    net.maxPool('pool2', { kernel: 3, stride: 2 });
    net.conv('conv3', 384, { kernel: 3, padding: 1 });
    net.conv('conv4', 384, { kernel: 3, padding: 1, groups: 2 });
    net.conv('conv5', 256, { kernel: 3, padding: 1, groups: 2 });
    net.maxPool('pool5', { kernel: 3, stride: 2 });
    net.fullyConnected('fc6', 4096, true);
    net.fullyConnected('fc7', 4096, true);
    net.fullyConnected('fc8', 1000);
    return net.build();
  },
} as const satisfies NamedNetwork;
