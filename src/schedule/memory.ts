// The memory contract under which cycles are promised (docs/hardware.md 4).

/** One port's memory: in order, reads and writes independent of each other. */
export interface Memory {
  /** A read accepted in cycle t delivers its first beat in t + L + S at the earliest. L >= 1. */
  readonly readLatencyCycles: number;
  /** Cycles from one read or write beat to the next, S >= 1. */
  readonly beatCycles: number;
  /** Bursts a unit keeps outstanding, for reads and for writes; 1..16. */
  readonly outstandingBursts: number;
  /** Cycles from the last write beat to its response, Lw >= 1. */
  readonly writeLatencyCycles: number;
}

/** A lightly loaded DDR3 controller behind a Zynq HP port, in cycles of the fabric clock: a model, not a promise of the part. */
export const defaultMemory: Memory = {
  readLatencyCycles: 20,
  beatCycles: 1,
  outstandingBursts: 8,
  writeLatencyCycles: 10,
};

/** On-chip memory of a chunk (hw/rtl/nba_chip_memory.sv): the same contract, without a wait. */
export const chipMemory: Memory = {
  readLatencyCycles: 1,
  beatCycles: 1,
  outstandingBursts: 16,
  writeLatencyCycles: 1,
};

/** Largest number of outstanding bursts the masters' counters hold. */
export const MAX_OUTSTANDING_BURSTS = 16;
