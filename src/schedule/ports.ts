// Which chunks share a memory port, and the memory that each of them then sees.

import type { Chunk } from '../accelerator/accelerator.ts';
import { InvalidConfigError } from '../util/errors.ts';
import type { Memory } from './memory.ts';

/** hw/rtl/nba_port.sv: single beats that may be under way at a shared port, each way, less the one that is pushed. */
const PENDING_BEATS = 63;
/** nba_port and nba_slot: from a beat's turn to the bus, and from the bus to the chunk. */
const SLOT_STAGES = 2;

/** Chunks of each port, by index, in the order of their slots. Where none names a port, each has its own. */
export function portsOf(chunks: readonly Pick<Chunk, 'port'>[]): readonly (readonly number[])[] {
  const ports: number[][] = [];
  for (const [c, { port }] of chunks.entries()) {
    const at = port ?? c;
    for (let p = ports.length; p <= at; p++) ports.push([]);
    ports[at]?.push(c);
  }
  return ports;
}

/** Rules that the chunks' ports break; empty = legal. */
export function portProblems(chunks: readonly Pick<Chunk, 'port' | 'name'>[]): string[] {
  const named = chunks.filter(({ port }) => port !== undefined).length;
  if (named === 0) return [];
  const missing = chunks.findIndex(({ port }) => port === undefined);
  if (missing >= 0)
    return [
      `chunks[${missing}] "${chunks[missing]?.name}": port is left out while ${named} chunks name one; the nearest legal is ${Math.max(...chunks.map(({ port }) => port ?? 0)) + 1}, a port of its own`,
    ];
  for (const [c, { name, port = 0 }] of chunks.entries())
    if (!Number.isInteger(port) || port < 0 || port >= chunks.length) {
      const nearest = Math.min(chunks.length - 1, Math.max(0, Math.round(port)));
      return [
        `chunks[${c}] "${name}": port is ${port}, must be a whole number from 0 to ${chunks.length - 1}, one less than the chunks; the nearest legal is ${nearest}`,
      ];
    }
  const empty = portsOf(chunks).findIndex((slots) => slots.length === 0);
  if (empty < 0) return [];
  const after = chunks.findIndex(({ port }) => port !== undefined && port > empty);
  return [
    `chunks[${after}] "${chunks[after]?.name}": port is ${chunks[after]?.port}, but no chunk uses port ${empty}; ports are numbered without gaps, the nearest legal is ${empty}`,
  ];
}

/** What a design's chunks ask of a device that has fewer ports; nothing where they suffice. */
export function portsMissing(
  chunks: readonly Pick<Chunk, 'port'>[],
  device: { readonly ports: number },
): string | undefined {
  const used = portsOf(chunks).length;
  return used <= device.ports
    ? undefined
    : `${chunks.length} chunks on ${used} memory ports, the device has ${device.ports}; the nearest legal is ${device.ports} ports, some shared`;
}

/**
 * The memory that a chunk sees behind a port of `slots` chunks: as slow as if all others always wanted the bus, and
 * so the same whatever they do (docs/hardware.md 5).
 * @throws InvalidConfigError where more beats would be under way than a shared port keeps
 */
export function portMemory(memory: Memory, slots: number): Memory {
  if (slots === 1) return memory;
  const { readLatencyCycles, beatCycles, writeLatencyCycles } = memory;
  const most = (PENDING_BEATS - 1) * beatCycles - 1;
  const latency = Math.max(readLatencyCycles, writeLatencyCycles);
  if (latency > most)
    throw new InvalidConfigError(
      `a shared port keeps ${PENDING_BEATS} beats under way, too few for a latency of ${latency} at ${beatCycles} cycles a beat`,
      `take a memory with a latency of at most ${most}, or a port for each chunk`,
    );
  return {
    ...memory,
    readLatencyCycles: readLatencyCycles + beatCycles + SLOT_STAGES,
    beatCycles: slots * beatCycles,
    writeLatencyCycles: (slots + 1) * beatCycles + writeLatencyCycles + SLOT_STAGES,
  };
}

/** The memory that each chunk sees. */
export function chunkMemories(
  chunks: readonly Pick<Chunk, 'port'>[],
  memory: Memory,
): readonly Memory[] {
  const ports = portsOf(chunks);
  return chunks.map(({ port }, c) => portMemory(memory, ports[port ?? c]?.length ?? 1));
}
