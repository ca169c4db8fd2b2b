// A design: a network with the accelerator chosen for it, and every cycle it will take.

import type { Accelerator, Placement } from '../accelerator/accelerator.ts';
import { formLayers, type Layer } from '../accelerator/layers.ts';
import type { Network } from '../network/network.ts';
import { burstsOf, linearRuns } from '../schedule/bursts.ts';
import { chunkProblems } from '../schedule/legality.ts';
import type { Memory } from '../schedule/memory.ts';
import { type LayerPlan, planLayer } from '../schedule/plan.ts';
import { chunkMemories, portProblems } from '../schedule/ports.ts';
import { chipUses, mapChips } from '../schedule/residency.ts';
import { smallestSlot, tensorSlots } from '../schedule/slots.ts';
import { tileProblems } from '../schedule/tile-legality.ts';
import {
  BARRIER_CYCLES,
  CHUNK_START_CYCLES,
  LAYER_GAP_CYCLES,
  readCycles,
  SKIP_AHEAD_CYCLES,
  SKIP_CYCLES,
} from '../schedule/timing.ts';
import { defined } from '../util/errors.ts';
import { powerOfTwoFrom } from '../util/powers.ts';
import { evaluatePlan } from './layer-evaluation.ts';

/** Where a design came from, without times: the same search gives the same bytes. */
export interface Provenance {
  readonly strategy: string;
  readonly seed: number;
  readonly device: string;
  /** Data set whose images the network classifies, where it was trained here. */
  readonly dataset?: string | undefined;
}

/** What explore and search hand over: complete, reproducible, always accepted. */
export interface Design {
  readonly name: string;
  readonly network: Network;
  readonly accelerator: Accelerator;
  readonly provenance: Provenance;
}

/** Layers with their plans, or everything that is wrong with the design. */
export type PlansOrProblems =
  | {
      readonly ok: true;
      readonly layers: readonly Layer[];
      readonly plans: readonly LayerPlan[];
      readonly delays: readonly number[];
    }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Images a layer lags behind the first: one more for each change of chunk on the way (docs/hardware.md 5). */
export function layerDelays(
  layers: readonly Layer[],
  placements: readonly Pick<Placement, 'chunk'>[],
): number[] {
  const delays: number[] = [];
  const producer = new Map<string, number>();
  layers.forEach((layer, l) => {
    let delay = 0;
    for (const tensor of [layer.input, layer.operand]) {
      const p = tensor === undefined ? undefined : producer.get(tensor.name);
      if (p === undefined) continue;
      const crosses = placements[p]?.chunk !== placements[l]?.chunk;
      delay = Math.max(delay, (delays[p] ?? 0) + (crosses ? 1 : 0));
    }
    delays.push(delay);
    producer.set(layer.output.name, l);
  });
  return delays;
}

/** The program window has four bits for a chunk, and one value of them is the order memory's. */
const MAX_CHUNKS = 15;

/** Cuts every layer of a design into tiles, after checking every rule. */
export function planDesign(network: Network, accelerator: Accelerator): PlansOrProblems {
  const formed = formLayers(network);
  if (!formed.ok)
    return { ok: false, problems: [`operator "${formed.operator}": ${formed.reason}`] };
  const { layers } = formed;
  const problems: string[] = [];
  if (accelerator.placements.length !== layers.length)
    problems.push(`${accelerator.placements.length} placements for ${layers.length} layers`);
  for (const [c, chunk] of accelerator.chunks.entries())
    for (const problem of chunkProblems(chunk, accelerator.busBits))
      problems.push(`chunks[${c}] "${chunk.name}": ${problem}`);
  for (const [c, { name }] of accelerator.chunks.entries())
    if (!accelerator.placements.some(({ chunk }) => chunk === c))
      problems.push(`chunks[${c}] "${name}": no layer runs on it, leave it out`);
  problems.push(...portProblems(accelerator.chunks));
  if (accelerator.chunks.length > MAX_CHUNKS)
    problems.push(
      `${accelerator.chunks.length} chunks are more than the registers address; the nearest legal is ${MAX_CHUNKS}`,
    );
  if (problems.length > 0) return { ok: false, problems };
  const resolved = tensorSlots(network, layers, accelerator);
  if (!resolved.ok) return { ok: false, problems: [resolved.reason] };
  const delays = layerDelays(layers, accelerator.placements);
  const residency = chipUses(layers, accelerator, delays);
  problems.push(...residency.problems);
  const plans: LayerPlan[] = [];
  layers.forEach((layer, l) => {
    const placement = accelerator.placements[l];
    const chunk = accelerator.chunks[placement?.chunk ?? -1];
    if (placement === undefined || chunk === undefined || placement.layer !== layer.name) {
      problems.push(`placements[${l}] is for "${placement?.layer}", expected "${layer.name}"`);
      return;
    }
    const slots = {
      output: resolved.slots.get(layer.output.name) ?? smallestSlot(layer.output.bits),
      operand: resolved.slots.get(layer.operand?.name ?? '') ?? 8,
    };
    const chip = residency.uses[l];
    const broken = tileProblems(layer, chunk, placement.tile, slots, accelerator.busBits, chip);
    for (const problem of broken)
      problems.push(`layer "${layer.name}" on "${chunk.name}": ${problem}`);
    if (broken.length === 0)
      plans.push(planLayer(layer, chunk, placement.tile, slots, accelerator.busBits, chip));
  });
  mapChips(plans, accelerator).forEach(({ totalBeats }, c) => {
    const chunk = accelerator.chunks[c];
    const held = chunk?.chipWords ?? 0;
    if (totalBeats > held)
      problems.push(
        `chunks[${c}] "${chunk?.name}": its resident weights and maps take ${totalBeats} beats, chipWords is ${held}; the nearest legal is ${powerOfTwoFrom(2, totalBeats)}`,
      );
  });
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, layers, plans, delays };
}

/** Every cycle of a design under a memory contract; simulation must give the same numbers. */
export interface Prediction {
  readonly layers: readonly {
    readonly name: string;
    readonly chunk: number;
    readonly delay: number;
    readonly cycles: number;
  }[];
  /** Cycles of each chunk in an epoch in which all its layers are active. */
  readonly chunkCycles: readonly number[];
  /** From one epoch's start to the next in the steady state. */
  readonly epochCycles: number;
  /** From one image's start to the next in latency mode. */
  readonly latencyCycles: number;
  /** Copying resident weights on chip, once before the first image; 0 where there is nothing to copy. */
  readonly prologueCycles: number;
  /** Largest delay: an image leaves after this many + 1 epochs. */
  readonly depth: number;
}

/** Cycles of a chunk in one epoch, given which of its layers are active. */
function chunkEpochCycles(
  layers: Prediction['layers'],
  chunk: number,
  active: (delay: number) => boolean,
): number {
  let cycles = 0;
  let isAhead = false;
  for (const layer of layers) {
    if (layer.chunk !== chunk) continue;
    const isActive = active(layer.delay);
    if (isActive) cycles += (isAhead ? LAYER_GAP_CYCLES : CHUNK_START_CYCLES) + layer.cycles;
    else cycles += isAhead ? SKIP_AHEAD_CYCLES : SKIP_CYCLES;
    isAhead = isActive;
  }
  return cycles;
}

/** Every chunk copies its weights at once over its own port; chunks without any only look for them. */
function prologueCycles(
  plans: readonly LayerPlan[],
  accelerator: Accelerator,
  memories: readonly Memory[],
): number {
  const beats = mapChips(plans, accelerator).map((chip) => chip.prologueBeats);
  if (Math.max(...beats) === 0) return 0;
  const cycles = beats.map((count, c) =>
    count === 0
      ? SKIP_CYCLES
      : CHUNK_START_CYCLES +
        readCycles(
          burstsOf(linearRuns(0, count), accelerator.busBits),
          defined(memories[c], 'a memory'),
        ) +
        1,
  );
  return BARRIER_CYCLES + Math.max(...cycles);
}

/** The one function behind `estimate`, the search, the manifest and `verify`. */
export function predict(
  plans: readonly LayerPlan[],
  delays: readonly number[],
  accelerator: Accelerator,
  memory: Memory,
): Prediction {
  const memories = chunkMemories(accelerator.chunks, memory);
  const layers = plans.map((plan, l) => {
    const chunk = accelerator.placements[l]?.chunk ?? -1;
    return {
      name: plan.layer.name,
      chunk,
      delay: delays[l] ?? 0,
      cycles: evaluatePlan(plan, defined(memories[chunk], 'a memory')).cycles,
    };
  });
  const chunkCycles = accelerator.chunks.map((_, c) => chunkEpochCycles(layers, c, () => true));
  const handoff = CHUNK_START_CYCLES + BARRIER_CYCLES;
  return {
    layers,
    chunkCycles,
    epochCycles: BARRIER_CYCLES + Math.max(...chunkCycles),
    latencyCycles: layers.reduce((sum, layer) => sum + layer.cycles + handoff, 0),
    prologueCycles: prologueCycles(plans, accelerator, memories),
    depth: Math.max(0, ...delays),
  };
}

/** Cycles of each epoch while `images` images pass through, fill and drain included. */
export function epochsOf(prediction: Prediction, images: number): number[] {
  return Array.from({ length: images + prediction.depth }, (_, epoch) => {
    const active = (delay: number) => epoch >= delay && epoch - delay < images;
    const chunks = prediction.chunkCycles.map((_, c) =>
      chunkEpochCycles(prediction.layers, c, active),
    );
    return BARRIER_CYCLES + Math.max(...chunks);
  });
}
