// The manifest of a generated directory: predictions first, and the hash of every file.

import { portsOf } from '../schedule/ports.ts';
import { stableStringify } from '../util/json.ts';
import { moduleNames } from './netlist.ts';
import type { TargetRequest } from './target.ts';

/** The manifest: what was predicted, and the hash of every other file. */
export function manifestText(
  request: TargetRequest,
  hashes: Readonly<Record<string, string>>,
): string {
  const { plan, memory } = request;
  const { prediction } = plan;
  return `${stableStringify(
    {
      format: 'autonba-manifest',
      version: 1,
      design: moduleNames(plan).wrapper,
      hash: plan.hash,
      memory,
      // Chunks of each memory port.
      ports: portsOf(plan.chunks.map(({ chunk }) => chunk)),
      predicted: {
        layers: prediction.layers.map(({ name, chunk, cycles }) => ({ name, chunk, cycles })),
        chunkCycles: prediction.chunkCycles,
        epochCycles: prediction.epochCycles,
        latencyCycles: prediction.latencyCycles,
      },
      files: hashes,
    },
    2,
  )}\n`;
}
