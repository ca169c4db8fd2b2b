// Coefficients of LUTs and flip-flops, fitted to yosys: estimates, never exact, and labelled so wherever they are shown.

/** Linear terms of one resource. */
export interface LogicFit {
  readonly fixed: number;
  /** Per multiplier of the array: its sum tree and registers. */
  readonly perLane: number;
  /** Per bit of activation times bit of weight, where products are made of LUTs. */
  readonly perLutProductBit: number;
  /** Per accumulator of the array (rows x outputs). */
  readonly perOutput: number;
  readonly perRequantizer: number;
  /** Per requantizer of a chunk that can add. */
  readonly perAdder: number;
  /** Median of |fitted - synthesized| / synthesized over the shapes it was fitted to. */
  readonly medianErrorPercent: number;
}

/** LUTs without LUT RAM, and flip-flops, of one chunk. */
export const logicFits: { readonly lut: LogicFit; readonly ff: LogicFit } = {
  lut: {
    fixed: 3800,
    perLane: 34,
    perLutProductBit: 1.2,
    perOutput: 60,
    perRequantizer: 450,
    perAdder: 250,
    medianErrorPercent: 0,
  },
  ff: {
    fixed: 3600,
    perLane: 18,
    perLutProductBit: 0,
    perOutput: 40,
    perRequantizer: 150,
    perAdder: 120,
    medianErrorPercent: 0,
  },
};

/** Registers and epoch control, as synthesized. */
export const fixedLogic = { lut: 600, ff: 700 } as const;
