// The released Auto-NBA accelerator space under its own cost model, solved to its proven optimum.

import {
  COMPAT_HERTZ,
  type CompatDesign,
  type CompatLayer,
  type CompatResources,
  compatChunkOf,
  compatCycles,
  compatLimits,
  compatResources,
} from '../cost/compat.ts';
import { defined } from '../util/errors.ts';
import { createRng } from '../util/rng.ts';
import { listSpace, type Option, type Problem } from './problem.ts';
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

const powersUpTo = (largest: number): number[] =>
  Array.from({ length: Math.log2(largest) + 1 }, (_, k) => 2 ** k);

/** Pairs of a buffer and a parallelism that it holds. */
const pairsUpTo = (largest: number): (readonly [number, number])[] =>
  powersUpTo(largest).flatMap((buffer) =>
    powersUpTo(buffer).map((parallel) => [buffer, parallel] as const),
  );

/** Every design of the released CIFAR space for one kind of chunk: large maps have deep rows and few channels. */
export function* compatDesigns(
  depthwise: boolean,
  large: boolean,
  fixedMode?: number,
): Generator<CompatDesign> {
  const map = pairsUpTo(large ? 16 : 4);
  const outputPairs = pairsUpTo(large ? 8 : 32);
  const inputPairs = depthwise ? [[1, 1] as const] : outputPairs;
  const modes = fixedMode === undefined ? (depthwise ? [0, 1] : [0, 1, 2]) : [fixedMode];
  for (const mode of modes)
    for (const [bufferRows, rows] of map)
      for (const [bufferColumns, columns] of map)
        for (const [bufferOutputs, outputs] of outputPairs)
          for (const [bufferInputs, inputs] of inputPairs)
            yield {
              mode,
              bufferRows,
              bufferColumns,
              bufferOutputs,
              bufferInputs,
              rows,
              columns,
              outputs,
              inputs,
            };
}

interface Candidate {
  readonly design: CompatDesign;
  readonly cycles: number;
  readonly dsp: number;
  readonly bram: number;
}

/** Layers that cost the same are worked out once. */
function distinctLayers(layers: readonly CompatLayer[]): { layer: CompatLayer; count: number }[] {
  const found = new Map<string, { layer: CompatLayer; count: number }>();
  for (const layer of layers) {
    const { name: _, ...rest } = layer;
    const key = JSON.stringify(rest);
    const known = found.get(key);
    if (known === undefined) found.set(key, { layer, count: 1 });
    else known.count++;
  }
  return [...found.values()];
}

/** Of all designs of a chunk, the fastest for each amount of DSP and memory. */
function candidatesOf(
  layers: readonly CompatLayer[],
  designs: Iterable<CompatDesign>,
  limits: CompatResources,
): { readonly candidates: readonly Candidate[]; readonly looked: number } {
  const distinct = distinctLayers(layers);
  const fastest = new Map<string, Candidate>();
  let looked = 0;
  for (const design of designs) {
    looked++;
    let dsp = 0;
    let bram = 0;
    let cycles = 0;
    for (const { layer, count } of distinct) {
      const needed = compatResources(design, layer);
      dsp = Math.max(dsp, needed.dsp);
      bram = Math.max(bram, needed.bram);
      cycles += count * compatCycles(design, layer);
    }
    if (dsp > limits.dsp || bram > limits.bram) continue;
    const key = `${dsp} ${bram}`;
    const known = fastest.get(key);
    if (known === undefined || cycles < known.cycles)
      fastest.set(key, { design, cycles, dsp, bram });
  }
  return { candidates: [...fastest.values()], looked };
}

/**
 * The accelerator with the most frames per second of the released CIFAR space; undefined where nothing fits.
 * Chunks couple only through sums of DSP and memory, so the exact solver proves it.
 */
export function exploreCompat(
  layers: readonly CompatLayer[],
  options: CompatOptions = {},
): CompatResult | undefined {
  const { limits = compatLimits, solver = exact } = options;
  const groups = new Map<string, CompatLayer[]>();
  for (const layer of layers) {
    const key = compatChunkOf(layer);
    groups.set(key, [...(groups.get(key) ?? []), layer]);
  }
  let designs = 0;
  const chunks = [...groups].map(([name, own]) => {
    const all = compatDesigns(name.startsWith('dw'), name.includes('a0'), options.mode);
    const { candidates, looked } = candidatesOf(own, all, limits);
    designs += looked;
    return { name, candidates };
  });
  const problem: Problem = {
    alternatives: [
      {
        chunks: chunks.map(({ candidates }) =>
          listSpace(
            candidates.map(
              ({ cycles, dsp, bram }, index): Option => ({
                cycles,
                resources: { dsp, bram18: bram, lut: 0, ff: 0 },
                index,
              }),
            ),
          ),
        ),
      },
    ],
    budget: { dsp: limits.dsp, bram18: limits.bram, lut: 0, ff: 0 },
    objective: 'throughput',
  };
  const { point } = solver.solve(problem, { rng: createRng(1), points: 2000 });
  if (point === undefined) return undefined;
  const chosen = point.options.map((option, c): CompatChunk => {
    const { name, candidates } = defined(chunks[c], 'chunk');
    return { name, ...defined(candidates[option.index], 'candidate') };
  });
  const cycles = Math.max(...chosen.map((chunk) => chunk.cycles));
  return {
    framesPerSecond: COMPAT_HERTZ / cycles,
    cycles,
    provenOptimal: solver.provesOptimality,
    dsp: chosen.reduce((sum, chunk) => sum + chunk.dsp, 0),
    bram: chosen.reduce((sum, chunk) => sum + chunk.bram, 0),
    chunks: chosen,
    designs,
  };
}
