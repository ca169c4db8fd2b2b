// The hardware side in earnest: gamma* by exact exploration, and every other layer timed on gamma*'s own arrays.

import type { Accelerator, Chunk } from '../accelerator/accelerator.ts';
import type { Device } from '../accelerator/device.ts';
import type { Layer } from '../accelerator/layers.ts';
import { rulesOf } from '../cost/part-rules.ts';
import type { TimedArray } from '../cost/tile-timer.ts';
import { busBitsOf, type ExploreOptions, explore, layersOrThrow } from '../explore/explore.ts';
import { Explorer } from '../explore/explorer.ts';
import { layerSignature } from '../explore/layer-table.ts';
import { defaultSpace, streaming } from '../explore/space.ts';
import type { Network } from '../network/network.ts';
import { defaultMemory } from '../schedule/memory.ts';
import { smallestSlot } from '../schedule/slots.ts';
import { LAYER_GAP_CYCLES } from '../schedule/timing.ts';
import { at } from '../tensor/index.ts';
import { hashOf } from '../util/json.ts';
import { type Figure, throughput } from './figures.ts';
import type { HardwareOracle } from './hardware.ts';

/**
 * Cycles of a layer on a chunk's array with its best tile that the chunk's buffers hold. Slots and weight fields are
 * the layer's own, as if the chunk had been built for its bits: gamma* will be, once the layer has moved to them.
 */
function layerCycles(explorer: Explorer, layer: Layer, chunk: Chunk): number {
  const { add, input, output, operand, weightBits, kind } = layer;
  const array: TimedArray = { ...chunk, kind, weightBits, hasAdd: add !== undefined };
  const timers = explorer.timers({
    layer,
    weightBits,
    hasAdd: add !== undefined,
    slots: {
      input: smallestSlot(input.bits),
      output: smallestSlot(output.bits),
      operand: smallestSlot(operand?.bits ?? 8),
    },
  });
  const fitting = timers.filter((timer) => {
    const words = timer.words(array);
    const { buffers } = chunk;
    return (
      words.input <= buffers.input &&
      words.weights <= buffers.weights &&
      words.accumulators <= buffers.accumulators
    );
  });
  // Where nothing fits the buffers would grow with the next gamma*, so the best tile of all is the better guess.
  const tried = fitting.length > 0 ? fitting : timers;
  return tried.reduce(
    (least, timer) =>
      timer.lowerBoundCycles(array) < least ? Math.min(least, timer.cycles(array)) : least,
    Number.POSITIVE_INFINITY,
  );
}

/** What lies on chip is chosen for the derived network: in the loop it would multiply the effort of every step. */
const loopSpace = { ...defaultSpace, residencies: [streaming] };

/** How gamma* is found; by the exact solver in the whole space where nothing is said. */
export interface HardwareOptions
  extends Pick<ExploreOptions, 'memory' | 'space' | 'solver' | 'points' | 'seed'> {
  /** What counts; cycles of an epoch where nothing is said. */
  readonly figure?: Figure;
}

/** A device seen through a solver, the exact one where none is named. Keeps what it has timed for the whole search. */
export function exploredHardware(
  device: Device,
  {
    memory = defaultMemory,
    space = loopSpace,
    solver,
    points,
    seed = 1,
    figure = throughput,
  }: HardwareOptions = {},
): HardwareOracle<Accelerator> {
  const explorer = new Explorer(memory, busBitsOf(device), space, rulesOf(device));
  const { objective, power } = figure;
  const effort = { ...(solver && { solver }), ...(points && { points }), seed, objective };
  const costOf = (network: Network): { gamma: Accelerator; cost: number } => {
    const design = explore(network, device, { explorer, ...effort });
    return { gamma: design.accelerator, cost: figure.costOf(design, device) };
  };
  const timed = new Map<string, number>();

  const cyclesOn = (layer: Layer, chunk: Chunk): number => {
    const { input, output, operand, weightBits } = layer;
    const { rows, outputs, inputs, requantizers, accumulatorBuffers, buffers } = chunk;
    const bits = [input.bits, output.bits, operand?.bits ?? 0, weightBits];
    const array = [rows, outputs, inputs, requantizers, accumulatorBuffers];
    const words = [buffers.input, buffers.weights, buffers.accumulators];
    const key = [layerSignature(layer), bits, array, words].join(' ');
    const known = timed.get(key) ?? layerCycles(explorer, layer, chunk) + LAYER_GAP_CYCLES;
    timed.set(key, known);
    return known;
  };

  return {
    multipliers: device.dsp,
    identity: hashOf({ device, memory, space, solver: solver?.summary, points, seed, objective }),
    power,
    refresh(network) {
      const { gamma, cost } = costOf(network);
      return { gamma, epochCycles: cost };
    },
    chunkCycles(accelerator: Accelerator, network: Network) {
      if (figure.alone) return [costOf(network).cost];
      const { chunks, placements } = accelerator;
      const total = chunks.map(() => 0);
      for (const layer of layersOrThrow(network)) {
        // A layer keeps its chunk whatever it chooses; one that gamma* did not have goes where it is fastest.
        const place = placements.find((placement) => placement.layer === layer.name)?.chunk;
        const own = chunks.flatMap((chunk, c) => (chunk.kind === layer.kind ? [c] : []));
        const candidates = place === undefined || !own.includes(place) ? own : [place];
        const costs = candidates.map((c) => cyclesOn(layer, at(chunks, c)));
        const best = costs.indexOf(Math.min(...costs));
        const chunk = at(candidates, best);
        total[chunk] = (total[chunk] ?? 0) + at(costs, best);
      }
      return total;
    },
  };
}
