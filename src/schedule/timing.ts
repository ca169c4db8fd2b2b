// Durations of commands: cycles from the cycle a unit takes a command to the cycle of its done (docs/hardware.md 4).
// Each constant is a register stage of the module it names; simulation asserts the sums with ===.

import { type Chunk, noRegisters } from '../accelerator/accelerator.ts';
import type { Memory } from './memory.ts';

/** A unit takes a command one cycle after the last end it waited for. */
export const HANDSHAKE_CYCLES = 1;
/** nba_array: RAM, operand, product, sum; a chunk's pipeline registers come on top. */
export const ARRAY_DRAIN_CYCLES = 4;
/** nba_read: the first address goes out one cycle after the start. */
export const READ_ISSUE_CYCLES = 1;
/** nba_read: the last beat is written one cycle after it arrived. */
export const READ_WRITE_CYCLES = 1;
/** nba_store: RAM, sum, product, value; pipeline registers come on top. */
export const REQUANTIZE_CYCLES = 4;
/** nba_store: the further stages of chunks that can add. */
export const ADD_CYCLES = { 'half-up': 2, tflite: 4 } as const;
/** nba_store: requantizers that a value passes one after the other in those stages. */
export const ADD_REQUANTIZERS = { 'half-up': 1, tflite: 2 } as const;
/** nba_descriptor: words of a layer's descriptor, read side by side. */
export const DESCRIPTOR_WORDS = 38;
/** nba_chunk: from the cycle a chunk is told to go to the first cycle of its first layer. */
export const CHUNK_START_CYCLES = 9;
/** nba_chunk: between two layers; the second one was fetched while the first one stored its last tile. */
export const LAYER_GAP_CYCLES = 1;
/** What the first layer of a chunk costs more than the others. */
export const FIRST_LAYER_CYCLES = CHUNK_START_CYCLES - LAYER_GAP_CYCLES;
/** nba_chunk: a layer without an image in this epoch is passed over. */
export const SKIP_CYCLES = 2;
/** The same right behind a layer that ran: its descriptor was looked at ahead. */
export const SKIP_AHEAD_CYCLES = 1;
/** nba_epoch: from the end of the slowest chunk's last layer to the next epoch's start, or from layer to layer in latency mode. */
export const BARRIER_CYCLES = 2;

/** Cycles of a read command over these bursts. */
export function readCycles(bursts: readonly number[], memory: Memory): number {
  const lastBeats: number[] = [];
  let address = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < bursts.length; i++) {
    address = i === 0 ? READ_ISSUE_CYCLES : address + 1;
    const blocker = lastBeats[i - memory.outstandingBursts];
    if (blocker !== undefined) address = Math.max(address, blocker + 1);
    last =
      Math.max(address + memory.readLatencyCycles, last) + memory.beatCycles * (bursts[i] ?? 0);
    lastBeats.push(last);
  }
  return last + READ_WRITE_CYCLES;
}

/** nba_array: from the last array word to the end of the command. */
export function arrayDrainCycles({ pipeline = noRegisters }: Pick<Chunk, 'pipeline'>): number {
  return ARRAY_DRAIN_CYCLES + pipeline.rotation + pipeline.adders + pipeline.sums;
}

/** Stages of a chunk's store unit. */
export function storePipelineCycles({
  hasAdd,
  form = 'half-up',
  pipeline = noRegisters,
}: Pick<Chunk, 'hasAdd' | 'form' | 'pipeline'>): number {
  const requantizers = 1 + (hasAdd ? ADD_REQUANTIZERS[form] : 0);
  return (
    REQUANTIZE_CYCLES +
    (hasAdd ? ADD_CYCLES[form] : 0) +
    pipeline.sums +
    pipeline.requantizer * requantizers
  );
}

/** Cycles of a store command; `piecesPerBeat` = output lanes / requantizer lanes. */
export function storeCycles(
  bursts: readonly number[],
  piecesPerBeat: number,
  pipelineCycles: number,
  memory: Memory,
): number {
  const responses: number[] = [];
  let address = 0;
  let ready = piecesPerBeat + pipelineCycles;
  let written = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < bursts.length; i++) {
    address = i === 0 ? 1 : address + 1;
    const blocker = responses[i - memory.outstandingBursts];
    if (blocker !== undefined) address = Math.max(address, blocker + 1);
    for (let beat = 0; beat < (bursts[i] ?? 0); beat++) {
      const registered = Math.max(ready, written);
      written = Math.max(registered, address) + memory.beatCycles;
      ready = registered + piecesPerBeat;
    }
    responses.push(written + memory.writeLatencyCycles);
  }
  return responses[responses.length - 1] ?? 0;
}
