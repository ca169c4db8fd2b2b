// The ending that compares the likeliest networks: which they are, and that one of them is taken.

import { expect, test } from 'vitest';
import { createArchitecture } from '../../src/search/architecture.ts';
import { likeliest } from '../../src/search/finalists.ts';
import { CostModel } from '../../src/search/hardware.ts';
import type { Preset } from '../../src/search/preset.ts';
import { nano } from '../../src/search/presets/index.ts';
import { imagePassesOf, searchChoices } from '../../src/search/search-choices.ts';
import { autoNba } from '../../src/search/strategies/index.ts';
import { allPoints } from '../../src/search/truth.ts';
import { softmax } from '../../src/supernet/sampling.ts';
import { layersOf, pointName } from '../../src/supernet/space.ts';
import { createRng } from '../../src/util/rng.ts';
import { loadFixtureDataset } from '../support/fixture-images.ts';
import { macOracle } from './mac-oracle.ts';

const preset: Preset = {
  ...nano,
  space: { ...nano.space, candidates: ['k3e1', 'k3e3', 'k5e3', 'skip'], bits: [3, 4, 8] },
  search: { ...nano.search, images: 64, batchSize: 16, searchEpochs: 1, finalists: 3 },
  training: { ...nano.training, images: 64, batchSize: 16 },
};
const { space } = preset;

test('the likeliest networks are those of all, in order', () => {
  const architecture = createArchitecture(space);
  const rng = createRng(2);
  architecture.settled = { blocks: true, bits: true };
  for (const group of [...architecture.blocks, ...architecture.bits])
    group.logits.forEach((_, i) => {
      group.logits[i] = rng.normal();
    });
  const probability = (choices: (typeof found)[number]): number =>
    layersOf(space).reduce((product, { index, candidates }) => {
      const { block, bits } = choices[index] ?? { block: 'skip', bits: 0 };
      const byBlock = softmax(architecture.blocks[index]?.logits ?? []);
      const byBits = softmax(architecture.bits[index]?.logits ?? []);
      const width = block === 'skip' ? 1 : (byBits[space.bits.indexOf(bits)] ?? 0);
      return product * (byBlock[candidates.indexOf(block)] ?? 0) * width;
    }, 1);
  const found = likeliest(space, architecture, 7);
  const all = allPoints(space).sort((a, b) => probability(b) - probability(a));
  expect(found.map(pointName)).toEqual(all.slice(0, 7).map(pointName));

  // What has not learned stands at its largest choice.
  architecture.settled = { blocks: true, bits: false };
  for (const choices of likeliest(space, architecture, 5))
    for (const { block, bits } of choices) if (block !== 'skip') expect(bits).toBe(8);
  architecture.settled = { blocks: false, bits: false };
  expect(likeliest(space, architecture, 5)).toHaveLength(1);
});

test('a search with finalists ends with one of them, and pays for them', async () => {
  const { choices, architecture } = await searchChoices({
    ...{ preset, strategy: autoNba, dataset: loadFixtureDataset() },
    costModel: new CostModel(space, macOracle),
    cost: { weight: 1, form: 'linear', targetCycles: 1000 },
    rng: createRng(4),
  });
  expect(likeliest(space, architecture, 3)).toContainEqual(choices);
  const { finalists: _, ...search } = preset.search;
  expect(imagePassesOf(preset) - imagePassesOf({ ...preset, search })).toBe(3 * 32 * (4 / 3));
});

test('exchanges: every single change costs what its own accelerator takes', () => {
  const model = new CostModel(space, macOracle);
  const choices = layersOf(space).map(() => ({ block: 'k3e3', bits: 4 }) as const);
  const table = model.tabulateExchanges(choices);
  layersOf(space).forEach(({ index, candidates }) => {
    candidates.forEach((block, i) => {
      space.bits.forEach((bits, j) => {
        const exchanged = choices.map((choice, l) => (l === index ? { block, bits } : choice));
        const others = (table.fixed[0] ?? 0) + table.epochCycles * (choices.length - 1);
        expect(others + (table.cycles[index]?.[i]?.[j]?.[0] ?? 0)).toBeCloseTo(
          model.solve(exchanged).epochCycles,
          6,
        );
      });
    });
  });
});
