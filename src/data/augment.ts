// Training images moved and mirrored at random (He et al., 2016): pad with zeros, cut, flip half of them.

import type { Rng } from '../util/rng.ts';
import type { ImageSet } from './dataset.ts';

/** What may happen to an image on its way into a batch. */
export interface Augmentation {
  /** Pixels it may move in each direction. */
  readonly shift: number;
  /** Whether half the images are mirrored left to right. */
  readonly flip: boolean;
}

/** Bytes of an image of the set's size, moved and mirrored; three draws an image, whatever is asked for. */
export function augmentImage(
  pixels: Uint8Array,
  { rows, columns, channels }: Pick<ImageSet, 'rows' | 'columns' | 'channels'>,
  { shift, flip }: Augmentation,
  rng: Rng,
): Uint8Array {
  const [down, right] = [rng.integer(-shift, shift), rng.integer(-shift, shift)];
  const mirrored = rng.next() < 0.5 && flip;
  const moved = new Uint8Array(pixels.length);
  for (let row = 0; row < rows; row += 1) {
    const sourceRow = row - down;
    if (sourceRow < 0 || sourceRow >= rows) continue;
    for (let column = 0; column < columns; column += 1) {
      const shifted = column - right;
      if (shifted < 0 || shifted >= columns) continue;
      const sourceColumn = mirrored ? columns - 1 - shifted : shifted;
      const from = (sourceRow * columns + sourceColumn) * channels;
      moved.set(pixels.subarray(from, from + channels), (row * columns + column) * channels);
    }
  }
  return moved;
}
