import type { NamedNetwork } from '../named-network.ts';
import { NetworkBuilder } from '../network-builder.ts';

/** Expansion, output channels, blocks and stride of the first block of each stage. */
const stages = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

/** Inverted residuals at width 1. */
export const mobilenetV2 = {
  name: 'mobilenet-v2',
  summary: 'MobileNetV2 at width 1.0, 224x224',
  source: 'M. Sandler et al., CVPR 2018, arXiv:1801.04381, table 2',
  build() {
    const net = new NetworkBuilder('mobilenet-v2', [224, 224, 3]);
    let input = net.conv('stem', 32, { kernel: 3, stride: 2, padding: 1 });
    stages.forEach(([expansion, channels, count, firstStride], s) => {
      for (let b = 1; b <= count; b++) {
        const name = `stage${s + 1}_${b}`;
        const stride = b === 1 ? firstStride : 1;
        const width = net.shapeOf(input)[2];
        if (expansion > 1) net.conv(`${name}_expand`, expansion * width, { kernel: 1 }, input);
        net.depthwise(`${name}_depthwise`, { kernel: 3, stride, padding: 1 });
        const project = net.conv(`${name}_project`, channels, { kernel: 1, rectified: false });
        const isResidual = stride === 1 && width === channels;
        input = isResidual ? net.add(`${name}_add`, project, input, false) : project;
      }
    });
    net.conv('head', 1280, { kernel: 1 });
    net.globalAveragePool('pool');
    net.fullyConnected('classifier', 1000);
    return net.build();
  },
} as const satisfies NamedNetwork;
