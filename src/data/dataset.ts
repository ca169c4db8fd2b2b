// Labelled images as bytes: what a data set is to the rest of the toolkit.

import { InvalidConfigError } from '../util/errors.ts';

/** Images that stay on disk until they are asked for. */
export interface ImageReader {
  /** Bytes of one image, row by row, channels last. */
  read(index: number): Uint8Array;
  /** Starts to fetch what will be asked for soon; nobody needs to wait for it. */
  prefetch(indices: readonly number[]): Promise<void>;
}

/** Labelled images of one size. */
export interface ImageSet {
  /** One byte per value, image by image, row by row, channels last; empty where there is a reader. */
  readonly images: Uint8Array;
  readonly reader?: ImageReader;
  /** One class index per image. */
  readonly labels: Uint8Array | Uint16Array;
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
  labels: ImageSet['labels'],
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

/** Bytes of one image; the set's own, or read now. */
export function pixelsAt(set: ImageSet, index: number): Uint8Array {
  if (set.reader !== undefined) return set.reader.read(index);
  const size = set.rows * set.columns * set.channels;
  return set.images.subarray(index * size, (index + 1) * size);
}

/** Bytes of the images from `from` to before `to`, one after the other. */
export function pixelsOf(set: ImageSet, from: number, to: number): Uint8Array {
  const size = set.rows * set.columns * set.channels;
  const end = Math.min(to, set.count);
  if (set.reader === undefined) return set.images.subarray(from * size, end * size);
  const pixels = new Uint8Array(Math.max(0, end - from) * size);
  for (let i = from; i < end; i += 1) pixels.set(set.reader.read(i), (i - from) * size);
  return pixels;
}

/** The images from `start` to before `end`, sharing the bytes. */
export function sliceImages(set: ImageSet, start: number, end: number): ImageSet {
  const from = Math.max(0, start);
  const to = Math.max(from, Math.min(end, set.count));
  const labels = set.labels.subarray(from, to);
  const { reader, ...rest } = set;
  if (reader === undefined)
    return { ...rest, images: pixelsOf(set, from, to), labels, count: to - from };
  const shifted: ImageReader = {
    read: (index) => reader.read(from + index),
    prefetch: (indices) => reader.prefetch(indices.map((index) => from + index)),
  };
  return { ...rest, reader: shifted, labels, count: to - from };
}
