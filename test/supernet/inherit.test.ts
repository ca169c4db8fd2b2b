// A derived network that inherits from the shared one computes what the shared one computed along its path.

import { expect, test } from 'vitest';
import { loadBatch } from '../../src/supernet/batches.ts';
import { describeNetwork } from '../../src/supernet/describe.ts';
import { separate, superkernel } from '../../src/supernet/encodings/index.ts';
import { inherit, inheritanceOf } from '../../src/supernet/inherit.ts';
import type { Choices, SearchSpace } from '../../src/supernet/space.ts';
import { Supernet } from '../../src/supernet/supernet.ts';
import { TrainableNetwork } from '../../src/supernet/trainable-network.ts';
import { tidy, valuesOf } from '../../src/tensor/index.ts';
import { createRng } from '../../src/util/rng.ts';
import { loadFixtureImages } from '../support/fixture-images.ts';

const space: SearchSpace = {
  input: [28, 28, 1],
  classes: 10,
  stem: { channels: 4, kernel: 3, stride: 2 },
  layers: [
    { channels: 4, stride: 1 },
    { channels: 6, stride: 2 },
    { channels: 6, stride: 1 },
  ],
  headChannels: 8,
  candidates: ['k3e1', 'k5e1g2', 'k5e3', 'skip'],
  bits: [4, 8],
};
const points: Record<string, Choices> = {
  'grouped, shuffled back': [
    { block: 'k5e1g2', bits: 8 },
    { block: 'k5e1g2', bits: 4 },
    { block: 'k5e1g2', bits: 4 },
  ],
  'slices and a skip': [
    { block: 'k3e1', bits: 8 },
    { block: 'k5e3', bits: 4 },
    { block: 'skip', bits: 4 },
  ],
};

const closeTo = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - (b[i] ?? Number.NaN))));

test.each(
  [superkernel, separate].flatMap((encoding) =>
    Object.entries(points).map(([what, choices]) => ({
      name: encoding.name,
      what,
      encoding,
      choices,
    })),
  ),
)('$name: $what', ({ encoding, choices }) => {
  const supernet = new Supernet(space, encoding, createRng(3));
  const trainable = new TrainableNetwork(describeNetwork(space, choices, 'derived'), createRng(4));
  const inheritance = inheritanceOf(supernet, choices);
  tidy(() => {
    const { images } = loadBatch(loadFixtureImages(), [0, 1, 2, 3, 4, 5]);
    const logits = () => valuesOf(trainable.forward(images, { quantize: false })).slice();
    const paths = choices.map(({ block }) => ({ blocks: [block] }));
    const expected = valuesOf(supernet.forward(images, paths));
    expect(closeTo(logits(), expected)).toBeGreaterThan(0.5);
    inherit(trainable, inheritance);
    expect(closeTo(logits(), expected)).toBeLessThan(1e-4);
  });
  supernet.dispose();
  trainable.dispose();
});

test('of several sets of weights, the one of the chosen width is handed on', () => {
  const supernet = new Supernet(space, superkernel, createRng(3), 2);
  const kernel = (bits: number): Float32Array | undefined =>
    inheritanceOf(
      supernet,
      space.layers.map(() => ({ block: 'k3e1', bits })),
    ).get('b0_expand')?.kernel;
  const sets = supernet
    .weightVariables()
    .filter(({ variable, isKernel }) => isKernel && variable.shape.join() === '1,1,4,12');
  const [first, second] = sets.map(({ variable }) => Array.from(valuesOf(variable)).slice(0, 4));
  expect(Array.from(kernel(4)?.slice(0, 4) ?? [])).toEqual(first);
  expect(Array.from(kernel(8)?.slice(0, 4) ?? [])).toEqual(second);
  supernet.dispose();
});
