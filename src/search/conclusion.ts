// How a search ends: from logits and shared weights to choices.

import type { Dataset } from '../data/dataset.ts';
import { sliceImages } from '../data/dataset.ts';
import { loadBatch } from '../supernet/batches.ts';
import { type Choices, layersOf, pointName } from '../supernet/space.ts';
import type { Supernet } from '../supernet/supernet.ts';
import { at, countCorrect, predictions, tidy, valuesOf } from '../tensor/index.ts';
import type { Rng } from '../util/rng.ts';
import { type Architecture, deriveChoices } from './architecture.ts';
import { bestOfFinalists } from './finalists.ts';
import type { CostModel } from './hardware.ts';
import { type CostTerm, rewardOf } from './objective.ts';
import type { Preset } from './preset.ts';
import { trainPoint } from './truth.ts';

/** What an ending may look at; `save` keeps the architecture, so that an interrupted ending goes on. */
export interface ConclusionContext {
  readonly preset: Preset;
  readonly architecture: Architecture;
  /** Absent for a strategy without one. */
  readonly supernet: Supernet | undefined;
  readonly costModel: CostModel<unknown>;
  readonly cost: CostTerm;
  readonly dataset: Dataset;
  readonly rng: Rng;
  /** Images that a gradient was taken of in the whole search of this preset: the budget of those that take none. */
  readonly imagePasses: number;
  readonly save: () => void;
  /** Lets signals and timers be served; rejects where the search was stopped. */
  readonly breathe: () => Promise<void>;
}

/** Settles the choices, and adds to the architecture's proposals whatever was tried. */
export type Conclusion = (context: ConclusionContext) => Promise<Choices>;

/** The most likely choice of every layer, or the best of the likeliest networks where finalists are asked for. */
export const mostLikely: Conclusion = async (context) => {
  const { preset, architecture } = context;
  if ((preset.search.finalists ?? 0) > 0) return await bestOfFinalists(context);
  return deriveChoices(preset.space, architecture);
};

function drawChoices({ space }: Preset, rng: Rng): Choices {
  return layersOf(space).map(({ candidates }) => ({
    block: rng.pick(candidates),
    bits: rng.pick(space.bits),
  }));
}

/**
 * Draws points uniformly, trains each from scratch on the first half of the search's images and judges it on the second,
 * as many as the image passes of the search pay for; the best by reward.
 */
export const bestOfDraws: Conclusion = async (context) => {
  const { preset, architecture, costModel, cost, dataset, rng, imagePasses } = context;
  const { proposals, own } = architecture;
  const { training } = preset;
  const half = Math.floor(preset.search.images / 2);
  const halves: Dataset = {
    ...dataset,
    train: sliceImages(dataset.train, 0, half),
    test: sliceImages(dataset.train, half, 2 * half),
  };
  const perPoint =
    (training.floatEpochs + training.quantizedEpochs) * Math.min(half, training.images);
  const count = Math.max(1, Math.floor(imagePasses / perPoint));
  for (let k = proposals.length; k < count; k += 1) {
    const chance = rng.fork(`draw ${k}`);
    const choices = drawChoices(preset, chance);
    const accuracy = await trainPoint(preset, choices, halves, chance, half);
    proposals.push(choices);
    own.logits.push(rewardOf(accuracy, costModel.solve(choices).epochCycles, cost));
    context.save();
    await context.breathe();
  }
  return at(proposals, own.logits.indexOf(Math.max(...own.logits)));
};

/** Validation images that judge a point on shared weights, and how many at once. */
const judgedImages = 500;
const judgedBatch = 100;

/** Share of validation images that the shared weights get right along hard choices. */
export function sharedAccuracy(
  supernet: Supernet,
  { space, search }: Preset,
  { train }: Dataset,
  choices: Choices,
): number {
  const half = Math.floor(search.images / 2);
  const paths = choices.map(({ block, bits }) => ({
    blocks: [block],
    mixture: { widths: [...space.bits], shares: space.bits.map((width) => Number(width === bits)) },
  }));
  const end = half + Math.min(judgedImages, half);
  let right = 0;
  for (let from = half; from < end; from += judgedBatch) {
    const indices = Array.from({ length: Math.min(judgedBatch, end - from) }, (_, i) => from + i);
    right += tidy(() => {
      const { images, labels } = loadBatch(train, indices);
      return countCorrect(predictions(supernet.forward(images, paths)), valuesOf(labels));
    });
  }
  return right / (end - half);
}

/** Numbers of the evolution: SPOS's shape, at the size that the budget pays for. */
const population = 16;
const parents = 6;
const mutationRate = 0.2;
/** A forward pass costs about a third of one with gradients. */
const passesPerEvaluation = judgedImages / 3;

/**
 * Evolution on shared weights (SPOS): uniform points first, then mutations and crossings of the best, each judged by
 * reward on validation images; as many as the architecture steps, which this strategy does without, would have cost.
 */
export const evolve: Conclusion = async (context) => {
  const { preset, architecture, supernet, costModel, cost, dataset, rng } = context;
  const { space, search } = preset;
  if (supernet === undefined) throw new Error('evolution judges points on shared weights');
  const layers = layersOf(space);
  const { floatEpochs, quantizedEpochs, searchEpochs } = search;
  const half = Math.floor(search.images / 2);
  const passes = context.imagePasses - (floatEpochs + quantizedEpochs + searchEpochs) * half;
  const evaluations = Math.max(population, Math.floor(passes / passesPerEvaluation));
  const chance = rng.fork('evolution');
  const judged = new Map<string, { readonly choices: Choices; readonly reward: number }>();

  const judge = async (choices: Choices): Promise<void> => {
    const accuracy = sharedAccuracy(supernet, preset, dataset, choices);
    const reward = rewardOf(accuracy, costModel.solve(choices).epochCycles, cost);
    judged.set(pointName(choices), { choices, reward });
    await context.breathe();
  };
  const best = () => [...judged.values()].sort((a, b) => b.reward - a.reward).slice(0, parents);
  const mutated = (choices: Choices): Choices =>
    choices.map(({ block, bits }, l) => ({
      block: chance.next() < mutationRate ? chance.pick(at(layers, l).candidates) : block,
      bits: chance.next() < mutationRate ? chance.pick(space.bits) : bits,
    }));
  const crossed = (a: Choices, b: Choices): Choices =>
    a.map((choice, l) => (chance.next() < 0.5 ? choice : at(b, l)));

  // A small space may have fewer points than the budget pays for: draws that bring nothing new are limited too.
  for (let draws = 0; judged.size < evaluations && draws < 20 * evaluations; draws += 1) {
    const elders = best();
    const choices =
      judged.size < population
        ? drawChoices(preset, chance)
        : draws % 2 === 0
          ? mutated(chance.pick(elders).choices)
          : crossed(chance.pick(elders).choices, chance.pick(elders).choices);
    if (!judged.has(pointName(choices))) await judge(choices);
  }
  const ranked = best();
  architecture.proposals.push(...ranked.map(({ choices }) => choices).reverse());
  return at(ranked, 0).choices;
};
