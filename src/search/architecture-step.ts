// One step of alpha and beta: by slopes, a sampled path forward and K backward, or by the score of a reward; plus the
// expected cost under whatever hardware the strategy looks at.

import type { ImageSet } from '../data/dataset.ts';
import { loadBatch } from '../supernet/batches.ts';
import { oneHot, softmaxGradient } from '../supernet/sampling.ts';
import type { SearchSpace } from '../supernet/space.ts';
import type { LayerPath, Supernet } from '../supernet/supernet.ts';
import {
  at,
  countCorrect,
  crossEntropy,
  gradientsOf,
  predictions,
  type Tensor,
  tensorFrom,
  tidy,
  valuesOf,
} from '../tensor/index.ts';
import type { Rng } from '../util/rng.ts';
import { type AdamOptions, type Architecture, standingIndices, stepGroup } from './architecture.ts';
import { onlyBits, onlyPath } from './draws.ts';
import { type CostModel, type CostTable, expectedCost, type LayerShares } from './hardware.ts';
import { type CostTerm, penalize, rewardOf } from './objective.ts';
import type { Axes, BitSample, Draw, LogitStep, PathSample, Strategy } from './strategy.ts';

/** What was drawn for one layer. */
export interface LayerSample {
  readonly path: PathSample;
  readonly bits: BitSample;
}

/** All that an architecture step works on. */
export interface ArchitectureContext {
  readonly supernet: Supernet;
  readonly space: SearchSpace;
  readonly images: ImageSet;
  readonly strategy: Strategy;
  /** Axes of this stage. */
  readonly axes: Axes;
  readonly architecture: Architecture;
  readonly costModel: CostModel<unknown>;
  /** Absent where hardware is not looked at. */
  readonly table: CostTable | undefined;
  readonly cost: CostTerm;
  readonly adam: AdamOptions;
  /** K. */
  readonly paths: number;
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

/** Draws paths and bits of every layer where they learn; what does not is at its standing choice. */
export function drawSamples(
  space: SearchSpace,
  architecture: Architecture,
  axes: Axes,
  draws: { readonly path: Draw<PathSample>; readonly bits: Draw<BitSample> },
  temperature: number,
  rng: Rng,
): LayerSample[] {
  const standing = standingIndices(space, architecture);
  return architecture.blocks.map(({ logits }, layer) => {
    const { block, bits } = at(standing, layer);
    return {
      path: axes.blocks ? draws.path(logits, temperature, rng) : onlyPath(block),
      bits: axes.bits
        ? draws.bits(at(architecture.bits, layer).logits, temperature, rng)
        : onlyBits(space.bits.length, bits),
    };
  });
}

/** Shares over `active` in its order; a path that is not mixed is its first. */
function gateOf({ active, support, shares }: PathSample, mixed: boolean): number[] {
  if (!mixed) return oneHot(active.length, 0);
  return active.map((index) => shares[support.indexOf(index)] ?? 0);
}

/** Samples as what a supernet runs, with a gate of its own per layer where all paths are mixed. */
export function mixedPath(
  { path }: LayerSample,
  mixed: boolean,
): Pick<LayerPath, 'gate' | 'mixes'> {
  if (!mixed) return {};
  const gate = gateOf(path, true);
  return { gate: tensorFrom(Float32Array.from(gate), [gate.length]), mixes: true };
}

function gateGradients(
  { supernet, space, images: set, strategy }: ArchitectureContext,
  indices: readonly number[],
  samples: readonly LayerSample[],
): GateGradients {
  return tidy(() => {
    const { images, labels } = loadBatch(set, indices);
    const { mixed } = strategy.paths;
    const paths = samples.map(({ path, bits }, layer): Required<LayerPath> => {
      const { candidates } = at(supernet.layers, layer);
      const gate = gateOf(path, mixed);
      return {
        blocks: path.active.map((index) => at(candidates, index)),
        gate: tensorFrom(Float32Array.from(gate), [gate.length]),
        mixes: mixed,
        mixture: {
          widths: space.bits,
          shares: bits.forward,
          gate: tensorFrom(Float32Array.from(bits.forward), [space.bits.length]),
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

/** Shares spread over all candidates of a layer, zero outside the support. */
function spread({ support, shares }: PathSample, length: number): number[] {
  const all = new Array<number>(length).fill(0);
  support.forEach((index, k) => {
    all[index] = shares[k] ?? 0;
  });
  return all;
}

/** Draws for the logits, and what the drawn choices are expected to cost. */
function prepare(context: ArchitectureContext, temperature: number, rng: Rng) {
  const { supernet, space, strategy, architecture, axes, table } = context;
  const draws = { path: strategy.paths.logits(context.paths), bits: strategy.bits.logits };
  const samples = drawSamples(space, architecture, axes, draws, temperature, rng);
  const shares = samples.map(({ path, bits }, layer): LayerShares => {
    const { candidates } = at(supernet.layers, layer);
    return { candidates: spread(path, candidates.length), bits: bits.soft };
  });
  return { samples, expected: table && expectedCost(table, shares) };
}

/**
 * Steps the logits in place:
 * dL/d alpha_i = sum_k (dL/dA . O_k + lambda slope T_k) dGS_k/d alpha_i over the K active paths, beta likewise.
 */
export const stepBySlopes: LogitStep = (context, indices, temperature, rng) => {
  const { strategy, axes, architecture, adam, costModel } = context;
  const { samples, expected } = prepare(context, temperature, rng);
  const slopes = gateGradients(context, indices, samples);
  const epochCycles = expected?.epochCycles ?? 0;
  const { value: penalty, slope } =
    expected === undefined ? { value: 0, slope: 0 } : penalize(epochCycles, context.cost);
  if (Number.isFinite(slopes.loss)) {
    samples.forEach(({ path, bits }, layer) => {
      const cost = expected?.layers[layer];
      // A path that was not computed has shares, and a cost, but no slope of the loss.
      const byPath = path.support.map(
        (index) =>
          (at(slopes.paths, layer)[path.active.indexOf(index)] ?? 0) +
          slope * (cost?.candidates[index] ?? 0),
      );
      const byBits = bits.soft.map(
        (_, j) => (at(slopes.bits, layer)[j] ?? 0) + slope * (cost?.bits[j] ?? 0),
      );
      if (axes.blocks) {
        const gradients = softmaxGradient(path.shares, byPath, path.temperature);
        const group = at(architecture.blocks, layer);
        stepGroup(group, path.support, gradients, adam, strategy.keepsMass);
      }
      if (axes.bits) {
        const gradients = softmaxGradient(bits.soft, byBits, bits.temperature);
        const group = at(architecture.bits, layer);
        stepGroup(group, [...gradients.keys()], gradients, adam, strategy.keepsMass);
      }
    });
    if (expected !== undefined)
      strategy.cost?.learn?.(costModel, architecture.own, expected, slope, adam);
  }
  return { loss: slopes.loss, expectedCycles: epochCycles, penalty, samples };
};

/** How slowly the baseline of the rewards follows them. */
const baselineDecay = 0.95;

/**
 * Steps the logits by REINFORCE: d E[R] / d alpha_i = (R - baseline) (1[i drawn] - p_i), R the reward of the drawn network
 * on this batch and on its own gamma*.
 */
export const stepByReward: LogitStep = (context, indices, temperature, rng) => {
  const { supernet, space, axes, architecture, adam, costModel, cost, strategy } = context;
  const { samples } = prepare(context, temperature, rng);
  const { loss, accuracy } = tidy(() => {
    const { images, labels } = loadBatch(context.images, indices);
    const paths = samples.map(({ path, bits }, layer) => ({
      blocks: [at(at(supernet.layers, layer).candidates, at(path.active, 0))],
      mixture: { widths: space.bits, shares: bits.forward },
    }));
    const logits = supernet.forward(images, paths);
    return {
      loss: valuesOf(crossEntropy(logits, labels))[0] ?? Number.NaN,
      accuracy: countCorrect(predictions(logits), valuesOf(labels)) / indices.length,
    };
  });
  const choices = samples.map(({ path, bits }, layer) => ({
    block: at(at(supernet.layers, layer).candidates, at(path.active, 0)),
    bits: at(space.bits, bits.forward.indexOf(1)),
  }));
  const { epochCycles } = costModel.solve(choices);
  const reward = rewardOf(accuracy, epochCycles, cost);
  const { own } = architecture;
  const baseline = own.logits[0] ?? reward;
  own.logits[0] = baselineDecay * baseline + (1 - baselineDecay) * reward;
  const gradients = (shares: readonly number[], drawn: number): number[] =>
    shares.map((share, i) => -(reward - baseline) * (Number(i === drawn) - share));
  samples.forEach(({ path, bits }, layer) => {
    if (axes.blocks) {
      const byPath = gradients(path.shares, at(path.active, 0));
      const group = at(architecture.blocks, layer);
      stepGroup(group, path.support, byPath, adam, strategy.keepsMass);
    }
    if (axes.bits) {
      const byBits = gradients(bits.soft, bits.forward.indexOf(1));
      const group = at(architecture.bits, layer);
      stepGroup(group, [...byBits.keys()], byBits, adam, strategy.keepsMass);
    }
  });
  return { loss, expectedCycles: epochCycles, penalty: reward, samples };
};
