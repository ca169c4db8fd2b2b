// What an accelerator takes of an FPGA. DSP and block RAM are counted by construction, LUT and FF are fitted.

import type { Accelerator, Chunk, MultiplierStyle } from '../accelerator/accelerator.ts';
import type { Device } from '../accelerator/device.ts';
import { fixedLogic, type LogicFit, logicFits } from './logic-fit.ts';
import { bram18Of, lutRamOf, memoriesOf, type ProgramRoom } from './memories.ts';

/** Amounts of each FPGA resource. */
export interface Resources {
  readonly dsp: number;
  readonly bram18: number;
  readonly lut: number;
  readonly ff: number;
}

export const noResources: Resources = { dsp: 0, bram18: 0, lut: 0, ff: 0 };

/** A requantizer multiplies 32 by 16 bits; one that adds multiplies twice 18 by 17 bits more. */
const REQUANTIZER_DSP = 2;
const ADD_DSP = 2;

/** Widths up to which products may be made of LUTs: narrow products waste a DSP block. */
export const LUT_MULTIPLIER_BITS = 4;

/** Ways to make the multipliers of a chunk of such widths. */
export function multiplierStyles(activationBits: number, weightBits: number): MultiplierStyle[] {
  const isNarrow = Math.max(activationBits, weightBits) <= LUT_MULTIPLIER_BITS;
  return isNarrow ? ['dsp1', 'lut'] : ['dsp1'];
}

/** Multipliers of a chunk's array. */
export const lanesOfArray = (chunk: Chunk): number => chunk.rows * chunk.outputs * chunk.inputs;

/** DSP blocks of a chunk, exactly. */
export function chunkDsp(chunk: Chunk): number {
  const lanes = chunk.multiplier === 'lut' ? 0 : lanesOfArray(chunk);
  return lanes + chunk.requantizers * (REQUANTIZER_DSP + (chunk.hasAdd ? ADD_DSP : 0));
}

function logic(fit: LogicFit, chunk: Chunk): number {
  const lanes = lanesOfArray(chunk);
  const outputs = chunk.rows * chunk.outputs;
  return (
    fit.fixed +
    fit.perLane * lanes +
    fit.perLutProductBit *
      (chunk.multiplier === 'lut' ? lanes * chunk.slotBits * chunk.weightBits : 0) +
    fit.perOutput * outputs +
    fit.perRequantizer * chunk.requantizers +
    fit.perAdder * (chunk.hasAdd ? chunk.requantizers : 0)
  );
}

/** Resources of one chunk. LUT and FF are fitted to yosys: see `logicFits` for their error. */
export function chunkResources(chunk: Chunk, room: ProgramRoom, busBits: number): Resources {
  let bram18 = 0;
  let lutRam = 0;
  for (const { count, widthBits, depth } of memoriesOf(chunk, room, busBits)) {
    bram18 += count * bram18Of(widthBits, depth);
    lutRam += count * lutRamOf(widthBits, depth);
  }
  return {
    dsp: chunkDsp(chunk),
    bram18,
    lut: Math.round(logic(logicFits.lut, chunk)) + lutRam,
    ff: Math.round(logic(logicFits.ff, chunk)),
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

/** Resources of a whole accelerator, registers and epoch control included; `rooms` are per chunk. */
export function acceleratorResources(
  accelerator: Accelerator,
  rooms: readonly ProgramRoom[],
): Resources {
  return accelerator.chunks.reduce(
    (total, chunk, c) =>
      addResources(
        total,
        chunkResources(
          chunk,
          rooms[c] ?? { layerCapacity: 2, tableDepth: 16 },
          accelerator.busBits,
        ),
      ),
    fixedResources(),
  );
}

/** What stands beside the chunks: registers, epoch control and the order memory. */
export function fixedResources(): Resources {
  return { dsp: 0, bram18: bram18Of(4, 256), lut: fixedLogic.lut, ff: fixedLogic.ff };
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
