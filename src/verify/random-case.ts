// One random layer on one netlist, with the layers around it, memory and images: all from one seed.

import type {
  Accelerator,
  Chunk,
  Placement,
  RequantizationForm,
  Tile,
} from '../accelerator/accelerator.ts';
import { formLayers, type Layer } from '../accelerator/layers.ts';
import { type Design, planDesign } from '../cost/design.ts';
import type { Mode } from '../emit/case-file.ts';
import { layerNumbers } from '../lower/numbers.ts';
import { randomImages } from '../network/random-network.ts';
import type { Memory } from '../schedule/memory.ts';
import { type LayerPlan, lanesOf } from '../schedule/plan.ts';
import { AutoNbaError, defined } from '../util/errors.ts';
import { createRng, type Rng } from '../util/rng.ts';
import {
  type Assignment,
  assignmentOf,
  differences,
  factors,
  type LayerValue,
  widthsOf,
} from './factors.ts';
import { type Netlist, netlistAccelerator, packableSlots } from './netlists.ts';
import { randomLayerNetwork } from './random-layer.ts';

/** What a run is asked to be; the netlist has the other factors. */
export type Wish = Pick<Assignment, 'layer' | 'activations' | 'weights' | 'order' | 'residency'>;

/** Everything one selfcheck run needs. */
export interface RandomCase {
  readonly netlist: Netlist;
  readonly seed: number;
  readonly design: Design;
  readonly memory: Memory;
  readonly mode: Mode;
  readonly imageCount: number;
  readonly images: Int32Array;
  /** Of the layer that was asked for. */
  readonly assignment: Assignment;
  readonly tiles: number;
  readonly raggedDimensions: number;
}

/** Kinds of layers that each kind of array runs. */
export const layersOn: Readonly<Record<Chunk['kind'], readonly LayerValue[]>> = {
  standard: ['conv', 'groupedConv', 'fullyConnected', 'channelShuffle', 'add'],
  depthwise: ['depthwiseConv', 'averagePool', 'maxPool', 'globalAveragePool', 'add'],
};

/** A random memory contract. */
export function randomMemory(rng: Rng): Memory {
  return {
    readLatencyCycles: rng.pick([1, 1, rng.integer(1, 8), rng.integer(9, 60)]),
    beatCycles: rng.pick([1, 1, rng.integer(1, 4)]),
    outstandingBursts: rng.pick([1, 2, 4, 8, 16]),
    writeLatencyCycles: rng.pick([1, rng.integer(1, 30)]),
  };
}

/** A piece of a dimension, in whole steps: all of it or cut into a few parts that need not come out even. */
function cut(rng: Rng, size: number, step: number): number {
  const parts = rng.pick([1, 2, 2, 3, 3, 4, rng.integer(1, 8)]);
  const steps = Math.max(1, Math.ceil(size / step / parts) - rng.integer(0, 1));
  return Math.min(size, steps * step);
}

/** A tile cut, one in four with a smaller first tile; channels in steps that suit most slots, legality decides. */
export function randomTile(rng: Rng, layer: Layer, chunk: Chunk, busBits: number): Tile {
  const [rows, columns, outputs] = layer.outputShape;
  const inputs = layer.inputShape[2];
  const inputLanes = lanesOf(busBits, chunk.slotBits);
  const finest = layer.kind === 'depthwise' ? inputLanes : 1;
  const tile = {
    rows: cut(rng, rows, 1),
    columns: cut(rng, columns, 1),
    outputs: cut(rng, outputs, Math.max(finest, rng.pick([4, 8, 16, 32]))),
    inputs: cut(rng, inputs, inputLanes),
  };
  const own = rng.fork('first');
  if (own.next() >= 0.25) return tile;
  const step = Math.max(finest, own.pick([4, 8, 16]));
  return {
    ...tile,
    first: { rows: own.integer(1, tile.rows), outputs: cut(own, tile.outputs, step) },
  };
}

/** Whether lowering takes its numbers: not every average of 16-bit values has an exact multiplier. */
export function canLower(layer: Layer, form: RequantizationForm): boolean {
  try {
    layerNumbers(layer, form);
    return true;
  } catch (error) {
    if (error instanceof AutoNbaError) return false;
    throw error;
  }
}

const ragged = (size: number, tile: number): boolean => tile < size && size % tile !== 0;

/** Dimensions of a layer that do not come out even, by its tiles or by the array's lanes. */
function raggedDimensions({ layer, chunk, tile }: LayerPlan): number {
  return [
    ragged(layer.outputShape[0], tile.rows) || layer.outputShape[0] % chunk.rows !== 0,
    ragged(layer.outputShape[1], tile.columns),
    ragged(layer.outputShape[2], tile.outputs) || layer.outputShape[2] % chunk.outputs !== 0,
    chunk.kind === 'standard' &&
      (ragged(layer.inputShape[2], tile.inputs) || layer.inputShape[2] % chunk.inputs !== 0),
  ].filter(Boolean).length;
}

const tilesOf = (plan: LayerPlan): number =>
  plan.rows.length * plan.columns.length * plan.steps.length;

/** A case, or why this draw is none. */
export type Attempt =
  | { readonly ok: true; readonly found: RandomCase }
  | { readonly ok: false; readonly reason: string };

/** How much is asked of the tiling, and how large the layer may be. */
interface Demands {
  readonly tiles: number;
  readonly ragged: number;
  readonly maxMacs: number;
}

/** One draw. `reason` is the first rule that the drawn design breaks, or what else it is not. */
export function tryCase(
  rng: Rng,
  netlist: Netlist,
  wish: Wish,
  seed: number,
  demands: Demands,
): Attempt {
  const refuse = (reason: string): Attempt => ({ ok: false, reason });
  const frame = netlistAccelerator(netlist, wish.order, []);
  const chunk = defined(frame.chunks[0], 'a chunk');
  const form = chunk.form ?? 'half-up';
  if (!layersOn[chunk.kind].includes(wish.layer))
    return refuse(`a ${chunk.kind} chunk runs no ${wish.layer}`);
  const wantsWeights = wish.residency === 'weights' || wish.residency === 'both';
  const wantsMaps = wish.residency === 'maps' || wish.residency === 'both';
  const place = rng.pick(['before', 'after', 'between'] as const);
  const shares = frame.chunks.length > 1;
  const readable = widthsUpTo(chunk.slotBits);
  const before = wantsMaps ? place !== 'after' : rng.next() < 0.15;
  // A map is read on the same chunk; where two chunks share a port, both have work.
  const own = Number(wantsMaps ? place !== 'before' : !shares && rng.next() < 0.15);
  const after = own + Number(shares);
  const { network, layer: name } = randomLayerNetwork(rng.fork('network'), {
    layer: wish.layer,
    kind: chunk.kind,
    form,
    activationBits: widthsOf(wish.activations).filter((bits) => bits <= chunk.slotBits),
    weightBits: widthsOf(wish.weights).filter((bits) => bits <= chunk.weightBits),
    readableBits: readable,
    writableBits: widthsUpTo(rng.pick([8, 16])).filter(
      (bits) => packableSlots(netlist.shape) & (1 << (Math.max(1, Math.ceil(Math.log2(bits))) - 1)),
    ),
    before,
    after,
    maxSize: rng.next() < 0.3 ? 28 : 14,
    maxChannels: rng.pick([8, 24, 40, 10 * lanesOf(frame.busBits, chunk.slotBits)]),
    maxKernel: rng.pick([3, 5, 11]),
    maxMacs: demands.maxMacs,
  });
  const formed = formLayers(network);
  if (!formed.ok) return refuse(formed.reason);
  const { layers } = formed;
  const main = layers.findIndex((layer) => layer.name === name);
  const placements = layers.map((layer, l): Placement => {
    const isMap =
      wantsMaps && ((l === main - 1 && place !== 'after') || (l === main && place !== 'before'));
    const chunkIndex = shares && l > main + (wantsMaps && place !== 'before' ? 1 : 0) ? 1 : 0;
    const resident = l === main ? wantsWeights : wish.residency !== 'stream' && rng.next() < 0.3;
    return {
      layer: layer.name,
      chunk: chunkIndex,
      tile: randomTile(rng, layer, chunk, frame.busBits),
      ...(resident ? { weights: 'resident' as const } : {}),
      ...(isMap ? { output: 'chip' as const } : {}),
    };
  });
  const accelerator: Accelerator = { ...frame, placements };
  const planned = planDesign(network, accelerator);
  if (!planned.ok) return refuse(planned.problems[0] ?? '');
  const plan = defined(planned.plans[main], 'the plan of the layer');
  const assignment = assignmentOf(plan.layer, chunk, plan.chip, frame);
  const other = differences(assignment, { ...assignment, ...wish })[0];
  if (other !== undefined)
    return refuse(
      `${wish.layer} has ${other} ${assignment[other]}, not ${{ ...assignment, ...wish }[other]}`,
    );
  const tiles = tilesOf(plan);
  const uneven = raggedDimensions(plan);
  if (tiles < demands.tiles || uneven < demands.ragged) return refuse('too few tiles');
  if (Math.max(...planned.plans.map(tilesOf)) > 400) return refuse('too many tiles');
  if (!layers.every((layer) => canLower(layer, form)))
    return refuse('an average has no exact multiplier');
  const isThroughput = shares || rng.next() < 0.2;
  const imageCount = isThroughput ? rng.integer(2, 3) : 1;
  return {
    ok: true,
    found: {
      netlist,
      seed,
      design: {
        name: `selfcheck_${netlist.name}`,
        network,
        accelerator,
        provenance: { strategy: 'selfcheck', seed, device: 'none' },
      },
      memory: randomMemory(rng),
      mode: isThroughput ? 'throughput' : 'latency',
      imageCount,
      images: randomImages(rng.fork('images'), network, imageCount),
      assignment,
      tiles,
      raggedDimensions: uneven,
    },
  };
}

const widthsUpTo = (bits: number): readonly number[] =>
  Array.from({ length: bits - 1 }, (_, k) => k + 2);

/** Any wish that the netlist's array, slots and weights allow. */
export function randomWish(rng: Rng, netlist: Netlist): Wish {
  const { kind, slotBits, weightBits, chipWords, hasAdd } = netlist.shape;
  const layer = rng.pick(layersOn[kind].filter((value) => value !== 'add' || hasAdd));
  const upTo = (most: number) =>
    factors.activations.filter((value) => (widthsOf(value)[0] ?? 0) <= most);
  // Pools and lone sums have weights of one, in two bits.
  const weights = layer.endsWith('Pool') ? '2' : rng.pick(upTo(weightBits));
  return {
    layer,
    activations: rng.pick(upTo(slotBits)),
    weights,
    order: rng.pick(factors.order),
    residency: chipWords === undefined ? 'stream' : rng.pick(factors.residency),
  };
}

const DEMANDING_ATTEMPTS = 150;
const ATTEMPTS = 5000;

/** The random case of a seed: more than one tile, at least one ragged dimension; most have many of both. */
export function randomCase(netlist: Netlist, seed: number, wish?: Wish): RandomCase {
  const rng = createRng(seed).fork(netlist.name);
  const demanding = rng.next() < 0.75;
  const wanted = wish ?? randomWish(rng, netlist);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const hard = demanding && attempt < DEMANDING_ATTEMPTS;
    const demands = { tiles: hard ? 8 : 2, ragged: hard ? 2 : 1, maxMacs: 150_000 };
    const draw = rng.fork(String(attempt));
    const result = tryCase(draw, netlist, wanted, seed, demands);
    if (result.ok) return result.found;
  }
  throw new Error(
    `no random ${wanted.layer} fits netlist ${netlist.name} with seed ${seed}: ${JSON.stringify(wanted)}`,
  );
}
