// What an accelerator takes of an FPGA. DSP and block RAM are counted by construction, LUT and FF are fitted.

import type { Accelerator, Chunk } from '../accelerator/accelerator.ts';
import type { Device } from '../accelerator/device.ts';
import { dspOfArray } from '../accelerator/multipliers.ts';
import { defined } from '../util/errors.ts';
import { fittedLogic, fixedLogic, logicFits } from './logic-fit.ts';
import {
  bram18Of,
  bram18OfMemories,
  LUT_RAM_DEPTH,
  listMemories,
  lutRamOf,
  MEMORY_COUNT,
  MEMORY_DEPTH,
  MEMORY_FIELDS,
  MEMORY_ROWS_END,
  MEMORY_USED_BITS,
  memoryRows,
  type ProgramRoom,
} from './memories.ts';

/** Amounts of each FPGA resource. */
export interface Resources {
  readonly dsp: number;
  readonly bram18: number;
  readonly lut: number;
  readonly ff: number;
}

export const noResources: Resources = { dsp: 0, bram18: 0, lut: 0, ff: 0 };

/**
 * DSP blocks of one requantizer. Half-up: 32 by 16 bits, and twice 18 by 17 to add. TensorFlow Lite: 32 by 32 bits; its
 * adds are scaled by sums of partial products in LUTs.
 */
const requantizerDsp = {
  'half-up': { alone: 2, withAdd: 4 },
  tflite: { alone: 4, withAdd: 4 },
} as const;

/** One entry of the order of layers: a chunk's number. */
const ORDER_BITS = 4;

/** Multipliers of a chunk's array. */
export const lanesOfArray = (chunk: Chunk): number => chunk.rows * chunk.outputs * chunk.inputs;

/** DSP blocks of a chunk, exactly. */
export function chunkDsp(chunk: Chunk): number {
  const { alone, withAdd } = requantizerDsp[chunk.form ?? 'half-up'];
  return dspOfArray(chunk) + chunk.requantizers * (chunk.hasAdd ? withAdd : alone);
}

/** Reused, so that counting makes no objects. */
const memories = memoryRows();

/** Resources of one chunk. LUT and FF are fitted to yosys: see `logicFits` for their error. */
export function chunkResources(chunk: Chunk, room: ProgramRoom, busBits: number): Resources {
  listMemories(chunk, room, busBits, memories);
  let lutRam = 0;
  let lutRamBits = 0;
  for (let m = 0; m < MEMORY_ROWS_END; m += MEMORY_FIELDS) {
    const depth = memories[m + MEMORY_DEPTH] ?? 0;
    if (depth > LUT_RAM_DEPTH) continue;
    const count = memories[m + MEMORY_COUNT] ?? 0;
    const usedBits = memories[m + MEMORY_USED_BITS] ?? 0;
    lutRam += count * lutRamOf(usedBits, depth);
    lutRamBits += count * usedBits;
  }
  return {
    dsp: chunkDsp(chunk),
    bram18: bram18OfMemories(memories),
    lut: fittedLogic(logicFits.lut, chunk, lutRamBits) + lutRam,
    ff: fittedLogic(logicFits.ff, chunk, lutRamBits),
  };
}

export function addResources(left: Resources, right: Resources): Resources {
  return {
    dsp: left.dsp + right.dsp,
    bram18: left.bram18 + right.bram18,
    lut: left.lut + right.lut,
    ff: left.ff + right.ff,
  };
}

/** What stands beside the chunks: registers, epoch control and the memory that holds the order of the layers. */
export function fixedResources(layers: number): Resources {
  const depth = 2 ** Math.max(4, Math.ceil(Math.log2(Math.max(1, layers))));
  return {
    dsp: 0,
    bram18: bram18Of(ORDER_BITS, depth),
    lut: fixedLogic.lut + lutRamOf(ORDER_BITS, depth),
    ff: fixedLogic.ff,
  };
}

/** Resources of a whole accelerator, registers and epoch control included; `rooms` are per chunk, `count` the family's. */
export function acceleratorResources(
  { chunks, placements, busBits }: Accelerator,
  rooms: readonly ProgramRoom[],
  count: typeof chunkResources = chunkResources,
): Resources {
  return chunks.reduce(
    (total, chunk, c) => addResources(total, count(chunk, defined(rooms[c], 'room'), busBits)),
    fixedResources(placements.length),
  );
}

export const resourceNames = ['dsp', 'bram18', 'lut', 'ff'] as const;
export type ResourceName = (typeof resourceNames)[number];

/** How much is missing of what a device has; empty where everything fits. */
export function missingOf(
  needed: Resources,
  available: Pick<Device, ResourceName>,
): Partial<Record<ResourceName, number>> {
  const missing: Partial<Record<ResourceName, number>> = {};
  for (const name of resourceNames)
    if (needed[name] > available[name]) missing[name] = needed[name] - available[name];
  return missing;
}
