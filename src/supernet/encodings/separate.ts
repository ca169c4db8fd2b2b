import type { Variable } from '../../tensor/index.ts';
import { defined } from '../../util/errors.ts';
import { type BlockRole, blockRoles, type Mbconv } from '../block.ts';
import { type Encoding, roleGeometry } from '../encoding.ts';
import { constantVector, randomKernel } from '../initial-weights.ts';

interface Own {
  readonly kernel: Variable;
  readonly gain: Variable;
  readonly offset: Variable;
}

/** Every candidate has weights of its own, as in the paper: the faithful form, for long searches. */
export const separate: Encoding = {
  name: 'separate',
  summary: 'every candidate has its own weights: the paper, for long searches',
  createLayer(layer, blocks, rng) {
    const parts = new Map<Mbconv, Map<BlockRole, Own>>();
    for (const block of blocks) {
      const own = new Map<BlockRole, Own>();
      for (const role of blockRoles) {
        const { shape, fanIn, channels } = roleGeometry(layer, role, block.kernel, block.expansion);
        const grouped = role === 'depthwise' ? fanIn : fanIn / block.groups;
        const kernel = randomKernel(shape, grouped, rng);
        own.set(role, {
          kernel,
          gain: constantVector(channels, 1),
          offset: constantVector(channels, 0),
        });
      }
      parts.set(block, own);
    }
    const part = (block: Mbconv, role: BlockRole): Own =>
      defined(parts.get(block)?.get(role), role);
    const all = [...parts.values()].flatMap((own) => [...own.values()]);
    return {
      kernels: all.map(({ kernel }) => kernel),
      norms: all.flatMap(({ gain, offset }) => [gain, offset]),
      kernel: (block, role) => part(block, role).kernel,
      norm: (block, role) => part(block, role),
    };
  },
};
