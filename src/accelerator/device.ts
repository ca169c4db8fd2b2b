// What a device offers. A device is one file of data with its source.

/** Resources of an FPGA and the memory ports its fabric can own. */
export interface Device {
  readonly summary: string;
  /** Where the figures come from. */
  readonly source: string;
  readonly family: 'xc7' | 'xcup' | 'ecp5' | 'ice40';
  readonly dsp: number;
  /** 18 kbit block RAMs. */
  readonly bram18: number;
  readonly lut: number;
  readonly ff: number;
  /** Memory ports that do not share bandwidth in the stated contract. */
  readonly ports: number;
  readonly portBits: number;
  /** Clock the figures in frames per second assume. */
  readonly clockMegahertz: number;
}
