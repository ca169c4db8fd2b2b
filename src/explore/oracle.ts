// What the joint search asks: the best accelerator for a network, and what other layers would cost on it.

import type { Chunk, SlotBits } from '../accelerator/accelerator.ts';
import type { Device } from '../accelerator/device.ts';
import type { Layer } from '../accelerator/layers.ts';
import type { Network } from '../network/network.ts';
import { smallestSlot } from '../schedule/slots.ts';
import { DESCRIPTOR_CYCLES } from '../schedule/timing.ts';
import { defined } from '../util/errors.ts';
import { type ExploreResult, explore, layersOrThrow } from './explore.ts';
import type { Explorer } from './explorer.ts';
import { groupKey } from './groups.ts';
import type { LayerContext } from './layer-table.ts';

/** An accelerator solved for one network (gamma* of the paper), as a place for layers of other networks. */
export interface SolvedAccelerator {
  readonly result: ExploreResult;
  /** Chunk of each group of the network it was solved for. */
  readonly chunkOfGroup: ReadonlyMap<string, number>;
}

/** Answers for one device; structurally what src/search asks of its hardware side. */
export interface AcceleratorOracle {
  refresh(network: Network): { readonly gamma: SolvedAccelerator; readonly epochCycles: number };
  /** Cycles of each chunk if it ran the layers of a network it was not solved for, descriptors included. */
  chunkCycles(gamma: SolvedAccelerator, network: Network): readonly number[];
}

/** A chunk for networks that have no chunk of a layer's kind yet. */
const middling: Omit<Chunk, 'kind' | 'slotBits' | 'weightBits'> = {
  name: 'middling',
  rows: 2,
  outputs: 8,
  inputs: 1,
  requantizers: 4,
  multiplier: 'dsp1',
  order: 'overlapped',
  accumulatorBuffers: 2,
  hasAdd: false,
  buffers: { input: 256, weights: 256, parameters: 64, accumulators: 64, operand: 256 },
};

const runs = (chunk: Chunk, layer: Layer): boolean =>
  chunk.kind === layer.kind &&
  chunk.slotBits >= smallestSlot(layer.input.bits) &&
  chunk.weightBits >= layer.weightBits;

/** The chunk of the layer's group; else the narrowest that can run it; else any of its kind, else the first. */
function chunkFor(layer: Layer, { result, chunkOfGroup }: SolvedAccelerator, key: string): number {
  const { chunks } = result.accelerator;
  const own = chunkOfGroup.get(key);
  if (own !== undefined && runs(defined(chunks[own], 'chunk'), layer)) return own;
  let best = -1;
  chunks.forEach((chunk, c) => {
    const width = (k: number) => (chunks[k]?.slotBits ?? 0) * (chunks[k]?.weightBits ?? 0);
    if (runs(chunk, layer) && (best < 0 || width(c) < width(best))) best = c;
  });
  if (best >= 0) return best;
  return Math.max(
    0,
    chunks.findIndex((chunk) => chunk.kind === layer.kind),
  );
}

/** A chunk as the layer needs it: of its kind, wide enough, with requantizers that divide every beat. */
function fitted(chunk: Chunk, { layer, slots, weightBits, hasAdd }: LayerContext): Chunk {
  const base = chunk.kind === layer.kind ? chunk : { ...middling, kind: layer.kind };
  const { outputs } = base;
  const divides = (count: number): boolean =>
    outputs % count === 0 &&
    (64 / slots.output) % count === 0 &&
    (layer.add === undefined || (64 / slots.operand) % count === 0);
  let { requantizers } = base;
  while (!divides(requantizers)) requantizers--;
  return { ...base, slotBits: slots.input, weightBits, hasAdd, requantizers };
}

/** Cycles of a layer's best tile on a chunk whose buffers may grow to the space's smallest level. */
function bestCycles(explorer: Explorer, context: LayerContext, chunk: Chunk): number {
  const array = fitted(chunk, context);
  const [least] = explorer.space.levels;
  const most = {
    input: Math.max(chunk.buffers.input, least?.input ?? 0),
    weights: Math.max(chunk.buffers.weights, least?.weights ?? 0),
    accumulators: Math.max(chunk.buffers.accumulators, least?.accumulators ?? 0),
  };
  let fitting = Number.POSITIVE_INFINITY;
  let any = Number.POSITIVE_INFINITY;
  for (const timer of explorer.timers(context)) {
    if (timer.lowerBoundCycles(array) >= fitting) continue;
    const words = timer.words(array);
    const fits =
      words.input <= most.input &&
      words.weights <= most.weights &&
      words.accumulators <= most.accumulators;
    if (!fits && fitting < Number.POSITIVE_INFINITY) continue;
    const cycles = timer.cycles(array);
    any = Math.min(any, cycles);
    if (fits) fitting = Math.min(fitting, cycles);
  }
  // Where no tile fits, the next refresh would enlarge the buffers.
  return fitting < Number.POSITIVE_INFINITY ? fitting : any;
}

/** Cycles of each chunk for the layers of any network. */
function chunkCycles(
  explorer: Explorer,
  gamma: SolvedAccelerator,
  layers: readonly Layer[],
): number[] {
  const { chunks } = gamma.result.accelerator;
  const assigned = layers.map((layer) => chunkFor(layer, gamma, groupKey(layer, explorer.space)));
  const slotOf = (layer: Layer, c: number): SlotBits => {
    const needed = smallestSlot(layer.input.bits);
    const held = chunks[c]?.slotBits ?? needed;
    return held > needed ? held : needed;
  };
  const tensors = new Map<string, SlotBits>();
  layers.forEach((layer, l) => {
    tensors.set(layer.input.name, slotOf(layer, assigned[l] ?? 0));
  });
  const cycles = chunks.map(() => 0);
  layers.forEach((layer, l) => {
    const c = assigned[l] ?? 0;
    const chunk = defined(chunks[c], 'chunk');
    const { operand } = layer;
    const context: LayerContext = {
      layer,
      weightBits: Math.max(layer.weightBits, chunk.kind === layer.kind ? chunk.weightBits : 0),
      hasAdd: layer.add !== undefined || chunk.hasAdd,
      slots: {
        input: slotOf(layer, c),
        output: tensors.get(layer.output.name) ?? smallestSlot(layer.output.bits),
        operand:
          operand === undefined ? 8 : (tensors.get(operand.name) ?? smallestSlot(operand.bits)),
      },
    };
    cycles[c] = (cycles[c] ?? 0) + DESCRIPTOR_CYCLES + bestCycles(explorer, context, chunk);
  });
  return cycles;
}

/** The exact solver and the fast cost model as one oracle; everything it learns stays in the explorer. */
export function createOracle(device: Device, explorer: Explorer): AcceleratorOracle {
  const formed = new WeakMap<Network, readonly Layer[]>();
  const layersOf = (network: Network): readonly Layer[] => {
    let layers = formed.get(network);
    if (layers === undefined) {
      layers = layersOrThrow(network);
      formed.set(network, layers);
    }
    return layers;
  };
  return {
    refresh: (network) => {
      const result = explore(network, device, { explorer });
      const chunkOfGroup = new Map<string, number>();
      layersOf(network).forEach((layer, l) => {
        const chunk = result.accelerator.placements[l]?.chunk ?? 0;
        chunkOfGroup.set(groupKey(layer, explorer.space), chunk);
      });
      return { gamma: { result, chunkOfGroup }, epochCycles: result.epochCycles };
    },
    chunkCycles: (gamma, network) => chunkCycles(explorer, gamma, layersOf(network)),
  };
}
