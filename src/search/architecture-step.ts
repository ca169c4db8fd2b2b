// One step of alpha and beta: a sampled path forward, K paths backward, plus the expected cost under gamma*.

import type { ImageSet } from '../data/dataset.ts';
import { loadBatch } from '../supernet/batches.ts';
import { oneHot, softmaxGradient } from '../supernet/sampling.ts';
import type { SearchSpace } from '../supernet/space.ts';
import type { LayerPath, Supernet } from '../supernet/supernet.ts';
import {
  at,
  crossEntropy,
  gradientsOf,
  type Tensor,
  tensorFrom,
  tidy,
  valuesOf,
} from '../tensor/index.ts';
import type { Rng } from '../util/rng.ts';
import { type AdamOptions, type Architecture, stepGroup } from './architecture.ts';
import { type CostTable, expectedCost, type LayerShares } from './hardware.ts';
import { type CostTerm, penalize } from './objective.ts';
import type { BitSample, Draw, PathSample, Strategy } from './strategy.ts';

/** What was drawn for one layer. */
export interface LayerSample {
  readonly path: PathSample;
  readonly bits: BitSample;
}

/** Outcome of a step, for the trace. */
export interface ArchitectureOutcome {
  readonly loss: number;
  readonly expectedCycles: number;
  readonly penalty: number;
  readonly samples: readonly LayerSample[];
}

/** Gradients of the validation loss by gates of paths and widths. */
interface GateGradients {
  readonly loss: number;
  readonly paths: readonly (readonly number[])[];
  readonly bits: readonly (readonly number[])[];
}

/** Draws paths and bits of every layer. */
export function drawSamples(
  { blocks, bits }: Architecture,
  draws: { readonly path: Draw<PathSample>; readonly bits: Draw<BitSample> },
  temperature: number,
  rng: Rng,
): LayerSample[] {
  return blocks.map(({ logits }, layer) => ({
    path: draws.path(logits, temperature, rng),
    bits: draws.bits(at(bits, layer).logits, temperature, rng),
  }));
}

function gateGradients(
  supernet: Supernet,
  space: SearchSpace,
  set: ImageSet,
  indices: readonly number[],
  samples: readonly LayerSample[],
): GateGradients {
  return tidy(() => {
    const { images, labels } = loadBatch(set, indices);
    const paths = samples.map(({ path, bits }, layer): Required<LayerPath> => {
      const { candidates } = at(supernet.layers, layer);
      const width = space.bits.length;
      return {
        blocks: path.active.map((index) => at(candidates, index)),
        gate: tensorFrom(Float32Array.from(oneHot(path.active.length, 0)), [path.active.length]),
        mixture: {
          widths: space.bits,
          shares: bits.forward,
          gate: tensorFrom(Float32Array.from(bits.forward), [width]),
        },
      };
    });
    const bitGates = paths.flatMap(({ mixture }) => mixture.gate ?? []);
    const gates = [...paths.map(({ gate }) => gate), ...bitGates];
    const { loss, gradients } = gradientsOf(
      () => crossEntropy(supernet.forward(images, paths), labels),
      gates,
    );
    // A gate the loss did not see: the layer was skipped, so no width mattered.
    const numbers = gradients.map((gradient, i) => plain(gradient, at(gates, i).size));
    return {
      loss: valuesOf(loss)[0] ?? Number.NaN,
      paths: numbers.slice(0, paths.length),
      bits: numbers.slice(paths.length),
    };
  });
}

function plain(gradient: Tensor | null, length: number): number[] {
  return gradient === null ? new Array<number>(length).fill(0) : Array.from(valuesOf(gradient));
}

/** Shares spread over all candidates of a layer, zero where not active. */
function spread({ active, shares }: PathSample, length: number): number[] {
  const all = new Array<number>(length).fill(0);
  active.forEach((index, k) => {
    all[index] = shares[k] ?? 0;
  });
  return all;
}

/**
 * Steps the logits in place:
 * dL/d alpha_i = sum_k (dL/dA . O_k + lambda slope T_k) dGS_k/d alpha_i over the K active paths, beta likewise.
 */
export function stepArchitecture(
  context: {
    readonly supernet: Supernet;
    readonly space: SearchSpace;
    readonly strategy: Strategy;
    readonly architecture: Architecture;
    readonly table: CostTable;
    readonly cost: CostTerm;
    readonly adam: AdamOptions;
    readonly paths: number;
  },
  set: ImageSet,
  indices: readonly number[],
  temperature: number,
  rng: Rng,
): ArchitectureOutcome {
  const { supernet, space, strategy, architecture, table, adam } = context;
  const draws = {
    path: strategy.architecturePaths(context.paths),
    bits: strategy.architectureBits,
  };
  const samples = drawSamples(architecture, draws, temperature, rng);
  const slopes = gateGradients(supernet, space, set, indices, samples);
  const shares = samples.map(({ path, bits }, layer): LayerShares => {
    const { candidates } = at(supernet.layers, layer);
    return { candidates: spread(path, candidates.length), bits: bits.soft };
  });
  const expected = expectedCost(table, shares);
  const { value: penalty, slope } = penalize(expected.epochCycles, context.cost);
  if (Number.isFinite(slopes.loss)) {
    samples.forEach(({ path, bits }, layer) => {
      const cost = at(expected.layers, layer);
      const byPath = path.active.map(
        (index, k) => (at(slopes.paths, layer)[k] ?? 0) + slope * (cost.candidates[index] ?? 0),
      );
      const byBits = cost.bits.map(
        (cycles, j) => (at(slopes.bits, layer)[j] ?? 0) + slope * cycles,
      );
      const everyWidth = byBits.map((_, j) => j);
      if (strategy.axes.blocks) {
        const gradients = softmaxGradient(path.shares, byPath, temperature);
        stepGroup(at(architecture.blocks, layer), path.active, gradients, adam);
      }
      if (strategy.axes.bits) {
        const gradients = softmaxGradient(bits.soft, byBits, temperature);
        stepGroup(at(architecture.bits, layer), everyWidth, gradients, adam);
      }
    });
  }
  return { loss: slopes.loss, expectedCycles: expected.epochCycles, penalty, samples };
}
