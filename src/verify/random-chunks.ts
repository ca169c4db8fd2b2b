// Random networks on several chunks that share memory ports: one netlist a set, both modes, bits and every command.

import type { Accelerator, Chunk, Placement } from '../accelerator/accelerator.ts';
import { formLayers } from '../accelerator/layers.ts';
import { planDesign } from '../cost/design.ts';
import type { NetlistRoom } from '../lower/lower.ts';
import { randomImages, randomNetwork } from '../network/random-network.ts';
import { createRng, type Rng } from '../util/rng.ts';
import { type ShapeName, selfcheckShapes } from './netlists.ts';
import { canLower, randomMemory, randomTile } from './random-case.ts';
import { type BusTrouble, type RunnableCase, runCases, type Tally } from './run-cases.ts';

/** Shapes and ports of the chunks of each set: alone beside shared, two to four on one port. */
export const chunkSets = {
  two: { shapes: ['s2x4x4', 'd3x8'], ports: [0, 0] },
  four: { shapes: ['s3x8x8', 'd3x8', 's2x4x4', 'd3x8'], ports: [0, 1, 1, 1] },
  five: { shapes: ['s2x4x4', 'd3x8', 's3x8x8', 's2x4x4', 'd3x8'], ports: [1, 0, 1, 1, 1] },
} as const satisfies Readonly<
  Record<string, { readonly shapes: readonly ShapeName[]; readonly ports: readonly number[] }>
>;

export type ChunkSetName = keyof typeof chunkSets;

const BUS_BITS = 64;

function chunksOf(name: ChunkSetName, rng: Rng): readonly Chunk[] {
  const { shapes, ports } = chunkSets[name];
  return shapes.map((shape, c): Chunk => {
    const { busBits: _, ...chunk } = selfcheckShapes[shape];
    const order = rng.pick(['overlapped', 'paper'] as const);
    return { ...chunk, name: `${shape}_${c}`, order, port: ports[c] };
  });
}

function tryCase(rng: Rng, name: ChunkSetName, seed: number): RunnableCase | undefined {
  const chunks = chunksOf(name, rng);
  const network = randomNetwork(rng.fork('network'), {
    kinds: ['conv', 'conv', 'depthwiseConv', 'add', 'maxPool', 'averagePool'],
    operators: rng.integer(chunks.length, 2 * chunks.length),
    maxSize: 12,
    maxKernel: 3,
    maxStride: 2,
    maxMacs: 60_000,
    forms: ['half-up'],
  });
  const formed = formLayers(network);
  if (!formed.ok || formed.layers.some((layer) => !canLower(layer, 'half-up'))) return undefined;
  const placements = formed.layers.map((layer): Placement => {
    const able = chunks.flatMap((chunk, c) => (chunk.kind === layer.kind ? [c] : []));
    const chunk = rng.pick(able);
    const array = chunks[chunk];
    if (array === undefined) throw new Error('a chunk that is not there');
    const weights = (array.chipWords ?? 0) > 0 && rng.next() < 0.3 ? 'resident' : 'stream';
    return { layer: layer.name, chunk, tile: randomTile(rng, layer, array, BUS_BITS), weights };
  });
  // Every chunk has work, so that slots are contended.
  if (new Set(placements.map(({ chunk }) => chunk)).size < chunks.length) return undefined;
  const accelerator: Accelerator = { busBits: BUS_BITS, chunks, placements };
  const planned = planDesign(network, accelerator);
  if (!planned.ok) return undefined;
  const imageCount = rng.integer(2, 4);
  return {
    label: `randomChunksCase('${name}', ${seed})`,
    design: {
      name: `selfcheck_${name}`,
      network,
      accelerator,
      provenance: { strategy: 'selfcheck', seed, device: 'none' },
    },
    memory: randomMemory(rng),
    mode: seed % 2 === 0 ? 'throughput' : 'latency',
    images: randomImages(rng.fork('images'), network, imageCount),
    imageCount,
  };
}

/** The random case of a seed; even seeds run in throughput mode, odd ones in latency mode. */
export function randomChunksCase(name: ChunkSetName, seed: number): RunnableCase {
  const rng = createRng(seed);
  for (let attempt = 0; attempt < 5000; attempt++) {
    const found = tryCase(rng.fork(`${name}/${attempt}`), name, seed);
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

/** Runs `count` random networks, seeds `seed` and on, on a set's netlist. */
export function checkChunks(
  name: ChunkSetName,
  seed: number,
  count: number,
  trouble: BusTrouble = {},
): Promise<Tally> {
  const cases = Array.from({ length: count }, (_, k) => randomChunksCase(name, seed + k));
  return runCases(cases, chunksRoom, trouble);
}
