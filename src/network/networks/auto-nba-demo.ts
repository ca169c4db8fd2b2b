import type { NamedNetwork } from '../named-network.ts';
import { NetworkBuilder } from '../network-builder.ts';

/** Kernel, expansion, groups of the 1x1 convolutions, and bits of each of the 22 blocks. */
const blocks = [
  [5, 6, 1, 6],
  [5, 6, 1, 8],
  [3, 1, 1, 6],
  [5, 3, 1, 6],
  [5, 3, 1, 4],
  [5, 6, 1, 8],
  [5, 1, 2, 6],
  [5, 1, 1, 6],
  [5, 6, 1, 6],
  [5, 6, 1, 8],
  [5, 3, 1, 6],
  [5, 6, 1, 8],
  [5, 1, 2, 8],
  [3, 6, 1, 8],
  [5, 6, 1, 6],
  [3, 3, 1, 6],
  [5, 6, 1, 6],
  [5, 6, 1, 6],
  [5, 3, 1, 6],
  [5, 6, 1, 6],
  [5, 3, 1, 6],
  [5, 6, 1, 6],
] as const;

/** Blocks, output channels and stride of the first block of each stage. */
const stages = [
  [1, 16, 1],
  [4, 24, 1],
  [4, 32, 2],
  [4, 64, 2],
  [4, 112, 1],
  [4, 192, 2],
  [1, 352, 1],
] as const;

/** The network on which the released Auto-NBA model demonstrates its accelerator search. */
export const autoNbaDemo = {
  name: 'auto-nba-demo',
  summary: 'CIFAR network of the released Auto-NBA demo: 22 blocks at 4, 6 and 8 bits, 70 layers',
  source:
    'RICE-EIC/Auto-NBA, analytical_model/analytical_prediction.py. As that model counts it: stem, head and residual adds left out, the stride on the first 1x1 convolution, and each grouped 1x1 convolution two of the 70 layers',
  build() {
    const bitsOf = (block: number): number => blocks[block]?.[3] ?? 8;
    const widths = (activations: number, weights: number) => ({
      activationBits: bitsOf(activations),
      weightBits: bitsOf(weights),
    });
    const net = new NetworkBuilder('auto-nba-demo', [32, 32, 16], widths(0, 0));
    let block = 0;
    for (const [count, channels, firstStride] of stages)
      for (let k = 0; k < count; k++, block++) {
        const [kernel, expansion, groups] = blocks[block] ?? [3, 1, 1];
        const name = `block${block + 1}`;
        const stride = k === 0 ? firstStride : 1;
        const width = expansion * net.shapeOf(net.last)[2];
        net.setWidths(widths(block, block));
        net.conv(`${name}_expand`, width, { kernel: 1, stride, groups });
        net.depthwise(`${name}_depthwise`, { kernel, padding: 'same' });
        // The next block reads at its own width.
        net.setWidths(widths(Math.min(block + 1, blocks.length - 1), block));
        net.conv(`${name}_project`, channels, { kernel: 1, groups, rectified: false });
      }
    return net.build();
  },
} as const satisfies NamedNetwork;
