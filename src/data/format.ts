// What a format of data sets on disk is; one file each in formats/.

import type { Dataset } from './dataset.ts';

/** Size that images are brought to where a format stores them in sizes of their own. */
export type ImageShape = readonly [rows: number, columns: number, channels: number];

/** A way to lay out images and labels on disk. */
export interface DatasetFormat {
  readonly summary: string;
  /** Where the layout is published. */
  readonly source: string;
  /** Whether a path looks like this format; reads no image. */
  recognizes(path: string): boolean;
  /**
   * Reads all of it.
   * @throws InvalidConfigError naming the file that is missing or not what its format says
   */
  load(path: string, shape: ImageShape): Dataset;
}
