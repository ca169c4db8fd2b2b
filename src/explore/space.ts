// The accelerator space as data: every value a chunk may take. A proof of optimality is a proof within these lists.

import type { Residency } from './residency.ts';

/** Largest words of each buffer half that a tile may need; what is not used is not built. */
export interface BufferLevel {
  readonly input: number;
  readonly weights: number;
  readonly accumulators: number;
}

/** How all layers of a chunk are cut: of the tiles that fit its buffers the fastest, or those that take least energy. */
export const tilings = ['fastest', 'leanest'] as const;
export type Tiling = (typeof tilings)[number];

/**
 * Values of each coordinate. Layers are cut into their fastest tiles or, where energy counts, all of a chunk's into
 * their leanest. Combinations that the hardware cannot build are left out as they come up.
 */
export interface Space {
  /** Output rows in parallel (Pr). */
  readonly rows: readonly number[];
  /** Output channels in parallel (Pm). */
  readonly outputs: readonly number[];
  /** Input channels in parallel (Pn); depthwise chunks have 1. */
  readonly inputs: readonly number[];
  readonly requantizers: readonly number[];
  readonly accumulatorBuffers: readonly (1 | 2)[];
  readonly levels: readonly BufferLevel[];
  readonly residencies: readonly Residency[];
  /** A map is large from so many output rows. */
  readonly largeMapRows: number;
  /** Into how many parts a tile may cut each dimension of a layer. */
  readonly rowParts: readonly number[];
  readonly columnParts: readonly number[];
  readonly outputParts: readonly number[];
  readonly inputParts: readonly number[];
  /** Channels are cut into more than twelve or four parts only where a step keeps so many weights. */
  readonly leastStepWeights: number;
  /** Cuttings into more steps than this are left out. */
  readonly maxSteps: number;
  /** Where merging groups into chunks in every way gives more choices than this, groups are merged by rule first. */
  readonly maxPartitions: number;
}

/** Every combination of a few depths, small ones first; LUT memories end at 64 words, a block RAM's half at 256. */
const levels = [64, 512].flatMap((accumulators) =>
  [256, 1024].flatMap((input) =>
    [256, 1024].map((weights): BufferLevel => ({ input, weights, accumulators })),
  ),
);

/** Of a device's LUTs and flip-flops: those figures are fitted, and routing needs room. */
export const usableLogic = 0.9;

/** Everything is read from memory again for each image. */
export const streaming: Residency = { weights: false, maps: false };

/** The space that `explore` uses. */
export const defaultSpace: Space = {
  rows: [1, 2, 3, 4, 5, 7, 14],
  outputs: [4, 8, 12, 16, 24, 32, 48],
  inputs: [1, 2, 4, 8, 16],
  requantizers: [8, 4, 2, 1],
  accumulatorBuffers: [2, 1],
  levels: [...levels, { input: 4096, weights: 4096, accumulators: 4096 }],
  residencies: [
    streaming,
    { weights: true, maps: false },
    { weights: false, maps: true },
    { weights: true, maps: true },
  ],
  largeMapRows: 14,
  rowParts: [1, 2, 3, 4, 5, 6, 7, 11, 14, 28, 56, 112],
  columnParts: [1, 2, 4],
  outputParts: [1, 2, 3, 4, 6, 8, 12, 24, 48, 96],
  inputParts: [1, 2, 3, 4, 8, 16, 32, 64],
  leastStepWeights: 16_384,
  maxSteps: 4096,
  maxPartitions: 1500,
};
