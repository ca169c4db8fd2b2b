// Smaller pictures out of larger ones.

import { InvalidConfigError } from '../util/errors.ts';
import type { Dataset, ImageSet } from './dataset.ts';

/** Every image as the means of its `factor` x `factor` squares, rounded to the nearest byte. */
export function shrinkImages(set: ImageSet, factor: number): ImageSet {
  const { count, rows, columns, channels } = set;
  if (rows % factor !== 0 || columns % factor !== 0)
    throw new InvalidConfigError(
      `images of ${rows} x ${columns} cannot be cut into squares of ${factor} x ${factor}`,
      'give a factor that divides both sides',
    );
  const [height, width] = [rows / factor, columns / factor];
  const images = new Uint8Array(count * height * width * channels);
  let index = 0;
  for (let image = 0; image < count; image += 1)
    for (let row = 0; row < height; row += 1)
      for (let column = 0; column < width; column += 1)
        for (let channel = 0; channel < channels; channel += 1) {
          let sum = 0;
          for (let y = row * factor; y < (row + 1) * factor; y += 1)
            for (let x = column * factor; x < (column + 1) * factor; x += 1)
              sum += set.images[((image * rows + y) * columns + x) * channels + channel] ?? 0;
          images[index] = Math.round(sum / factor ** 2);
          index += 1;
        }
  return { images, labels: set.labels, count, rows: height, columns: width, channels };
}

/** Both parts of a data set, shrunk. */
export function shrinkDataset(dataset: Dataset, factor: number, name: string): Dataset {
  const { train, test } = dataset;
  return {
    ...dataset,
    name,
    train: shrinkImages(train, factor),
    test: shrinkImages(test, factor),
  };
}
