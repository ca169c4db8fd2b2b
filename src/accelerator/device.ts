// What a device offers. A device is one file of data with its source.

/** What a chip has instead of cells that are there already: area, and the area of what is put on it. */
export interface Silicon {
  readonly areaMillimetres2: number;
  /** One 8-bit multiply-accumulate. */
  readonly multiplierMillimetres2: number;
  /** One memory of 18 kbit. */
  readonly memory18Millimetres2: number;
  /** Budget for one image, processor and memory beside the chip left out. */
  readonly energyMillijoules: number;
}

/** Resources of an FPGA and the memory ports its fabric can own; on a chip, how many cells its area holds. */
export interface Device {
  /** What users type, where the export in kebab-case would read badly. */
  readonly name?: string;
  readonly summary: string;
  /** Where the figures come from. */
  readonly source: string;
  /** The vendor's order code, package and speed grade included; none of a chip of our own. */
  readonly part?: string;
  readonly family: 'xc7' | 'xcup' | 'ecp5' | 'ice40' | 'asic';
  /** Multipliers; what is smaller than a DSP48E1 (ECP5 18x18, iCE40 16x16) counts as one. */
  readonly dsp: number;
  /** 18 kbit block RAMs. */
  readonly bram18: number;
  readonly lut: number;
  readonly ff: number;
  /**
   * Memory ports that do not share bandwidth in the stated contract: the hard ports of a Zynq; elsewhere at most one
   * per memory channel, or as many as the peak bandwidth of the channel's memory surely feeds.
   */
  readonly ports: number;
  readonly portBits: number;
  /** Clock the figures in frames per second assume; nothing here proves that a design meets it. */
  readonly clockMegahertz: number;
  /** Only of the family `asic`. */
  readonly silicon?: Silicon;
}
