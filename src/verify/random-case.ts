// One random layer on one shape: network, tile, memory and images, all from one seed.

import type {
  Accelerator,
  Chunk,
  Placement,
  RequantizationForm,
  Tile,
} from '../accelerator/accelerator.ts';
import { formLayers, type Layer } from '../accelerator/layers.ts';
import type { Design } from '../cost/design.ts';
import { planDesign } from '../cost/design.ts';
import { layerNumbers } from '../lower/numbers.ts';
import type { Network } from '../network/network.ts';
import { randomImages, randomNetwork } from '../network/random-network.ts';
import type { Memory } from '../schedule/memory.ts';
import { lanesOf } from '../schedule/plan.ts';
import { AutoNbaError } from '../util/errors.ts';
import { createRng, type Rng } from '../util/rng.ts';
import { type ShapeName, selfcheckShapes, shapeAccelerator } from './netlists.ts';

/** Everything one selfcheck run needs. */
export interface RandomCase {
  readonly shape: ShapeName;
  readonly seed: number;
  readonly design: Design;
  readonly memory: Memory;
  readonly images: Int32Array;
  readonly tiles: number;
  readonly raggedDimensions: number;
}

const standardKinds = ['conv', 'fullyConnected'] as const;
const depthwiseKinds = ['depthwiseConv', 'averagePool', 'maxPool', 'globalAveragePool'] as const;

function randomMemory(rng: Rng): Memory {
  return {
    readLatencyCycles: rng.pick([1, 1, rng.integer(1, 8), rng.integer(9, 60)]),
    beatCycles: rng.pick([1, 1, rng.integer(1, 4)]),
    outstandingBursts: rng.pick([1, 2, 4, 8, 16]),
    writeLatencyCycles: rng.pick([1, rng.integer(1, 30)]),
  };
}

/** A tile cut; smaller where a first try left the layer in one piece. */
function randomTile(rng: Rng, layer: Layer, chunk: Chunk, busBits: number): Tile {
  const [rows, columns, outputs] = layer.outputShape;
  const inputs = layer.inputShape[2];
  const inputLanes = lanesOf(busBits, chunk.slotBits);
  const outputLanes = 32;
  const cut = (size: number, step: number) =>
    step * rng.integer(1, Math.max(1, Math.ceil(size / step)));
  const tileOutputs = Math.min(outputs, cut(outputs, Math.max(outputLanes, inputLanes)));
  const fineOutputs = Math.min(
    outputs,
    cut(outputs, Math.max(8, layer.kind === 'depthwise' ? inputLanes : 8)),
  );
  return {
    rows: rng.integer(1, rows),
    columns: rng.integer(1, columns),
    outputs: rng.pick([tileOutputs, fineOutputs]),
    inputs: Math.min(inputs, cut(inputs, inputLanes)),
  };
}

/** Whether lowering takes its numbers: not every average of 16-bit values has an exact multiplier. */
function canLower(layer: Layer, form: RequantizationForm): boolean {
  try {
    layerNumbers(layer, form);
    return true;
  } catch (error) {
    if (error instanceof AutoNbaError) return false;
    throw error;
  }
}

const ragged = (size: number, tile: number): boolean => tile < size && size % tile !== 0;

function tryCase(rng: Rng, shape: ShapeName, seed: number): RandomCase | undefined {
  const { slotBits, weightBits, kind, hasAdd, ...rest } = selfcheckShapes[shape];
  const hasChip = 'chipWords' in rest;
  const form: RequantizationForm = 'form' in rest ? rest.form : 'half-up';
  const widths = (most: number) => Array.from({ length: most - 1 }, (_, k) => k + 2);
  const big = rng.next() < 0.3;
  const network: Network = randomNetwork(rng.fork('network'), {
    kinds: [
      ...(kind === 'depthwise' ? depthwiseKinds : standardKinds),
      ...(hasAdd ? (['add'] as const) : []),
    ],
    // Maps stay on chip only between layers, so chunks with on-chip memory run chains.
    operators: hasChip ? rng.pick([1, 2, 3]) : 1,
    maxSize: big ? 28 : 14,
    maxChannels: rng.pick([8, 24, 40]),
    maxKernel: rng.pick([3, 5, 11]),
    maxMacs: 400_000,
    activationBits: widths(slotBits === 4 ? 4 : rng.pick([8, slotBits])),
    weightBits: widths(weightBits),
    forms: [form],
  });
  const formed = formLayers(network);
  if (!formed.ok || formed.layers.some((layer) => layer.kind !== kind || !canLower(layer, form)))
    return undefined;
  const order = rng.pick(['overlapped', 'overlapped', 'paper'] as const);
  const frame: Accelerator = shapeAccelerator(shape, order, []);
  const chunk = frame.chunks[0];
  if (chunk === undefined) return undefined;
  const tiles = formed.layers.map((layer) => randomTile(rng, layer, chunk, frame.busBits));
  const placements = formed.layers.map(
    (layer, l): Placement => ({
      layer: layer.name,
      chunk: 0,
      tile: tiles[l] ?? { rows: 1, columns: 1, outputs: 1, inputs: 1 },
      ...(hasChip && rng.next() < 0.5 ? { weights: 'resident' as const } : {}),
      ...(hasChip && l + 1 < formed.layers.length && rng.next() < 0.6
        ? { output: 'chip' as const }
        : {}),
    }),
  );
  const accelerator = { ...frame, placements };
  const planned = planDesign(network, accelerator);
  if (!planned.ok) return undefined;
  const counts = planned.plans.map(
    (plan) => plan.rows.length * plan.columns.length * plan.steps.length,
  );
  const layer = formed.layers[0];
  const tile = tiles[0];
  if (
    layer === undefined ||
    tile === undefined ||
    Math.min(...counts) < 2 ||
    Math.max(...counts) > 400
  )
    return undefined;
  const raggedDimensions = [
    ragged(layer.outputShape[0], tile.rows) || layer.outputShape[0] % chunk.rows !== 0,
    ragged(layer.outputShape[1], tile.columns),
    ragged(layer.outputShape[2], tile.outputs) || layer.outputShape[2] % chunk.outputs !== 0,
    kind === 'standard' &&
      (ragged(layer.inputShape[2], tile.inputs) || layer.inputShape[2] % chunk.inputs !== 0),
  ].filter(Boolean).length;
  if (raggedDimensions < 1) return undefined;
  const provenance = { strategy: 'selfcheck', seed, device: 'none' };
  return {
    shape,
    seed,
    design: { name: `selfcheck_${shape}`, network, accelerator, provenance },
    memory: randomMemory(rng),
    images: randomImages(rng.fork('images'), network, 1),
    tiles: Math.max(...counts),
    raggedDimensions,
  };
}

/** The random case of a seed: more than one tile, at least one ragged dimension. */
export function randomCase(shape: ShapeName, seed: number): RandomCase {
  const rng = createRng(seed);
  for (let attempt = 0; attempt < 5000; attempt++) {
    const found = tryCase(rng.fork(`${shape}/${attempt}`), shape, seed);
    if (found !== undefined) return found;
  }
  throw new Error(`no random layer fits shape ${shape} with seed ${seed}`);
}
