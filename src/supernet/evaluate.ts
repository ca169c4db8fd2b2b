// Accuracy of a trained network in floating point, with or without its quantizers.

import type { ImageSet } from '../data/dataset.ts';
import { countCorrect, predictions, tidy } from '../tensor/index.ts';
import type { Affines } from './affine.ts';
import { indexRange, loadBatch } from './batches.ts';
import type { TrainableNetwork } from './trainable-network.ts';

/** Images put through at once; large, for there is nothing to keep for a backward pass. */
const evaluationBatch = 250;

/** Class of each of the images at `indices`; by the integer network's own levels if `quantize`. */
export function classifyFloat(
  trainable: TrainableNetwork,
  set: ImageSet,
  indices: readonly number[],
  affines: Affines,
  quantize: boolean,
): Int32Array {
  const classes = new Int32Array(indices.length);
  for (let from = 0; from < indices.length; from += evaluationBatch) {
    const part = indices.slice(from, from + evaluationBatch);
    const found = tidy(() => {
      const { images } = loadBatch(set, part);
      const options = { quantize, quantizeLogits: quantize, affines };
      return predictions(trainable.forward(images, options));
    });
    classes.set(found, from);
  }
  return classes;
}

/** Share of a whole set classified rightly, 0..1. */
export function accuracyOf(classes: ArrayLike<number>, set: ImageSet): number {
  return countCorrect(classes, set.labels) / set.labels.length;
}

/** Indices of a whole set. */
export function wholeSet(set: ImageSet): number[] {
  return indexRange(0, set.labels.length);
}
