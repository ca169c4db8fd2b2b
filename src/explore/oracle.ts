// What the joint search asks of the accelerator side: gamma* of a network, and what any other layer would cost on it.

import type { Accelerator, Chunk } from '../accelerator/accelerator.ts';
import type { Device } from '../accelerator/device.ts';
import type { Layer } from '../accelerator/layers.ts';
import type { Network } from '../network/network.ts';
import type { WordsNeeded } from '../schedule/legality.ts';
import { lanesOf } from '../schedule/plan.ts';
import { smallestSlot } from '../schedule/slots.ts';
import { explore, layersOrThrow } from './explore.ts';
import type { Explorer } from './explorer.ts';
import { layerSignature } from './layer-table.ts';

/** A chunk for kinds of layer that gamma* has none for: small, so that new kinds are not free. */
const smallArray = {
  rows: 1,
  outputs: 8,
  inputs: 8,
  requantizers: 4,
  multiplier: 'dsp1',
  order: 'overlapped',
  accumulatorBuffers: 2,
  buffers: { input: 1024, weights: 1024, parameters: 256, accumulators: 512, operand: 512 },
} as const;

/** The chunks of gamma* that a layer could run on, else the nearest thing to one. */
function chunksFor(layer: Layer, accelerator: Accelerator): readonly Chunk[] {
  const ofKind = accelerator.chunks.filter((chunk) => chunk.kind === layer.kind);
  const able = ofKind.filter(
    (chunk) => chunk.slotBits >= layer.input.bits && chunk.weightBits >= layer.weightBits,
  );
  if (able.length > 0) return able;
  const widths = { slotBits: smallestSlot(layer.input.bits), weightBits: layer.weightBits };
  if (ofKind.length > 0) return ofKind.map((chunk) => ({ ...chunk, ...widths }));
  const inputs = layer.kind === 'depthwise' ? 1 : smallArray.inputs;
  return [{ ...smallArray, ...widths, inputs, name: 'none', kind: layer.kind, hasAdd: true }];
}

/** Cycles of a layer on a chunk with its best tile, or undefined where none fits the buffers. */
function cyclesOn(layer: Layer, chunk: Chunk, explorer: Explorer): number | undefined {
  const slots = {
    input: chunk.slotBits,
    output: smallestSlot(layer.output.bits),
    operand: smallestSlot(layer.operand?.bits ?? 8),
  };
  const hasAdd = chunk.hasAdd || layer.add !== undefined;
  const lanes = Math.min(
    lanesOf(explorer.busBits, slots.output),
    layer.add === undefined ? explorer.busBits : lanesOf(explorer.busBits, slots.operand),
  );
  const array = { ...chunk, hasAdd, requantizers: Math.min(chunk.requantizers, lanes) };
  // Records and operands are given what they need: gamma* was solved with other layers in mind.
  const fits = (words: WordsNeeded) =>
    words.input <= chunk.buffers.input &&
    words.weights <= chunk.buffers.weights &&
    words.accumulators <= chunk.buffers.accumulators;
  let best: number | undefined;
  for (const timer of explorer.timers({ layer, slots, weightBits: chunk.weightBits, hasAdd })) {
    if (!fits(timer.words(array))) continue;
    const cycles = timer.cycles(array);
    if (best === undefined || cycles < best) best = cycles;
  }
  return best;
}

/** Asks the exact solver; `totalCycles` keeps what it worked out. */
export function createOracle(device: Device, explorer: Explorer) {
  const known = new Map<string, number>();
  const layerCycles = (layer: Layer, accelerator: Accelerator): number => {
    const chunks = chunksFor(layer, accelerator);
    const key = JSON.stringify([
      layerSignature(layer),
      layer.input.bits,
      layer.output.bits,
      layer.weightBits,
      chunks,
    ]);
    const before = known.get(key);
    if (before !== undefined) return before;
    const candidates = chunks
      .map((chunk) => cyclesOn(layer, chunk, explorer))
      .filter((cycles) => cycles !== undefined);
    // Buffers too small for any tile: the layer would force a larger design; the largest buffers stand in.
    const large = {
      input: 4096,
      weights: 4096,
      parameters: 1024,
      accumulators: 4096,
      operand: 4096,
    };
    const cycles =
      candidates.length > 0
        ? Math.min(...candidates)
        : Math.min(
            ...chunks.map(
              (chunk) =>
                cyclesOn(layer, { ...chunk, buffers: large }, explorer) ?? Number.POSITIVE_INFINITY,
            ),
          );
    known.set(key, cycles);
    return cycles;
  };
  return {
    /** gamma* of a network: the proven optimum of the space. */
    refresh(network: Network): { readonly gamma: Accelerator; readonly epochCycles: number } {
      const { accelerator, epochCycles } = explore(network, device, { explorer });
      return { gamma: accelerator, epochCycles };
    },
    /** Cycles of all layers of a network on an accelerator solved for another one, added up. */
    totalCycles(gamma: Accelerator, network: Network): number {
      return layersOrThrow(network).reduce((sum, layer) => sum + layerCycles(layer, gamma), 0);
    },
  };
}
