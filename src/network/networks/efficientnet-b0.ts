import type { NamedNetwork } from '../named-network.ts';
import { NetworkBuilder } from '../network-builder.ts';

/** Kernel, expansion, output channels, blocks and stride of the first block of each stage. */
const stages = [
  [3, 1, 16, 1, 1],
  [3, 6, 24, 2, 2],
  [5, 6, 40, 2, 2],
  [3, 6, 80, 3, 2],
  [5, 6, 112, 3, 1],
  [5, 6, 192, 4, 2],
  [3, 6, 320, 1, 1],
] as const;

/** The base network of its family, as embedded devices run it. */
export const efficientnetB0 = {
  name: 'efficientnet-b0',
  summary: 'EfficientNet-B0, 224x224, without squeeze-excite and with ReLU for swish',
  source:
    'M. Tan, Q. Le, ICML 2019, arXiv:1905.11946, table 1; squeeze-excite left out and swish replaced, as in the Lite variants',
  build() {
    const net = new NetworkBuilder('efficientnet-b0', [224, 224, 3]);
    let input = net.conv('stem', 32, { kernel: 3, stride: 2, padding: 'same' });
    stages.forEach(([kernel, expansion, channels, count, firstStride], s) => {
      for (let b = 1; b <= count; b++) {
        const name = `stage${s + 1}_${b}`;
        const stride = b === 1 ? firstStride : 1;
        const width = net.shapeOf(input)[2];
        if (expansion > 1) net.conv(`${name}_expand`, expansion * width, { kernel: 1 }, input);
        net.depthwise(`${name}_depthwise`, { kernel, stride, padding: 'same' });
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
