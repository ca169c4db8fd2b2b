// An ending against the bias of shared weights: a choice that was seldom sampled looks worse on them than it is, and the
// likeliest choices of two layers need not be the best pair. So the likeliest networks inherit the shared weights, learn
// for an epoch each on their own, and are compared by reward, each on its own accelerator.

import { type Dataset, sliceImages } from '../data/dataset.ts';
import { inheritanceOf } from '../supernet/inherit.ts';
import { oneHot, softmax } from '../supernet/sampling.ts';
import { type Choices, type LayerChoice, layersOf, type SearchSpace } from '../supernet/space.ts';
import { at } from '../tensor/index.ts';
import { type Architecture, standingIndices } from './architecture.ts';
import type { ConclusionContext } from './conclusion.ts';
import { rewardOf } from './objective.ts';
import { trainPoint } from './truth.ts';

/** Choices of one layer with their probabilities; what has not learned stands at its largest choice. */
function likely(space: SearchSpace, architecture: Architecture, index: number) {
  const { settled, blocks, bits } = architecture;
  const { candidates } = at(layersOf(space), index);
  const standing = at(standingIndices(space, architecture), index);
  const byBlock = settled.blocks
    ? softmax(at(blocks, index).logits)
    : oneHot(candidates.length, standing.block);
  const byBits = settled.bits
    ? softmax(at(bits, index).logits)
    : oneHot(space.bits.length, standing.bits);
  return candidates.flatMap((block, i): { choice: LayerChoice; probability: number }[] =>
    // A layer that is skipped is the same at every width.
    block === 'skip'
      ? [{ choice: { block, bits: at(space.bits, standing.bits) }, probability: at(byBlock, i) }]
      : space.bits.map((width, j) => ({
          choice: { block, bits: width },
          probability: at(byBlock, i) * at(byBits, j),
        })),
  );
}

/** The `count` likeliest networks, likeliest first. */
export function likeliest(
  space: SearchSpace,
  architecture: Architecture,
  count: number,
): Choices[] {
  let best: { choices: Choices; probability: number }[] = [{ choices: [], probability: 1 }];
  for (const { index } of layersOf(space)) {
    const own = likely(space, architecture, index);
    // The likeliest of all layers so far are among the likeliest of those before.
    best = best
      .flatMap(({ choices, probability }) =>
        own.map((option) => ({
          choices: [...choices, option.choice],
          probability: probability * option.probability,
        })),
      )
      .sort((a, b) => b.probability - a.probability)
      .slice(0, count);
  }
  return best.filter(({ probability }) => probability > 0).map(({ choices }) => choices);
}

/** Tunes each of the likeliest networks on the weights' half of the images and judges it on the logits' half. */
export async function bestOfFinalists(context: ConclusionContext): Promise<Choices> {
  const { preset, architecture, supernet, costModel, cost, dataset, rng } = context;
  if (supernet === undefined) throw new Error('finalists inherit shared weights');
  const { search, training, space } = preset;
  const half = Math.floor(search.images / 2);
  const halves: Dataset = {
    ...dataset,
    train: sliceImages(dataset.train, 0, half),
    test: sliceImages(dataset.train, half, 2 * half),
  };
  // From weights that have learned already: one epoch at half the rate that random weights get.
  const { learningRate } = training;
  const tuning = { floatEpochs: 0, quantizedEpochs: 1, learningRate: learningRate / 2 };
  const recipe = { space, training: { ...training, ...tuning } };
  const finalists = likeliest(space, architecture, search.finalists ?? 1);
  const rewards: number[] = [];
  for (const choices of finalists) {
    const inheritance = inheritanceOf(supernet, choices);
    const chance = rng.fork('finalist');
    const accuracy = await trainPoint(recipe, choices, halves, chance, half, inheritance);
    rewards.push(rewardOf(accuracy, costModel.solve(choices).epochCycles, cost));
    await context.breathe();
  }
  return at(finalists, rewards.indexOf(Math.max(...rewards)));
}
