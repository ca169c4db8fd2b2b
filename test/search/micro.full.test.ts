// The micro preset whole, on all of Fashion-MNIST: what the README claims, over seeds and with the cost on and off.

import { describe, expect, test } from 'vitest';
import { zc706 } from '../../src/accelerator/devices/index.ts';
import { fashionMnist } from '../../src/data/datasets/index.ts';
import { totalMacs } from '../../src/network/geometry.ts';
import { exploredHardware } from '../../src/search/explored-hardware.ts';
import type { Preset } from '../../src/search/preset.ts';
import { micro } from '../../src/search/presets/index.ts';
import { type SearchResult, searchDesign } from '../../src/search/search-design.ts';
import * as strategies from '../../src/search/strategies/index.ts';
import { widthsOf } from '../../src/supernet/space.ts';

function search(preset: Preset, seed: number): Promise<SearchResult<unknown>> {
  const dataset = fashionMnist.load();
  const options = { preset, dataset, strategy: strategies.autoNba, seed, name: 'micro' };
  return searchDesign(options, exploredHardware(zc706));
}

function meanBits({ choices }: SearchResult<unknown>): number {
  return choices.reduce((sum, { bits }) => sum + widthsOf(bits)[0], 0) / choices.length;
}

describe('micro', () => {
  test.each([1, 2, 3])(
    'seed %i: integers within a point of the network they came from',
    async (seed) => {
      const { accuracy } = await search(micro, seed);
      expect(accuracy.integer).toBeGreaterThanOrEqual(0.86);
      expect(Math.abs(accuracy.float - accuracy.integer)).toBeLessThanOrEqual(0.01);
      expect(accuracy.exportAgreement).toBeGreaterThan(0.99);
    },
  );

  test('without cost the search takes more work and more bits', async () => {
    const training = { ...micro.training, images: 6400 };
    const weighted = (costWeight: number): Preset => ({
      ...micro,
      training,
      search: { ...micro.search, costWeight },
    });
    const free = await search(weighted(0), 1);
    const costed = await search(weighted(micro.search.costWeight), 1);
    expect(totalMacs(free.network)).toBeGreaterThan(totalMacs(costed.network));
    expect(free.hardware.epochCycles).toBeGreaterThan(costed.hardware.epochCycles);
    expect(meanBits(free)).toBeGreaterThan(meanBits(costed));
  });
});
