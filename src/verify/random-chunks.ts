// Random branching networks on several chunks: one netlist a set, both modes, bits and every command.

import type { Accelerator, Chunk, Placement } from '../accelerator/accelerator.ts';
import { formLayers } from '../accelerator/layers.ts';
import { planDesign } from '../cost/design.ts';
import type { Mode } from '../emit/case-file.ts';
import type { NetlistRoom } from '../lower/lower.ts';
import { branching, randomGraph } from '../network/random-graph.ts';
import { randomImages } from '../network/random-network.ts';
import { createRng, type Rng } from '../util/rng.ts';
import { type ShapeName, selfcheckShapes } from './netlists.ts';
import { canLower, randomMemory, randomTile } from './random-case.ts';
import { type BusTrouble, type RunnableCase, runCases, type Tally } from './run-cases.ts';

interface ChunkSet {
  readonly shapes: readonly ShapeName[];
  /** Port of each chunk; each has its own where it is left out. */
  readonly ports?: readonly number[];
}

/** Shapes and ports of the chunks of each set: alone beside shared, two to four on one port. */
export const chunkSets = {
  two: { shapes: ['s2x4x4', 'd3x8'], ports: [0, 0] },
  three: { shapes: ['s2x4x8t', 'd2x8t', 's2x4x8t'] },
  four: { shapes: ['s3x8x8', 'd3x8', 's2x4x4', 'd3x8'], ports: [0, 1, 1, 1] },
  five: { shapes: ['s2x4x4', 'd3x8', 's3x8x8', 's2x4x4', 'd3x8'], ports: [1, 0, 1, 1, 1] },
  six: { shapes: ['s2x4x4', 'd3x8', 's2x4x4', 'd3x8', 's2x4x4', 's2x4x4'] },
} as const satisfies Readonly<Record<string, ChunkSet>>;

export type ChunkSetName = keyof typeof chunkSets;

const BUS_BITS = 64;

function chunksOf(name: ChunkSetName, rng: Rng): readonly Chunk[] {
  const { shapes, ports }: ChunkSet = chunkSets[name];
  return shapes.map((shape, c): Chunk => {
    const { busBits: _, ...chunk } = selfcheckShapes[shape];
    const order = rng.pick(['overlapped', 'paper'] as const);
    return {
      ...chunk,
      name: `${shape}_${c}`,
      order,
      ...(ports === undefined ? {} : { port: ports[c] }),
    };
  });
}

function tryCase(rng: Rng, name: ChunkSetName, seed: number, mode: Mode): RunnableCase | undefined {
  const chunks = chunksOf(name, rng);
  const form = chunks[0]?.form ?? 'half-up';
  const network = randomGraph(rng.fork('network'), {
    operators: rng.integer(chunks.length + 1, 3 * chunks.length),
    maxSize: 12,
    maxChannels: 20,
    maxKernel: 3,
    maxStride: 2,
    maxMacs: 60_000,
    forms: [form],
  });
  const { shared, sums } = branching(network);
  if (shared === 0 || sums === 0) return undefined;
  const formed = formLayers(network);
  if (!formed.ok || formed.layers.some((layer) => !canLower(layer, form))) return undefined;
  const placements = formed.layers.map((layer): Placement => {
    const able = chunks.flatMap((chunk, c) => (chunk.kind === layer.kind ? [c] : []));
    const chunk = rng.pick(able);
    const array = chunks[chunk];
    if (array === undefined) throw new Error('a chunk that is not there');
    const some = () => (array.chipWords ?? 0) > 0 && rng.next() < 0.3;
    return {
      layer: layer.name,
      chunk,
      tile: randomTile(rng, layer, array, BUS_BITS),
      weights: some() ? 'resident' : 'stream',
      output: some() ? 'chip' : 'dram',
    };
  });
  // Every chunk has work, so that slots are contended.
  if (new Set(placements.map(({ chunk }) => chunk)).size < chunks.length) return undefined;
  const accelerator: Accelerator = { busBits: BUS_BITS, chunks, placements };
  const planned = planDesign(network, accelerator);
  if (!planned.ok) return undefined;
  const imageCount = rng.integer(2, 4);
  return {
    label: `randomChunksCase('${name}', ${seed}, '${mode}')`,
    design: {
      name: `selfcheck_${name}`,
      network,
      accelerator,
      provenance: { strategy: 'selfcheck', seed, device: 'none' },
    },
    memory: randomMemory(rng),
    mode,
    images: randomImages(rng.fork('images'), network, imageCount),
    imageCount,
  };
}

/** The random case of a seed; where no mode is asked for, even seeds run in throughput mode, odd ones in latency mode. */
export function randomChunksCase(
  name: ChunkSetName,
  seed: number,
  mode: Mode = seed % 2 === 0 ? 'throughput' : 'latency',
): RunnableCase {
  const rng = createRng(seed);
  for (let attempt = 0; attempt < 5000; attempt++) {
    const found = tryCase(rng.fork(`${name}/${attempt}`), name, seed, mode);
    if (found !== undefined) return found;
  }
  throw new Error(`no random network fits the chunks "${name}" with seed ${seed}`);
}

/** Room for every network drawn, so that one netlist serves a set. */
export const chunksRoom: NetlistRoom = {
  layerCapacity: 32,
  tableDepth: 512,
  outputSlots: 0b1111,
  operandSlots: 0b1111,
};

/** Runs `count` random networks, seeds `seed` and on, on a set's netlist, each in one mode or in both. */
export function checkChunks(
  name: ChunkSetName,
  seed: number,
  count: number,
  trouble: BusTrouble & { readonly bothModes?: boolean } = {},
): Promise<Tally> {
  const seeds = Array.from({ length: count }, (_, k) => seed + k);
  const cases = trouble.bothModes
    ? seeds.flatMap((one) => [
        randomChunksCase(name, one, 'latency'),
        randomChunksCase(name, one, 'throughput'),
      ])
    : seeds.map((one) => randomChunksCase(name, one));
  return runCases(cases, chunksRoom, trouble);
}
