// The longest path through a layer's commands, command by command: for layers whose bursts wait for each other, or that
// take longer than plain-walk.ts can count.

import { HANDSHAKE_CYCLES } from '../schedule/timing.ts';
import { CommandTimes } from './durations.ts';
import {
  type LayerCut,
  RUN_COUNT,
  RUN_FIELDS,
  RUN_INPUT_BLOCKS,
  RUN_LAST_INPUT_BLOCKS,
  RUN_LAST_WEIGHT_BEATS,
  RUN_LAST_WORDS,
  RUN_LOW,
  RUN_OPERAND_BLOCKS,
  RUN_OUTPUT_BLOCKS,
  RUN_PARAMETER_BEATS,
  RUN_READS_FIRST,
  RUN_SIZE,
  RUN_STEPS,
  RUN_WEIGHT_BEATS,
  RUN_WORDS,
} from './layer-cut.ts';
import type { LayerSums } from './layer-sums.ts';
import { isPlainCut } from './plain-cut.ts';
import { walkPlainly } from './plain-walk.ts';

/** What plain-walk.ts counts to. */
const COUNTABLE = 2 ** 30;

/** Cycles of a layer whose sums are known: the longest path through its commands. */
export function cyclesOfCut(
  cut: LayerCut,
  { readCycles, arrayCycles, storeCycles }: LayerSums,
): number {
  const isCountable = readCycles + arrayCycles + storeCycles < COUNTABLE;
  return isCountable && isPlainCut(cut) ? walkPlainly(cut) : walkEach(cut);
}

/** Cycles of any layer. */
export function walkEach(cut: LayerCut): number {
  const { rows, columns, runs, outputTiles, isOverlapped, hasTwoSums } = cut;
  const times = new CommandTimes(cut);
  const isSingleStep = cut.steps === 1;
  let readEnd = -1;
  let arrayEnd = -1;
  let arrayEnd2 = -1;
  let storeEnd = -1;
  let storeEnd2 = -1;
  let input1 = -1;
  let input2 = -1;
  for (let r = 0; r < rows.tiles; r++)
    for (let c = 0; c < columns.tiles; c++) {
      const pixels = Math.ceil(rows.outputs(r) / cut.arrayRows) * columns.outputs(c);
      let weightAddress = 0;
      let parameterAddress = 0;
      let o = 0;
      for (let at = 0; at < cut.runCount * RUN_FIELDS; at += RUN_FIELDS) {
        const field = (place: number) => runs[at + place] ?? 0;
        const steps = field(RUN_STEPS);
        for (let left = field(RUN_COUNT) - 1; left >= 0; left--) {
          let recordsEnd = -1;
          for (let i = 0; i < steps; i++) {
            const isFirst = r === 0 && c === 0 && o === 0 && i === 0;
            const isLast = i === steps - 1;
            if (i > 0 || field(RUN_READS_FIRST) === 1) {
              const blocks = field(isLast ? RUN_LAST_INPUT_BLOCKS : RUN_INPUT_BLOCKS);
              const low = cut.isDepthwise ? cut.outputStart(o) : field(RUN_LOW);
              const cycles = times.inputRead(r, c, low + i * field(RUN_SIZE), blocks);
              readEnd = Math.max(readEnd, input2) + HANDSHAKE_CYCLES + cycles;
            }
            if (!isSingleStep || isFirst) {
              const beats = field(isLast ? RUN_LAST_WEIGHT_BEATS : RUN_WEIGHT_BEATS);
              const cycles = times.weightRead(weightAddress, beats);
              weightAddress += beats;
              const free = isOverlapped ? arrayEnd2 : arrayEnd;
              readEnd = Math.max(readEnd, free) + HANDSHAKE_CYCLES + cycles;
            }
            let wait = readEnd;
            const free = isOverlapped ? storeEnd2 : storeEnd;
            if (i === 0) {
              if (outputTiles > 1 || isFirst) {
                const beats = field(RUN_PARAMETER_BEATS);
                const cycles = times.parameterRead(parameterAddress, beats);
                parameterAddress += beats;
                readEnd = Math.max(readEnd, free) + HANDSHAKE_CYCLES + cycles;
                recordsEnd = readEnd;
              }
              wait = Math.max(wait, hasTwoSums ? storeEnd2 : storeEnd);
            }
            if (isLast && cut.hasAdd) {
              const cycles = times.operandRead(r, c, o, field(RUN_OPERAND_BLOCKS));
              readEnd = Math.max(readEnd, free) + HANDSHAKE_CYCLES + cycles;
              recordsEnd = readEnd;
            }
            const words = pixels * field(isLast ? RUN_LAST_WORDS : RUN_WORDS);
            arrayEnd2 = arrayEnd;
            arrayEnd = Math.max(arrayEnd, wait) + HANDSHAKE_CYCLES + words + cut.drainCycles;
            if (!isLast || readsNext(cut, at, left)) {
              input2 = input1;
              input1 = arrayEnd;
            }
            if (!isLast) continue;
            storeEnd2 = storeEnd;
            storeEnd =
              Math.max(storeEnd, arrayEnd, recordsEnd) +
              HANDSHAKE_CYCLES +
              times.store(r, c, o, field(RUN_OUTPUT_BLOCKS));
          }
          o++;
        }
      }
    }
  return Math.max(readEnd, arrayEnd, storeEnd) + 1;
}

/** Whether the next output tile reads its first input tile anew; the last tile of a map lets its input go anyway. */
function readsNext({ runs, runCount }: LayerCut, at: number, left: number): boolean {
  if (left > 0) return runs[at + RUN_READS_FIRST] === 1;
  const next = at + RUN_FIELDS;
  return next === runCount * RUN_FIELDS || runs[next + RUN_READS_FIRST] === 1;
}
