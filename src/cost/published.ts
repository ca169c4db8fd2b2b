// Figures that others printed of their designs, with how sure we are of them, beside what our formulas say.

/**
 * How a figure is known. A: recalled, and a closed form or a check sum gives it exactly. B: seen in the source that is
 * named. C: recalled and plausible. D: recalled only, never a test. M: measured by us with the code that was released.
 * Even A is no page that was read.
 */
export type Mark = 'A' | 'B' | 'C' | 'D' | 'M';

export const markMeanings: Readonly<Record<Mark, string>> = {
  A: 'recalled; a closed form or a check sum gives it',
  B: 'seen in the source that is named',
  C: 'recalled, plausible',
  D: 'recalled only, not tested',
  M: 'measured by us with the released code',
};

/** One figure. */
export interface PublishedPoint {
  readonly what: string;
  readonly unit: string;
  readonly published: number;
  readonly mark: Mark;
  readonly ours: number;
  /** Bounds of ours / published; outside of them something is wrong with one of the two. */
  readonly bounds: readonly [low: number, high: number];
  readonly note?: string;
}

/** The figures of one publication. */
export interface PublishedSet {
  readonly name: string;
  readonly summary: string;
  readonly source: string;
  /** Worked out when asked for: some of them are searched. */
  points(): readonly PublishedPoint[];
}

/** Bounds of a figure that must come out to the last digit. */
export const exactly: PublishedPoint['bounds'] = [1, 1];

/** Bounds of a figure that was rounded to a multiple of `unit`. */
export function roundedTo(unit: number, published: number): PublishedPoint['bounds'] {
  const half = (unit / 2 / published) * (1 + 1e-9);
  return [1 - half, 1 + half];
}

/** Ours by theirs. */
export const ratioOf = ({ ours, published }: PublishedPoint): number =>
  published === 0 ? (ours === 0 ? 1 : Number.POSITIVE_INFINITY) : ours / published;

/** True where ours lies within the bounds of the figure. */
export function agrees(point: PublishedPoint): boolean {
  const ratio = ratioOf(point);
  const [low, high] = point.bounds;
  return ratio >= low - 1e-12 && ratio <= high + 1e-12;
}
