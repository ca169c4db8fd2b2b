// Coefficients of LUTs and flip-flops, fitted to yosys: estimates, never exact, and labelled so wherever they are shown.

import type { Chunk } from '../accelerator/accelerator.ts';

/** Linear terms of one resource. */
export interface LogicFit {
  readonly fixed: number;
  /** Per multiplier and bit of its product: registers and the tree that adds products up. */
  readonly perProductBit: number;
  /** Per multiplier, bit of activation and bit of weight, where products are made of LUTs. */
  readonly perPartialProduct: number;
  /** Per accumulator of the array (rows x outputs). */
  readonly perAccumulator: number;
  /** Per activation bit and pair of rows: output rows rotate over the input's banks. */
  readonly perRotatedBit: number;
  readonly perRequantizer: number;
  /** Per requantizer of a chunk that can add. */
  readonly perAdder: number;
  /** Median of |fitted - synthesized| / synthesized over the shapes it was fitted to. */
  readonly medianErrorPercent: number;
}

/** LUTs without LUT RAM, and flip-flops, of one chunk: yosys 0.23, synth_xilinx -family xc7. */
export const logicFits: { readonly lut: LogicFit; readonly ff: LogicFit } = {
  lut: {
    fixed: 3850,
    perProductBit: 0.52,
    perPartialProduct: 4.94,
    perAccumulator: 39.2,
    perRotatedBit: 2.97,
    perRequantizer: 532,
    perAdder: 537,
    medianErrorPercent: 2.1,
  },
  ff: {
    fixed: 4160,
    perProductBit: 0.64,
    perPartialProduct: 0.78,
    perAccumulator: 0,
    perRotatedBit: 0.02,
    perRequantizer: 33.8,
    perAdder: 38.3,
    medianErrorPercent: 2.5,
  },
};

/** Registers and epoch control of four chunks, as synthesized. */
export const fixedLogic = { lut: 840, ff: 450 } as const;

/** What a fit says of a chunk. */
export function fittedLogic(fit: LogicFit, chunk: Chunk): number {
  const { rows, outputs, inputs, slotBits, weightBits, requantizers, hasAdd } = chunk;
  const lanes = rows * outputs * inputs;
  const activationLanes = chunk.kind === 'depthwise' ? outputs : inputs;
  const isLut = chunk.multiplier === 'lut';
  return Math.round(
    fit.fixed +
      fit.perProductBit * lanes * (slotBits + weightBits) +
      fit.perPartialProduct * (isLut ? lanes * slotBits * weightBits : 0) +
      fit.perAccumulator * rows * outputs +
      fit.perRotatedBit * rows * (rows - 1) * activationLanes * slotBits +
      fit.perRequantizer * requantizers +
      fit.perAdder * (hasAdd ? requantizers : 0),
  );
}
