// A data set's bytes, cut into batches of tensors.

import { type Augmentation, augmentImage } from '../data/augment.ts';
import { type ImageSet, pixelsAt } from '../data/dataset.ts';
import { type Tensor, tensorFrom } from '../tensor/index.ts';
import type { Rng } from '../util/rng.ts';

/** A batch on its way through a network; images in 0..1, which is the input tensor's scale of 1/255. */
export interface Batch {
  readonly images: Tensor;
  readonly labels: Tensor;
}

/** Batches of the given size in random order; the remainder is left out. */
export function shuffledBatches(indices: readonly number[], size: number, rng: Rng): number[][] {
  const order = rng.shuffle(indices);
  const count = Math.floor(order.length / size);
  return Array.from({ length: count }, (_, i) => order.slice(i * size, (i + 1) * size));
}

/** Whole numbers from `from` up to but without `to`. */
export function indexRange(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}

/** How images are changed on their way in, and by which chance. */
export interface Augmenting {
  readonly augmentation: Augmentation;
  readonly rng: Rng;
}

/** Tensors of the images at `indices`. The caller frees them, or is in a tidy. */
export function loadBatch(
  set: ImageSet,
  indices: readonly number[],
  augmenting?: Augmenting,
): Batch {
  const { rows, columns, channels } = set;
  const size = rows * columns * channels;
  const pixels = new Float32Array(indices.length * size);
  const labels = new Int32Array(indices.length);
  indices.forEach((index, i) => {
    labels[i] = set.labels[index] ?? 0;
    const own = pixelsAt(set, index);
    const bytes =
      augmenting === undefined
        ? own
        : augmentImage(own, set, augmenting.augmentation, augmenting.rng);
    for (let p = 0; p < size; p += 1) pixels[i * size + p] = (bytes[p] ?? 0) / 255;
  });
  return {
    images: tensorFrom(pixels, [indices.length, rows, columns, channels]),
    labels: tensorFrom(labels, [indices.length]),
  };
}

/** The augmenting of a part of a training, where there is one; its chance is a stream of its own. */
export function augmentingOf(
  augmentation: Augmentation | undefined,
  rng: Rng,
): Augmenting | undefined {
  return augmentation && { augmentation, rng: rng.fork('augmentation') };
}
