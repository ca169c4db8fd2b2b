// Every preset is a space that can be searched, described as a network and joined into layers of the accelerator.

import { describe, expect, test } from 'vitest';
import { formLayers } from '../../src/accelerator/layers.ts';
import { totalMacs } from '../../src/network/geometry.ts';
import type { Preset } from '../../src/search/preset.ts';
import * as presets from '../../src/search/presets/index.ts';
import { largestChoices } from '../../src/search/reference.ts';
import { describeNetwork } from '../../src/supernet/describe.ts';
import * as encodings from '../../src/supernet/encodings/index.ts';
import { layersOf, spaceSize } from '../../src/supernet/space.ts';

describe.each(Object.values<Preset>(presets))('$name', ({ space, search, training, encoding }) => {
  test('its largest network runs on chunks, and its batches can be filled', () => {
    expect(Object.keys(encodings)).toContain(encoding);
    const formed = formLayers(describeNetwork(space, largestChoices(space), 'largest'));
    expect(formed.ok).toBe(true);
    expect(Math.floor(search.images / 2)).toBeGreaterThanOrEqual(search.batchSize);
    expect(training.images).toBeGreaterThanOrEqual(training.batchSize);
    expect(search.paths).toBe(2);
  });
});

test("the papers' spaces have their 22 layers, nine blocks, and skip only where a layer may vanish", () => {
  for (const { space } of [presets.autoNbaCifar, presets.autoNbaImagenet, presets.fbnet]) {
    const layers = layersOf(space);
    expect(layers).toHaveLength(22);
    expect(layers.filter(({ residual }) => residual)).toHaveLength(16);
    for (const { residual, candidates } of layers)
      expect(candidates).toHaveLength(residual ? 9 : 8);
  }
  expect(spaceSize(presets.fbnet.space)).toBeCloseTo(9 ** 16 * 8 ** 6, -8);
  expect(spaceSize(presets.autoNbaCifar.space)).toBeCloseTo(27 ** 16 * 24 ** 6, -18);
  // FBNet's largest network at 224 x 224 has somewhat under a thousand million multiplications.
  const macs = totalMacs(
    describeNetwork(presets.fbnet.space, largestChoices(presets.fbnet.space), 'x'),
  );
  expect(macs / 1e6).toBeGreaterThan(500);
  expect(macs / 1e6).toBeLessThan(1000);
});
