// How far the K-path estimator of the block gradient is from the gradient of what is minimized, E_{i ~ p}[L(O_i)]:
//   full gradient  d/d alpha_i sum_j p_j L_j = p_i (L_i - sum_j p_j L_j),
//   estimator      sum_k <dL/dA at O_first, O_k> dGS_k/d alpha_i over the K largest of the perturbed logits.
// Its mean over many draws is compared: first where the loss is linear, then on a shared network.

import { expect, test } from 'vitest';
import { gumbelPaths } from '../../src/search/draws.ts';
import { loadBatch } from '../../src/supernet/batches.ts';
import { superkernel } from '../../src/supernet/encodings/index.ts';
import { softmax, softmaxGradient } from '../../src/supernet/sampling.ts';
import type { BlockName, SearchSpace } from '../../src/supernet/space.ts';
import { Supernet } from '../../src/supernet/supernet.ts';
import { crossEntropy, gradientsOf, tensorFrom, tidy, valuesOf } from '../../src/tensor/index.ts';
import { defined } from '../../src/util/errors.ts';
import { createRng } from '../../src/util/rng.ts';
import { loadFixtureImages } from '../support/fixture-images.ts';

const draws = 40_000;

/** What every path costs, and what the gates learn when `first` was sampled: <dL/dA at O_first, O_k>. */
interface Landscape {
  readonly losses: readonly number[];
  readonly slopes: readonly (readonly number[])[];
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

function fullGradient(logits: readonly number[], { losses }: Landscape): number[] {
  return softmaxGradient(softmax(logits), losses, 1);
}

/** Mean of the estimator, as `stepBySlopes` forms it. */
function estimated(
  logits: readonly number[],
  { slopes }: Landscape,
  paths: number,
  temperature: number,
): number[] {
  const rng = createRng(11);
  const draw = gumbelPaths(paths);
  const mean = logits.map(() => 0);
  for (let n = 0; n < draws; n += 1) {
    const { support, shares } = draw(logits, temperature, rng);
    const bySlope = support.map((index) => slopes[support[0] ?? 0]?.[index] ?? 0);
    softmaxGradient(shares, bySlope, temperature).forEach((value, k) => {
      const index = support[k] ?? 0;
      mean[index] = (mean[index] ?? 0) + value / draws;
    });
  }
  return mean;
}

/** Length of the estimator over the full gradient's, and the cosine between them. */
function compare(land: Landscape, paths: number, temperature: number) {
  const [full, mean] = [fullGradient(logits, land), estimated(logits, land, paths, temperature)];
  const [a, b] = [Math.sqrt(dot(full, full)), Math.sqrt(dot(mean, mean))];
  return { length: b / a, cosine: dot(full, mean) / a / b };
}

const logits = [0.4, 0, -0.3, 0.2];
const hot = 5;
const cold = 0.1;

test('a linear loss: no bias when cold, and only of length when hot', () => {
  const losses = [1.2, 0.3, 0.7, 2];
  const land = { losses, slopes: losses.map(() => losses) };
  for (const paths of [2, 3, 4]) {
    const [first, last] = [compare(land, paths, hot), compare(land, paths, cold)];
    expect(first.cosine).toBeGreaterThan(0.995);
    expect(last.cosine).toBeGreaterThan(0.9995);
    // 1 / T, and a share of it for the pairs that were not drawn: 0.13, 0.18, 0.20 at T = 5.
    expect(first.length * hot).toBeGreaterThan(0.6);
    expect(first.length * hot).toBeLessThan(1.05);
    // 0.93, 0.99, 1.00 at T = 0.1.
    expect(last.length).toBeGreaterThan(0.92);
    expect(last.length).toBeLessThan(1.02);
  }
  // One path shares with none: it learns nothing, which is why K is at least 2.
  expect(estimated(logits, land, 1, cold)).toEqual([0, 0, 0, 0]);
});

/** Losses and gate slopes of a network with one searched layer, every candidate sampled in turn. */
function landscapeOf(space: SearchSpace): Landscape {
  const supernet = new Supernet(space, superkernel, createRng(3));
  const names: readonly BlockName[] = supernet.layers[0]?.candidates ?? [];
  const set = loadFixtureImages();
  const indices = Array.from({ length: 64 }, (_, i) => i);
  const rows = names.map((first) =>
    tidy(() => {
      const blocks = [first, ...names.filter((name) => name !== first)];
      const gate = tensorFrom(Float32Array.of(1, 0, 0, 0), [blocks.length]);
      const { images, labels } = loadBatch(set, indices);
      const { loss, gradients } = gradientsOf(
        () => crossEntropy(supernet.forward(images, [{ blocks, gate }]), labels),
        [gate],
      );
      const slopes = valuesOf(defined(gradients[0], 'gate gradient'));
      return {
        loss: valuesOf(loss)[0] ?? Number.NaN,
        slopes: names.map((name) => slopes[blocks.indexOf(name)] ?? Number.NaN),
      };
    }),
  );
  supernet.dispose();
  return { losses: rows.map(({ loss }) => loss), slopes: rows.map(({ slopes }) => slopes) };
}

test('a shared network: two paths point where the full gradient does, more paths no better', () => {
  const land = landscapeOf({
    input: [28, 28, 1],
    classes: 10,
    stem: { channels: 4, kernel: 3, stride: 2 },
    layers: [{ channels: 4, stride: 1 }],
    headChannels: 8,
    candidates: ['k3e1', 'k3e3', 'k5e6', 'skip'],
    bits: [8],
  });
  // The slope at one path is no loss of another: cosines 0.988 and 0.990 for K = 2, 0.948 and 0.988 for all paths.
  for (const temperature of [hot, cold]) {
    const [two, all] = [compare(land, 2, temperature), compare(land, 4, temperature)];
    expect(two.cosine).toBeGreaterThan(0.98);
    expect(all.cosine).toBeGreaterThan(0.93);
    expect(two.cosine).toBeGreaterThan(all.cosine);
  }
});
