// From a network and a device to the best accelerator of the space, complete and estimated.

import type { Accelerator, Chunk, Placement } from '../accelerator/accelerator.ts';
import { layerAverage } from '../accelerator/averages.ts';
import type { Device } from '../accelerator/device.ts';
import { formLayers, type Layer } from '../accelerator/layers.ts';
import type { EnergyTable } from '../cost/energy.ts';
import { type Estimate, estimate } from '../cost/estimate.ts';
import { rulesOf } from '../cost/part-rules.ts';
import { fixedResources, type Resources } from '../cost/resources.ts';
import type { Network } from '../network/network.ts';
import { defaultMemory, type Memory } from '../schedule/memory.ts';
import { portMemory } from '../schedule/ports.ts';
import { BARRIER_CYCLES } from '../schedule/timing.ts';
import { AutoNbaError, answerIsNo, defined } from '../util/errors.ts';
import { createRng } from '../util/rng.ts';
import { allocate } from './allocation.ts';
import type { ChunkDesign, DesignedChunkSpace } from './chunk-space.ts';
import { Explorer } from './explorer.ts';
import { type Allocation, fewestChunks, formOf, type Partition, partitionsOf } from './groups.ts';
import type { Objective, Point, Problem } from './problem.ts';
import type { Solver } from './solver.ts';
import { exact } from './solvers/exact.ts';
import { type Space, usableLogic } from './space.ts';

/** What to explore beside the network and the device; everything has a default. */
export interface ExploreOptions {
  readonly solver?: Solver;
  readonly objective?: Objective;
  readonly memory?: Memory;
  /** Table of the energies that are reported. */
  readonly energyTable?: EnergyTable;
  readonly space?: Space;
  /** Which layers may share a chunk. */
  readonly allocation?: Allocation;
  /** Seed of solvers that draw. */
  readonly seed?: number;
  /** Accelerators that solvers without a proof may look at. */
  readonly points?: number;
  /** Shared by explorations that follow each other; its memory, bus and space then hold. */
  readonly explorer?: Explorer;
}

/** How an accelerator was found, and all its figures. */
export interface ExploreResult extends Estimate {
  /** True where no design of the space is better. */
  readonly provenOptimal: boolean;
  /** Layer evaluations made: one layer, one tile, one array. */
  readonly evaluations: number;
  readonly seconds: number;
  /** The best accelerator, or the nearest where nothing fits; `planDesign` accepts it. */
  readonly accelerator: Accelerator;
}

/** Bus width of a device's ports that chunks can be built for. */
export function busBitsOf(device: Device): 32 | 64 {
  return device.portBits >= 64 ? 64 : 32;
}

/** Names that say what a chunk is, in the order of its network; a number where two would be equal. */
function nameChunks(chunks: readonly Chunk[]): Chunk[] {
  const plain = chunks.map(
    ({ kind, weightBits, slotBits }) => `${kind}_w${weightBits}a${slotBits}`,
  );
  return chunks.map((chunk, c) => {
    const name = defined(plain[c], 'name');
    const twins = plain.filter((other) => other === name).length;
    const before = plain.slice(0, c).filter((other) => other === name).length;
    return { ...chunk, name: twins === 1 ? name : `${name}_${before}` };
  });
}

/** Ports of chunks that are more than the ports: each in its turn; undefined where every chunk has its own. */
function portTurns(chunks: number, ports: number): readonly number[] | undefined {
  return chunks <= ports ? undefined : Array.from({ length: chunks }, (_, c) => c % ports);
}

function assemble(
  layers: readonly Layer[],
  partition: Partition,
  designs: readonly ChunkDesign[],
  busBits: 32 | 64,
  ports: number,
): Accelerator {
  const turns = portTurns(partition.length, ports);
  const placements = new Array<Placement | undefined>(layers.length).fill(undefined);
  partition.forEach((own, c) => {
    own.forEach((l, k) => {
      const tile = defined(designs[c]?.tiles[k], 'tile');
      const chip = defined(designs[c]?.chips[k], 'chip use');
      placements[l] = {
        layer: defined(layers[l], 'layer').name,
        chunk: c,
        tile,
        ...(chip.weights ? { weights: 'resident' } : {}),
        ...(chip.output ? { output: 'chip' } : {}),
      };
    });
  });
  return {
    busBits,
    chunks: nameChunks(
      designs.map(({ chunk }, c) => (turns === undefined ? chunk : { ...chunk, port: turns[c] })),
    ),
    placements: placements.map((placement) => defined(placement, 'placement')),
  };
}

/** What a device leaves to the chunks. */
function budgetOf(device: Device, layers: number): Resources {
  const fixed = fixedResources(layers);
  return {
    dsp: device.dsp - fixed.dsp,
    bram18: device.bram18 - fixed.bram18,
    lut: Math.floor(usableLogic * device.lut) - fixed.lut,
    ff: Math.floor(usableLogic * device.ff) - fixed.ff,
  };
}

/** The layers of a network; a network that no chunk can run is the user's to change. */
export function layersOrThrow(network: Network): readonly Layer[] {
  const formed = formLayers(network);
  if (!formed.ok)
    throw new AutoNbaError(
      `network "${network.name}" cannot run on chunks: operator "${formed.operator}": ${formed.reason}`,
      'change the operator, or leave it to the host at the end',
      answerIsNo,
    );
  const form = formOf(formed.layers) ?? 'half-up';
  for (const layer of formed.layers) {
    const { kind } = layer.source;
    const isAverage = kind === 'averagePool' || kind === 'globalAveragePool';
    if (!isAverage || layerAverage(layer, form) !== undefined) continue;
    const taps = layer.kernel[0] * layer.kernel[1];
    throw new AutoNbaError(
      `network "${network.name}" cannot run on chunks: operator "${layer.name}": an average over ${taps} values of ${layer.input.bits} bits has no exact multiplier`,
      'average in two steps, give its input fewer bits, or leave it to the host at the end',
      answerIsNo,
    );
  }
  return formed.layers;
}

/** What is to be solved for some layers on a device, and what its points mean. */
export interface PosedProblem {
  readonly problem: Problem;
  /** Of each alternative. */
  readonly partitions: readonly Partition[];
  readonly spaces: readonly (readonly DesignedChunkSpace[])[];
}

/** Poses the problem of the best accelerator: alternatives, chunks, their designs, and the budget they share. */
export function poseProblem(
  layers: readonly Layer[],
  device: Device,
  explorer: Explorer,
  { objective = 'throughput', allocation = 'merge' }: ExploreOptions = {},
): PosedProblem {
  const { space } = explorer;
  const own = partitionsOf(layers, device.ports, space, allocation);
  const partitions =
    own.length > 0
      ? own
      : partitionsOf(layers, fewestChunks(layers, space, allocation), space, allocation);
  const spaces = partitions.map((partition) => {
    const { frames, contexts } = allocate(layers, partition);
    const turns = portTurns(partition.length, device.ports);
    return frames.map((frame, c) => {
      const slots = turns?.filter((port) => port === turns[c]).length ?? 1;
      const memory = portMemory(explorer.memory, slots);
      const behind = (contexts[c] ?? []).map((context) => ({ ...context, memory }));
      return explorer.chunkSpace(frame, slots === 1 ? (contexts[c] ?? []) : behind);
    });
  });
  const alternatives = spaces.map((chunks) => ({ chunks }));
  const problem = { alternatives, budget: budgetOf(device, layers.length), objective };
  return { problem, partitions, spaces };
}

/**
 * Finds the best accelerator of the space for a network.
 *
 * A device that is too small is an answer, not an error: `fits` is false and `missing` counts. Where a network needs
 * more chunks than the device has ports, chunks share ports in turn.
 * @throws AutoNbaError (exit code 1) where an operator cannot run on chunks
 */
export function explore(
  network: Network,
  device: Device,
  options: ExploreOptions = {},
): ExploreResult {
  const started = performance.now();
  const { solver = exact, objective = 'throughput', seed = 1, points = 2000 } = options;
  const explorer =
    options.explorer ??
    new Explorer(
      options.memory ?? defaultMemory,
      busBitsOf(device),
      options.space,
      rulesOf(device),
    );
  const { memory, busBits } = explorer;
  if (explorer.rules !== rulesOf(device))
    throw new Error(`the explorer counts by other rules than those of family ${device.family}`);
  const before = explorer.evaluations;
  const layers = layersOrThrow(network);
  const { problem, partitions, spaces } = poseProblem(layers, device, explorer, {
    ...options,
    objective,
  });
  const outcome = solver.solve(problem, { rng: createRng(seed), points });
  const point: Point | undefined = outcome.point ?? outcome.nearest;
  if (point === undefined)
    throw new AutoNbaError(
      `network "${network.name}": no array of the space can run every layer`,
      'a layer needs larger buffers than the space has; cut its map or channels',
      answerIsNo,
    );
  const chosen = defined(spaces[point.alternative], 'alternative');
  const designs = point.options.map((option, c) =>
    defined(chosen[c], 'chunk').designAt(option.index),
  );
  const partition = defined(partitions[point.alternative], 'partition');
  const accelerator = assemble(layers, partition, designs, busBits, device.ports);
  const figures = estimate(network, accelerator, device, memory, options.energyTable);
  const promised = Math.max(...point.options.map((option) => option.cycles)) + BARRIER_CYCLES;
  if (figures.epochCycles !== promised)
    throw new Error(`explored ${promised} cycles an epoch, predicted ${figures.epochCycles}`);
  return {
    ...figures,
    provenOptimal: solver.provesOptimality && outcome.point !== undefined && figures.fits,
    evaluations: explorer.evaluations - before,
    seconds: (performance.now() - started) / 1e3,
    accelerator,
  };
}
