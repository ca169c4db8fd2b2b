// The shared network: which weights a path uses, what its gates learn, and that nothing leaks.

import { expect, test } from 'vitest';
import { loadBatch } from '../../src/supernet/batches.ts';
import { separate, superkernel } from '../../src/supernet/encodings/index.ts';
import { type Bits, type BlockName, mbconvOf, type SearchSpace } from '../../src/supernet/space.ts';
import { type LayerPath, Supernet } from '../../src/supernet/supernet.ts';
import {
  crossEntropy,
  gradientsOf,
  type Tensor,
  tensorCount,
  tensorFrom,
  tidy,
  valuesOf,
} from '../../src/tensor/index.ts';
import { defined } from '../../src/util/errors.ts';
import { createRng } from '../../src/util/rng.ts';
import { loadFixtureImages } from '../support/fixture-images.ts';

const space: SearchSpace = {
  input: [28, 28, 1],
  classes: 10,
  stem: { channels: 4, kernel: 3, stride: 2 },
  layers: [
    { channels: 4, stride: 1 },
    { channels: 6, stride: 2 },
  ],
  headChannels: 8,
  candidates: ['k3e1', 'k3e1g2', 'k5e3', 'skip'],
  bits: [4, 8],
};
const set = loadFixtureImages();
const indices = [0, 1, 2, 3, 4, 5, 6, 7];
const encodings = { separate, superkernel };
const create = (encoding: keyof typeof encodings): Supernet =>
  new Supernet(space, encodings[encoding], createRng(3));
const soft = { widths: [4, 8], shares: [0.4, 0.6] };

function logits(supernet: Supernet, paths: readonly LayerPath[]): number[] {
  return tidy(() => Array.from(valuesOf(supernet.forward(loadBatch(set, indices).images, paths))));
}

function pathsOf(first: BlockName, second: BlockName, mixture?: LayerPath['mixture']): LayerPath[] {
  return [first, second].map((block) =>
    mixture ? { blocks: [block], mixture } : { blocks: [block] },
  );
}

test.each(['superkernel', 'separate'] as const)('%s: every block runs, float and mixed', (name) => {
  const supernet = create(name);
  for (const block of supernet.layers[0]?.candidates ?? []) {
    for (const mixture of [undefined, soft]) {
      const values = logits(supernet, pathsOf(block, 'k3e1', mixture));
      expect(values.length).toBe(80);
      expect(values.every(Number.isFinite)).toBe(true);
    }
  }
  supernet.dispose();
});

test('a superkernel has the weights of its largest block; separate candidates have each their own', () => {
  const count = (supernet: Supernet): number =>
    supernet
      .weightVariables()
      .filter(({ isKernel }) => isKernel)
      .reduce((sum, { variable }) => sum + variable.size, 0);
  const edges = 3 * 3 * 4 + 6 * 8 + 8 * 10;
  const block = (inputs: number, outputs: number, expansion: number, kernel: number): number =>
    expansion * inputs * (inputs + kernel ** 2 + outputs);
  const shared = block(4, 4, 3, 5) + block(4, 6, 3, 5);
  expect(count(create('superkernel'))).toBe(edges + shared);
  const small = 2 * (block(4, 4, 1, 3) + block(4, 6, 1, 3));
  expect(count(create('separate'))).toBe(edges + shared + small);
});

test('a hard mixture equals the one width it names', () => {
  const supernet = create('superkernel');
  const only = (width: Bits) => pathsOf('k5e3', 'k3e1g2', { widths: [width], shares: [1] });
  const hard = pathsOf('k5e3', 'k3e1g2', { widths: [4, 8], shares: [0, 1] });
  expect(logits(supernet, hard)).toEqual(logits(supernet, only(8)));
  expect(logits(supernet, hard)).not.toEqual(logits(supernet, only(4)));
});

test('weights and activations may have widths of their own', () => {
  const supernet = create('superkernel');
  const only = (width: Bits) =>
    logits(supernet, pathsOf('k5e3', 'k3e1', { widths: [width], shares: [1] }));
  expect(only('w4a4')).toEqual(only(4));
  const all = (['w4a4', 'w4a8', 'w8a4', 'w8a8'] as const).map((width) => only(width).join());
  expect(new Set(all).size).toBe(4);
});

/** Loss and gate gradients of an architecture step. */
function gates(supernet: Supernet, blocks: readonly BlockName[][], shares: readonly number[]) {
  return tidy(() => {
    const { images, labels } = loadBatch(set, indices);
    const bitGates = blocks.map(() => tensorFrom(Float32Array.from(shares), [2]));
    const pathGates = blocks.map(({ length }) => tensorFrom(new Float32Array(length), [length]));
    const paths = blocks.map((names, i) => ({
      blocks: names,
      gate: defined(pathGates[i], 'gate'),
      mixture: { widths: [4, 8], shares, gate: defined(bitGates[i], 'gate') },
    }));
    const { loss, gradients } = gradientsOf(
      () => crossEntropy(supernet.forward(images, paths), labels),
      [...pathGates, ...bitGates],
    );
    const numbers = gradients.map((gradient: Tensor | null) =>
      gradient === null ? null : Array.from(valuesOf(gradient)),
    );
    return { loss: valuesOf(loss)[0], paths: numbers.slice(0, 2), bits: numbers.slice(2) };
  });
}

test('forward is the first path alone; every active path and width gets a gradient', () => {
  const supernet = create('superkernel');
  const one = gates(supernet, [['k5e3'], ['k3e1']], [0, 1]);
  const two = gates(
    supernet,
    [
      ['k5e3', 'skip'],
      ['k3e1', 'k5e3'],
    ],
    [0, 1],
  );
  expect(two.loss).toBe(one.loss);
  expect(two.paths.map((gradient) => gradient?.length)).toEqual([2, 2]);
  // The sampled path's own gradient does not depend on who else is active.
  expect(two.paths.map((gradient) => gradient?.[0])).toEqual(one.paths.map((g) => g?.[0]));
  expect(two.bits.every((gradient) => gradient?.every((value) => value !== 0))).toBe(true);
});

test('a skipped layer learns nothing about its bits', () => {
  const { bits } = gates(create('superkernel'), [['skip', 'k5e3'], ['k3e1']], [1, 0]);
  expect(bits[0]).toBeNull();
  expect(bits[1]).toHaveLength(2);
});

test('architecture steps leave as many tensors as they found', () => {
  const supernet = create('superkernel');
  const run = () =>
    gates(
      supernet,
      [
        ['k5e3', 'k3e1g2'],
        ['k3e1', 'k5e3'],
      ],
      [0, 1],
    );
  run();
  const before = tensorCount();
  for (let i = 0; i < 3; i += 1) run();
  expect(tensorCount()).toBe(before);
});

test('disposing frees every tensor', () => {
  const before = tensorCount();
  const supernet = create('separate');
  logits(supernet, pathsOf('k3e1g2', 'k3e1', soft));
  supernet.dispose();
  expect(tensorCount()).toBe(before);
  expect(mbconvOf('skip')).toBeUndefined();
});
