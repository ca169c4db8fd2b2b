// Labelled images as bytes: what a data set is to the rest of the toolkit.

import { InvalidConfigError } from '../util/errors.ts';

/** Labelled images of one size. */
export interface ImageSet {
  /** One byte per value, image by image, row by row, channels last. */
  readonly images: Uint8Array;
  /** One class index per image. */
  readonly labels: Uint8Array;
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
}

/** Images to learn from and images to be judged by. */
export interface Dataset {
  readonly name: string;
  /** Class names in the order of their indices. */
  readonly classes: readonly string[];
  readonly train: ImageSet;
  readonly test: ImageSet;
}

/** One entry of the registry `datasets/index.ts`: known without reading any image. */
export interface DatasetSource {
  readonly name: string;
  readonly summary: string;
  readonly classes: readonly string[];
  /** Reads and checks the files; set-up must have fetched them. */
  load(): Dataset;
}

/** Joins images and labels, and refuses sets that contradict themselves. */
export function createImageSet(
  images: Pick<ImageSet, 'images' | 'count' | 'rows' | 'columns' | 'channels'>,
  labels: Uint8Array,
  classes: readonly string[],
  name: string,
): ImageSet {
  if (labels.length !== images.count) {
    throw new InvalidConfigError(
      `${name}: ${images.count} images have ${labels.length} labels`,
      'give one label per image; the two files may belong to different sets',
    );
  }
  const wrong = labels.findIndex((label) => label >= classes.length);
  if (wrong >= 0) {
    throw new InvalidConfigError(
      `${name}: image ${wrong} has label ${labels[wrong]}, but there are ${classes.length} classes`,
      'check that the labels belong to this data set',
    );
  }
  return { ...images, labels };
}

/** The images from `start` to before `end`, sharing the bytes. */
export function sliceImages(set: ImageSet, start: number, end: number): ImageSet {
  const from = Math.max(0, start);
  const to = Math.max(from, Math.min(end, set.count));
  const bytesPerImage = set.rows * set.columns * set.channels;
  return {
    ...set,
    images: set.images.subarray(from * bytesPerImage, to * bytesPerImage),
    labels: set.labels.subarray(from, to),
    count: to - from,
  };
}
