// The released Auto-NBA accelerator space under its own cost model, solved to its proven optimum.

import {
  COMPAT_HERTZ,
  type CompatDesign,
  type CompatLayer,
  type CompatResources,
  compatChunkOf,
  compatLimits,
} from '../cost/compat.ts';
import { defined } from '../util/errors.ts';
import { createRng } from '../util/rng.ts';
import { CompatChunkSpace } from './compat-space.ts';
import { type Problem, sizeOf } from './problem.ts';
import type { Solver } from './solver.ts';
import { exact } from './solvers/exact.ts';

/** What to leave free of the released space. */
export interface CompatOptions {
  /** The released demo fixes it to 1. */
  readonly mode?: number;
  readonly limits?: CompatResources;
  readonly solver?: Solver;
}

/** One chunk of an answer. */
export interface CompatChunk extends CompatResources {
  readonly name: string;
  readonly design: CompatDesign;
  readonly cycles: number;
}

/** The best the space has. */
export interface CompatResult extends CompatResources {
  readonly framesPerSecond: number;
  readonly cycles: number;
  readonly provenOptimal: boolean;
  readonly chunks: readonly CompatChunk[];
  /** Designs of single chunks looked at. */
  readonly designs: number;
}

/** The problem of the released CIFAR space: a chunk for each kind, size of map and width. */
export interface CompatProblem {
  readonly problem: Problem;
  readonly names: readonly string[];
  readonly spaces: readonly CompatChunkSpace[];
}

/** Poses it for the layers of a network; chunks couple only through sums of DSP and memory. */
export function compatProblem(
  layers: readonly CompatLayer[],
  { limits = compatLimits, mode }: CompatOptions = {},
): CompatProblem {
  const groups = new Map<string, CompatLayer[]>();
  for (const layer of layers) {
    const key = compatChunkOf(layer);
    groups.set(key, [...(groups.get(key) ?? []), layer]);
  }
  const names = [...groups.keys()];
  const spaces = [...groups].map(([name, own]) => {
    const kind = { depthwise: name.startsWith('dw'), large: name.includes('a0') };
    return new CompatChunkSpace(own, kind, limits, mode);
  });
  return {
    problem: {
      alternatives: [{ chunks: spaces }],
      budget: { dsp: limits.dsp, bram18: limits.bram, lut: 0, ff: 0 },
      objective: 'throughput',
    },
    names,
    spaces,
  };
}

/**
 * The accelerator with the most frames per second of the released CIFAR space; undefined where nothing fits.
 * Chunks couple only through sums of DSP and memory, so the exact solver proves it.
 */
export function exploreCompat(
  layers: readonly CompatLayer[],
  options: CompatOptions = {},
): CompatResult | undefined {
  const { solver = exact } = options;
  const { problem, names, spaces } = compatProblem(layers, options);
  const { point } = solver.solve(problem, { rng: createRng(1), points: 2000 });
  if (point === undefined) return undefined;
  const chosen = point.options.map(
    ({ cycles, resources, index }, c): CompatChunk => ({
      name: defined(names[c], 'chunk'),
      design: defined(spaces[c], 'chunk').designAt(index),
      cycles,
      dsp: resources.dsp,
      bram: resources.bram18,
    }),
  );
  const cycles = Math.max(...chosen.map((chunk) => chunk.cycles));
  return {
    framesPerSecond: COMPAT_HERTZ / cycles,
    cycles,
    provenOptimal: solver.provesOptimality,
    dsp: chosen.reduce((sum, chunk) => sum + chunk.dsp, 0),
    bram: chosen.reduce((sum, chunk) => sum + chunk.bram, 0),
    chunks: chosen,
    designs: spaces.reduce((sum, space) => sum + sizeOf(space), 0),
  };
}
