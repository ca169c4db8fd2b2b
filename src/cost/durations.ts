// Durations of read and store commands without making lists of bursts: equal to src/schedule/timing.ts on every rectangle.

import { MAX_BURST_BEATS, PAGE_BYTES, type Runs } from '../schedule/bursts.ts';
import { rectangle } from '../schedule/commands.ts';
import { MAX_OUTSTANDING_BURSTS, type Memory } from '../schedule/memory.ts';
import { READ_ISSUE_CYCLES, READ_WRITE_CYCLES } from '../schedule/timing.ts';
import type { LayerCut } from './layer-cut.ts';
import { chipBits } from './layer-numbers.ts';

/** Ends of the bursts still outstanding; reused, since nothing here is re-entrant. */
const outstanding = new Float64Array(MAX_OUTSTANDING_BURSTS);

/** Cycles of a read command over these runs. */
export function runsReadCycles(runs: Runs, busBits: number, memory: Memory): number {
  const pageBeats = (PAGE_BYTES * 8) / busBits;
  const { readLatencyCycles, beatCycles, outstandingBursts } = memory;
  let burst = 0;
  let slot = 0;
  let accepted = 0;
  let last = 0;
  for (let outer = 0; outer < runs.outer; outer++)
    for (let inner = 0; inner < runs.inner; inner++) {
      let address = runs.address + outer * runs.outerStride + inner * runs.innerStride;
      let left = runs.length;
      while (left > 0) {
        const room = runs.step > 1 ? 1 : pageBeats - (address & (pageBeats - 1));
        const beats = Math.min(left, MAX_BURST_BEATS, room);
        accepted = burst === 0 ? READ_ISSUE_CYCLES : accepted + 1;
        if (burst >= outstandingBursts) accepted = Math.max(accepted, (outstanding[slot] ?? 0) + 1);
        last = Math.max(accepted + readLatencyCycles, last) + beatCycles * beats;
        outstanding[slot] = last;
        burst++;
        slot = slot + 1 === outstandingBursts ? 0 : slot + 1;
        address += beats * runs.step;
        left -= beats;
      }
    }
  return last + READ_WRITE_CYCLES;
}

/**
 * Cycles of a store command over these runs. Once a burst's address is out, its beats leave at the slower of the
 * requantizers' and the memory's rate, so only a burst's first beat needs the full recursion.
 */
export function runsStoreCycles(
  runs: Runs,
  busBits: number,
  piecesPerBeat: number,
  pipelineCycles: number,
  memory: Memory,
): number {
  const pageBeats = (PAGE_BYTES * 8) / busBits;
  const { writeLatencyCycles, beatCycles, outstandingBursts } = memory;
  const period = Math.max(piecesPerBeat, beatCycles);
  let burst = 0;
  let slot = 0;
  let accepted = 0;
  let ready = piecesPerBeat + pipelineCycles;
  let written = 0;
  let response = 0;
  for (let outer = 0; outer < runs.outer; outer++)
    for (let inner = 0; inner < runs.inner; inner++) {
      let address = runs.address + outer * runs.outerStride + inner * runs.innerStride;
      let left = runs.length;
      while (left > 0) {
        const beats = Math.min(left, MAX_BURST_BEATS, pageBeats - (address & (pageBeats - 1)));
        accepted = burst === 0 ? 1 : accepted + 1;
        if (burst >= outstandingBursts) accepted = Math.max(accepted, (outstanding[slot] ?? 0) + 1);
        let registered = Math.max(ready, written);
        written = Math.max(registered, accepted) + beatCycles;
        if (beats > 1) {
          const second = Math.max(registered + piecesPerBeat, written);
          registered = second + (beats - 2) * period;
          written = registered + beatCycles;
        }
        ready = registered + piecesPerBeat;
        response = written + writeLatencyCycles;
        outstanding[slot] = response;
        burst++;
        slot = slot + 1 === outstandingBursts ? 0 : slot + 1;
        address += beats;
        left -= beats;
      }
    }
  return response;
}

/** Cycles of a read command over `beats` contiguous beats. */
export function linearReadCycles(
  start: number,
  beats: number,
  busBits: number,
  memory: Memory,
): number {
  const pageBeats = (PAGE_BYTES * 8) / busBits;
  const { readLatencyCycles, beatCycles, outstandingBursts } = memory;
  let burst = 0;
  let slot = 0;
  let accepted = 0;
  let last = 0;
  let address = start % pageBeats;
  let left = beats;
  while (left > 0) {
    const length = Math.min(left, MAX_BURST_BEATS, pageBeats - address);
    accepted = burst === 0 ? READ_ISSUE_CYCLES : accepted + 1;
    if (burst >= outstandingBursts) accepted = Math.max(accepted, (outstanding[slot] ?? 0) + 1);
    last = Math.max(accepted + readLatencyCycles, last) + beatCycles * length;
    outstanding[slot] = last;
    burst++;
    slot = slot + 1 === outstandingBursts ? 0 : slot + 1;
    address = (address + length) % pageBeats;
    left -= length;
  }
  return last + READ_WRITE_CYCLES;
}

/** The run of a tile of a map of `height` x `width`, which lies in memory as said. */
function runsOf(
  [row, rows, height]: readonly [number, number, number],
  [column, columns, width]: readonly [number, number, number],
  firstBlock: number,
  blocks: number,
  map: { readonly rowBeats: number; readonly columnBeats: number; readonly planeBeats: number },
): Runs {
  const { rowBeats, columnBeats, planeBeats } = map;
  return rectangle(
    { address: row * rowBeats, rows, merged: rows * rowBeats, full: rows === height },
    { address: column * columnBeats, columns, full: columns === width && rowBeats === width },
    { address: firstBlock * planeBeats, blocks, planes: blocks * planeBeats },
    map,
  );
}

/** How long each command of a cut layer takes, wherever its beats lie. */
export class CommandTimes {
  readonly #cut: LayerCut;
  readonly #busBits: number;

  constructor(cut: LayerCut) {
    this.#cut = cut;
    this.#busBits = cut.memories.busBits;
  }

  #memory(kind: keyof typeof chipBits): Memory {
    const { memories, chip } = this.#cut;
    return memories.at(chip, chipBits[kind]).memory;
  }

  /** Reads so many blocks of an input tile, from a channel on. */
  inputRead(r: number, c: number, channel: number, blocks: number): number {
    const { rows, columns, inputShift } = this.#cut;
    const runs = runsOf(
      [rows.low(r), rows.inputs(r), rows.limit],
      [columns.low(c), columns.inputs(c), columns.limit],
      channel / (1 << inputShift),
      blocks,
      this.#cut,
    );
    return runsReadCycles(runs, this.#busBits, this.#memory('input'));
  }

  weightRead(address: number, beats: number): number {
    return linearReadCycles(address, beats, this.#busBits, this.#memory('weights'));
  }

  parameterRead(address: number, beats: number): number {
    return linearReadCycles(address, beats, this.#busBits, this.#memory('parameters'));
  }

  /** Reads the second operand of an output tile. */
  operandRead(r: number, c: number, o: number, blocks: number): number {
    const runs = this.#outputRuns(r, c, o, this.#cut.operandShift, blocks);
    return runsReadCycles(runs, this.#busBits, this.#memory('operand'));
  }

  /** Stores an output tile. */
  store(r: number, c: number, o: number, blocks: number): number {
    const { piecesPerBeat, pipelineCycles, outputShift } = this.#cut;
    const runs = this.#outputRuns(r, c, o, outputShift, blocks);
    const memory = this.#memory('output');
    return runsStoreCycles(runs, this.#busBits, piecesPerBeat, pipelineCycles, memory);
  }

  #outputRuns(r: number, c: number, o: number, shift: number, blocks: number): Runs {
    const { rows, columns } = this.#cut;
    return runsOf(
      [rows.start(r), rows.outputs(r), rows.size],
      [columns.start(c), columns.outputs(c), columns.size],
      this.#cut.outputStart(o) / (1 << shift),
      blocks,
      { rowBeats: columns.size, columnBeats: 1, planeBeats: rows.size * columns.size },
    );
  }
}
