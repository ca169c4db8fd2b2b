// What reads and stores cost by their beats alone, and when that is all that matters.

import { MAX_BURST_BEATS, PAGE_BYTES } from '../schedule/bursts.ts';
import { chipMemory, type Memory } from '../schedule/memory.ts';
import { HANDSHAKE_CYCLES, READ_ISSUE_CYCLES, READ_WRITE_CYCLES } from '../schedule/timing.ts';

/** What the runs of beats of some commands have in common; reused, so that asking makes no objects. */
export class RunBounds {
  /** Runs of one command, at most. */
  count = 0;
  /** Beats of one run. */
  least = 0;
  most = 0;
  /** Beats from the start of one run to that of the next, at most. */
  stride = 0;

  /** One run of so many beats. */
  setLinear(most: number): void {
    this.count = 1;
    this.least = 0;
    this.most = most;
    this.stride = 0;
  }

  /** Rectangles of so many blocks out of maps of height x width: rows and planes merge where they touch. */
  setRectangle(
    blocks: number,
    leastRows: number,
    mostRows: number,
    height: number,
    leastColumns: number,
    mostColumns: number,
    width: number,
  ): void {
    if (leastColumns < width) {
      this.count = blocks * mostRows;
      this.least = leastColumns;
      this.most = mostColumns;
    } else {
      const isWhole = leastRows === height;
      this.count = isWhole ? 1 : blocks;
      this.least = leastRows * width;
      this.most = mostRows * width * (isWhole ? blocks : 1);
    }
    this.stride = blocks > 1 ? height * width : width;
  }
}

/** From so many outstanding bursts on, any run's bursts hold enough beats to hide half a longest burst. */
const LEAST_OUTSTANDING = 5;

/** A memory with what every command behind it costs. */
export class PreparedMemory {
  readonly memory: Memory;
  /** A plain read takes `readFixed + beatCycles * beats` cycles, handshake included. */
  readonly readFixed: number;
  readonly beatCycles: number;
  /** Whether reads of one run each are plain however long they are. */
  readonly readsLinesPlainly: boolean;
  /** From a beat's leaving to its response. */
  readonly responseCycles: number;
  /** Beats whose reading takes as long as the latency, and one more. */
  readonly #hiddenBeats: number;
  readonly #outstanding: number;
  readonly #pageBeats: number;

  constructor(memory: Memory, busBits: 32 | 64) {
    const { readLatencyCycles, beatCycles, outstandingBursts, writeLatencyCycles } = memory;
    this.memory = memory;
    this.readFixed = HANDSHAKE_CYCLES + READ_ISSUE_CYCLES + readLatencyCycles + READ_WRITE_CYCLES;
    this.beatCycles = beatCycles;
    this.responseCycles = beatCycles + writeLatencyCycles;
    this.#hiddenBeats = Math.floor(readLatencyCycles / beatCycles) + 1;
    this.#outstanding = outstandingBursts;
    this.readsLinesPlainly =
      outstandingBursts >= LEAST_OUTSTANDING && this.#hiddenBeats <= MAX_BURST_BEATS / 2;
    this.#pageBeats = (PAGE_BYTES * 8) / busBits;
  }

  /**
   * Whether `outstanding - 1` bursts in a row always hold so many beats, or no command has as many bursts: then none
   * waits for an earlier one. Runs of up to 256 beats have one burst, or two around a page's end; of longer ones, any
   * four bursts in a row hold one of at least 128 beats.
   */
  #holds(runs: RunBounds, beats: number): boolean {
    const outstanding = this.#outstanding;
    if (outstanding >= LEAST_OUTSTANDING && beats <= MAX_BURST_BEATS / 2) {
      if (runs.count === 1) return true;
      if (runs.least * ((outstanding - 2) >> 1) >= beats) return true;
      const isSplitOnce = (outstanding - 2) * runs.stride + runs.most <= this.#pageBeats;
      if (isSplitOnce && runs.least * (outstanding - 2) >= beats) return true;
    }
    return runs.count * (Math.ceil(runs.most / MAX_BURST_BEATS) + 1) <= outstanding;
  }

  /** Whether reads over such runs depend on nothing but their beats. */
  readsPlainly(runs: RunBounds): boolean {
    return this.#holds(runs, this.#hiddenBeats);
  }

  /** The same of stores whose beats leave every `period` cycles. */
  storesPlainly(runs: RunBounds, period: number): boolean {
    return this.#holds(runs, (this.responseCycles / period) | 0);
  }
}

/** The memory behind a port and that on the chip, for one width of bus. */
export class Memories {
  readonly busBits: 32 | 64;
  readonly port: PreparedMemory;
  readonly chip: PreparedMemory;

  constructor(memory: Memory, busBits: 32 | 64) {
    this.busBits = busBits;
    this.port = new PreparedMemory(memory, busBits);
    this.chip = new PreparedMemory(chipMemory, busBits);
  }

  /** The memory where something lies. @param chip bits of what lies on the chip, `bit` among them or not */
  at(chip: number, bit: number): PreparedMemory {
    return (chip & bit) === 0 ? this.port : this.chip;
  }
}
