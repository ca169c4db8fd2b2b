// images.json of a run: a few test images with labels and the integer network's answers.

import { z } from 'zod';
import type { ImageSet } from '../data/dataset.ts';
import type { Pictures } from './report-data.ts';
import { readOptional } from './run-files.ts';

/** Images in the file; the page shows as many. */
const KEPT = 16;
const side = z.number().int().min(1).max(4096);
const index = z.number().int().min(0).max(255);

const picturesSchema = z
  .object({
    format: z.literal('autonba-images'),
    classes: z.array(z.string()),
    rows: side,
    columns: side,
    channels: z.number().int().min(1).max(64),
    images: z.array(z.object({ label: index, predicted: index, pixels: z.base64() })).max(1000),
  })
  .refine(
    ({ rows, columns, channels, images }) =>
      images.every(
        ({ pixels }) => Buffer.from(pixels, 'base64').length === rows * columns * channels,
      ),
    'an image has another size than the file says',
  );

/**
 * What to write to images.json.
 * @param predictions class of each image by the integer network, at least as many as are kept
 */
export function picturesDocument(
  set: ImageSet,
  classes: readonly string[],
  predictions: ArrayLike<number>,
): unknown {
  const { rows, columns, channels, images, labels, count } = set;
  const bytes = rows * columns * channels;
  const kept = Math.min(KEPT, count, predictions.length);
  return {
    format: 'autonba-images',
    classes,
    rows,
    columns,
    channels,
    images: Array.from({ length: kept }, (_, image) => ({
      label: labels[image] ?? 0,
      predicted: predictions[image] ?? 0,
      pixels: Buffer.from(images.subarray(image * bytes, (image + 1) * bytes)).toString('base64'),
    })),
  };
}

/** The images of a run, or undefined where it kept none. */
export function readPictures(path: string): Pictures | undefined {
  const document = readOptional(path, picturesSchema);
  if (document === undefined) return undefined;
  return {
    ...document,
    images: document.images.map((image) => ({
      ...image,
      pixels: new Uint8Array(Buffer.from(image.pixels, 'base64')),
    })),
  };
}
