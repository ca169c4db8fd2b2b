import { sliceKernel, sliceVector, type Variable } from '../../tensor/index.ts';
import { defined } from '../../util/errors.ts';
import { type BlockRole, blockRoles } from '../block.ts';
import { type Encoding, roleGeometry } from '../encoding.ts';
import { constantVector, randomKernel } from '../initial-weights.ts';

interface Shared {
  readonly kernel: Variable;
  readonly gain: Variable;
  readonly offset: Variable;
}

/**
 * One weight per convolution for all candidates (Single-Path NAS, Stamoulis et al., 2019): expansions are its first
 * channels, kernel 3 the centre of kernel 5. Every image trains every candidate, so minutes are enough.
 */
export const superkernel: Encoding = {
  name: 'superkernel',
  summary: 'candidates are slices of one weight: for short searches',
  createLayer(layer, blocks, rng) {
    const kernelSize = Math.max(...blocks.map(({ kernel }) => kernel));
    const expansion = Math.max(...blocks.map((block) => block.expansion));
    const parts = new Map<BlockRole, Shared>(
      blockRoles.map((role) => {
        const { shape, fanIn, channels } = roleGeometry(layer, role, kernelSize, expansion);
        const kernel = randomKernel(shape, fanIn, rng);
        const [gain, offset] = [constantVector(channels, 1), constantVector(channels, 0)];
        return [role, { kernel, gain, offset }];
      }),
    );
    const part = (role: BlockRole): Shared => defined(parts.get(role), role);
    return {
      kernels: blockRoles.map((role) => part(role).kernel),
      norms: blockRoles.flatMap((role) => [part(role).gain, part(role).offset]),
      kernel(block, role) {
        const { shape } = roleGeometry(layer, role, block.kernel, block.expansion);
        const [size = 1, , inputs = 1, outputs = 1] = shape;
        return sliceKernel(part(role).kernel, size, inputs, outputs);
      },
      norm(block, role) {
        const { channels } = roleGeometry(layer, role, block.kernel, block.expansion);
        const { gain, offset } = part(role);
        return { gain: sliceVector(gain, channels), offset: sliceVector(offset, channels) };
      },
    };
  },
};
