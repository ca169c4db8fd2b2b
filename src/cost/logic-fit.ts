// Coefficients of LUTs and flip-flops, fitted to yosys: estimates, never exact, and labelled so wherever they are shown.

import type { Chunk, RequantizationForm } from '../accelerator/accelerator.ts';
import { dspOfArray } from '../accelerator/multipliers.ts';

/** Linear terms of one resource. */
export interface LogicFit {
  readonly fixed: number;
  /** Per multiplier and bit of its product: registers and the tree that adds products up. */
  readonly perProductBit: number;
  /** Per multiplier, bit of activation and bit of weight, where products are made of LUTs. */
  readonly perPartialProduct: number;
  /** Per lane of a depthwise array: it also compares, for maxima. */
  readonly perDepthwiseLane: number;
  /** Per activation bit and pair of rows: output rows rotate over the input's banks. */
  readonly perRotatedBit: number;
  /** Per bit that small memories are wide: their outputs have registers of their own. */
  readonly perLutRamBit: number;
  readonly perRequantizer: Readonly<Record<RequantizationForm, number>>;
  /** Per requantizer of a chunk that can add. */
  readonly perAdder: Readonly<Record<RequantizationForm, number>>;
  /** Median and largest |fitted - synthesized| / synthesized over the shapes it was fitted to. */
  readonly medianErrorPercent: number;
  readonly maxErrorPercent: number;
  /** The same over shapes the fit has not seen, up to 256 lanes, LUT RAM included. */
  readonly unseenMedianErrorPercent: number;
  readonly unseenMaxErrorPercent: number;
}

/**
 * LUTs without LUT RAM, and flip-flops, of one chunk: yosys 0.23, synth_xilinx -family xc7, 22 shapes up to 128
 * lanes; LUTs are held to 6 unseen chunks, flip-flops to 3. Products of LUTs and TensorFlow Lite's adds have changed
 * since: their two coefficients come from syntheses of those modules alone. The fit is lowest for large arrays that
 * pack two products into a DSP block.
 */
export const logicFits: { readonly lut: LogicFit; readonly ff: LogicFit } = {
  lut: {
    fixed: 4376,
    perProductBit: 0.18,
    perPartialProduct: 1.3,
    perDepthwiseLane: 44.5,
    perRotatedBit: 3.26,
    perLutRamBit: 0.37,
    perRequantizer: { 'half-up': 633, tflite: 938 },
    perAdder: { 'half-up': 461, tflite: 2680 },
    medianErrorPercent: 2.1,
    maxErrorPercent: 11.6,
    unseenMedianErrorPercent: 11.9,
    unseenMaxErrorPercent: 32.3,
  },
  ff: {
    fixed: 4081,
    perProductBit: 0.46,
    perPartialProduct: 0.79,
    perDepthwiseLane: 18.8,
    perRotatedBit: 0.06,
    perLutRamBit: 0.99,
    perRequantizer: { 'half-up': 42.7, tflite: 66.1 },
    perAdder: { 'half-up': 56.8, tflite: 56.2 },
    medianErrorPercent: 1.4,
    maxErrorPercent: 7.9,
    unseenMedianErrorPercent: 1.5,
    unseenMaxErrorPercent: 13.3,
  },
};

/** Registers and epoch control of four chunks, as synthesized. */
export const fixedLogic = { lut: 840, ff: 450 } as const;

/** What a fit says of a chunk whose small memories are so many bits wide together. */
export function fittedLogic(fit: LogicFit, chunk: Chunk, lutRamBits: number): number {
  const { rows, outputs, inputs, slotBits, weightBits, requantizers, hasAdd } = chunk;
  const { form = 'half-up' } = chunk;
  const lanes = rows * outputs * inputs;
  const isDepthwise = chunk.kind === 'depthwise';
  const activationLanes = isDepthwise ? outputs : inputs;
  const isLut = dspOfArray(chunk) === 0;
  return Math.round(
    fit.fixed +
      fit.perProductBit * lanes * (slotBits + weightBits) +
      fit.perPartialProduct * (isLut ? lanes * slotBits * weightBits : 0) +
      fit.perDepthwiseLane * (isDepthwise ? lanes : 0) +
      fit.perRotatedBit * rows * (rows - 1) * activationLanes * slotBits +
      fit.perLutRamBit * lutRamBits +
      fit.perRequantizer[form] * requantizers +
      fit.perAdder[form] * (hasAdd ? requantizers : 0),
  );
}
