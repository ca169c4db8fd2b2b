// From a network and a device to the best accelerator of the space, complete and estimated.

import type { Accelerator, Chunk, Placement } from '../accelerator/accelerator.ts';
import { layerAverage } from '../accelerator/averages.ts';
import type { Device } from '../accelerator/device.ts';
import { formLayers, type Layer } from '../accelerator/layers.ts';
import { type EnergyTable, FEMTO_PER_MILLI } from '../cost/energy.ts';
import { horowitz45nm } from '../cost/energy-tables/index.ts';
import { type Estimate, estimate } from '../cost/estimate.ts';
import { rulesOf } from '../cost/part-rules.ts';
import { fixedResources, type Resources } from '../cost/resources.ts';
import { areaFigure, areaUnits } from '../cost/silicon.ts';
import type { Network } from '../network/network.ts';
import { defaultMemory, type Memory } from '../schedule/memory.ts';
import { portMemory } from '../schedule/ports.ts';
import { BARRIER_CYCLES, CHUNK_START_CYCLES, FIRST_LAYER_CYCLES } from '../schedule/timing.ts';
import { AutoNbaError, answerIsNo, defined } from '../util/errors.ts';
import { createRng } from '../util/rng.ts';
import { allocate } from './allocation.ts';
import { overheadCycles } from './cells.ts';
import type { ChunkDesign } from './chunk-design.ts';
import type { DesignedChunkSpace } from './chunk-space.ts';
import { Explorer } from './explorer.ts';
import { asksForEnergy, type Figures, limitsOf } from './figures.ts';
import { frontOf } from './front-of.ts';
import { type Allocation, fewestChunks, formOf, type Partition, partitionsOf } from './groups.ts';
import {
  type Limits,
  type Objective,
  offsetOf,
  type Point,
  type Problem,
  totalFigures,
} from './problem.ts';
import { type Relaxation, relaxationsOf } from './relaxation.ts';
import type { Solver } from './solver.ts';
import { exact } from './solvers/exact.ts';
import { type Space, usableLogic } from './space.ts';
import type { Weighing } from './weighing.ts';

/** What to explore beside the network and the device; everything has a default. */
export interface ExploreOptions {
  readonly solver?: Solver;
  readonly objective?: Objective;
  /** The most of each objective, in the units of `objectiveValue`; the budget is the device's whatever is said here. */
  readonly limits?: Limits;
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
  /** Whether to work out how far limits would have to give way where nothing keeps them; true where it is left out. */
  readonly relaxes?: boolean;
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
  /** Where it is proven that nothing keeps all limits, how far each would have to give way; empty otherwise. */
  readonly relaxations: readonly Relaxation[];
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

/** What the latency of an image is more than its chunks' cycles together: one layer after the other hands over. */
const latencyOffset = (layers: number, chunks: number): number =>
  layers * (CHUNK_START_CYCLES + BARRIER_CYCLES) -
  overheadCycles(layers) -
  (chunks - 1) * FIRST_LAYER_CYCLES;

/** By what designs are weighed: energy only where it is asked for, since designs are then found faster. */
function weighingFor(
  asked: readonly Objective[],
  { energyTable = horowitz45nm }: ExploreOptions,
  device: Device,
): Weighing | undefined {
  if (asksForEnergy(asked)) return { energyTable, device };
  return asked.includes('area') ? { device } : undefined;
}

/** What was explored is what is estimated, or there are two truths. */
function checkPromises(
  promised: Figures,
  figures: Estimate,
  device: Device,
  { weighing }: Explorer,
  layers: number,
): void {
  const hertz = device.clockMegahertz * 1e6;
  const pairs: [string, number, number][] = [
    ['cycles an epoch', promised.paceCycles + BARRIER_CYCLES, figures.epochCycles],
    ['ms an image', (promised.latencyCycles / hertz) * 1e3, figures.latencyMilliseconds],
  ];
  if (weighing?.energyTable !== undefined)
    pairs.push(['mJ', promised.femtojoules / FEMTO_PER_MILLI, figures.energyMillijoules]);
  if (weighing !== undefined) {
    const area = promised.area + areaUnits(undefined, fixedResources(layers), device);
    const estimated = figures.areaMillimetres2 ?? figures.areaPercent ?? 0;
    pairs.push(['of area', areaFigure(area, device), estimated]);
  }
  for (const [unit, explored, estimated] of pairs)
    if (explored !== estimated)
      throw new Error(`explored ${explored} ${unit}, estimated ${estimated}`);
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
  { objective = 'throughput', allocation = 'merge', limits }: ExploreOptions = {},
): PosedProblem {
  const { space } = explorer;
  explorer.beginProblem();
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
  const alternatives = spaces.map((chunks) => ({
    chunks,
    latencyOffsetCycles: latencyOffset(layers.length, chunks.length),
  }));
  const problem: Problem = {
    alternatives,
    budget: budgetOf(device, layers.length),
    objective,
    ...(limits && { limits }),
  };
  return { problem, partitions, spaces };
}

/** One network on one device, posed and ready to be solved. */
function prepare(
  network: Network,
  device: Device,
  options: ExploreOptions,
  asked: readonly Objective[],
) {
  const limited = limitsOf(options.limits).map(([name]) => name);
  const explorer =
    options.explorer ??
    new Explorer(
      options.memory ?? defaultMemory,
      busBitsOf(device),
      options.space,
      rulesOf(device),
      weighingFor([...asked, ...limited], options, device),
    );
  const { memory, busBits } = explorer;
  if (explorer.rules !== rulesOf(device))
    throw new Error(`the explorer counts by other rules than those of family ${device.family}`);
  const layers = layersOrThrow(network);
  const { problem, partitions, spaces } = poseProblem(layers, device, explorer, {
    ...options,
    objective: asked[0] ?? 'throughput',
  });
  /** A point as an accelerator, with all its figures. */
  const describe = (point: Point): Estimate & { readonly accelerator: Accelerator } => {
    const chosen = defined(spaces[point.alternative], 'alternative');
    const designs = point.options.map((option, c) =>
      defined(chosen[c], 'chunk').designAt(option.index),
    );
    const partition = defined(partitions[point.alternative], 'partition');
    const accelerator = assemble(layers, partition, designs, busBits, device.ports);
    const figures = estimate(network, accelerator, device, memory, options.energyTable);
    const promised = totalFigures(point.options, offsetOf(problem, point.alternative));
    checkPromises(promised, figures, device, explorer, layers.length);
    return { ...figures, accelerator };
  };
  return { explorer, problem, describe };
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
  const { relaxes = true } = options;
  const before = options.explorer?.evaluations ?? 0;
  const { explorer, problem, describe } = prepare(network, device, options, [objective]);
  const outcome = solver.solve(problem, { rng: createRng(seed), points });
  const point: Point | undefined = outcome.point ?? outcome.nearest;
  if (point === undefined)
    throw new AutoNbaError(
      `network "${network.name}": no array of the space can run every layer`,
      'a layer needs larger buffers than the space has; cut its map or channels',
      answerIsNo,
    );
  const described = describe(point);
  const isAnswer = outcome.point !== undefined;
  return {
    ...described,
    fits: described.fits && isAnswer,
    provenOptimal: solver.provesOptimality && isAnswer && described.fits,
    relaxations: isAnswer || !solver.provesOptimality || !relaxes ? [] : relaxationsOf(problem),
    evaluations: explorer.evaluations - before,
    seconds: (performance.now() - started) / 1e3,
  };
}

/** Accelerators of which no other is at least as good in both of two objectives, proven. */
export interface FrontResult {
  /** Best in the first objective first; empty where nothing fits. */
  readonly designs: readonly (Estimate & { readonly accelerator: Accelerator })[];
  /** Whether the front is whole. */
  readonly isComplete: boolean;
  readonly evaluations: number;
  readonly seconds: number;
}

/**
 * The front of two objectives by the exact solver.
 * @param most designs; of a larger front some are left out
 * @throws AutoNbaError (exit code 1) where an operator cannot run on chunks
 */
export function exploreFront(
  network: Network,
  device: Device,
  [first, second]: readonly [Objective, Objective],
  most: number,
  options: Omit<ExploreOptions, 'solver' | 'objective' | 'seed' | 'points'> = {},
): FrontResult {
  const started = performance.now();
  const before = options.explorer?.evaluations ?? 0;
  const { explorer, problem, describe } = prepare(network, device, options, [first, second]);
  const solve = (asked: Problem): Point | undefined => exact.solve(asked).point;
  const { points, isComplete } = frontOf(problem, second, solve, most);
  return {
    designs: points.map(describe),
    isComplete,
    evaluations: explorer.evaluations - before,
    seconds: (performance.now() - started) / 1e3,
  };
}
