// Every candidate of every layer becomes a network that later rooms accept.

import { expect, test } from 'vitest';
import { macsOf } from '../../src/network/geometry.ts';
import { tensorOf } from '../../src/network/network.ts';
import { validateNetwork } from '../../src/network/validate.ts';
import { micro } from '../../src/search/presets/index.ts';
import { describeLayer, describeNetwork } from '../../src/supernet/describe.ts';
import {
  type BlockName,
  type Choices,
  extremeBits,
  layersOf,
  pairsOf,
  type SearchSpace,
  spaceSize,
} from '../../src/supernet/space.ts';

const { space } = micro;
const choose = (block: BlockName, bits = 8): Choices => space.layers.map(() => ({ block, bits }));

test('skip is a candidate where a layer keeps its shape', () => {
  const layers = layersOf(space);
  expect(layers.map(({ candidates }) => candidates.includes('skip'))).toEqual([
    true,
    false,
    true,
    false,
  ]);
  expect(layers.map(({ rows, inputs, outputs }) => [rows, inputs, outputs])).toEqual([
    [14, 16, 16],
    [14, 16, 24],
    [7, 24, 24],
    [7, 24, 32],
  ]);
  expect(spaceSize(space)).toBe(27 * 24 * 27 * 24);
});

test('a layer without candidates is refused', () => {
  const only: SearchSpace = { ...space, candidates: ['skip'] };
  expect(() => layersOf(only)).toThrowErrorMatchingInlineSnapshot(
    `[InvalidConfigError: layer 1 has no candidate block]`,
  );
});

test.each(space.candidates)('a network of %s is valid', (block) => {
  const choices = choose(block).map((choice, i) =>
    layersOf(space)[i]?.candidates.includes(block) ? choice : { ...choice, block: 'k3e1' as const },
  );
  const network = describeNetwork(space, choices, 'one-block');
  expect(() => validateNetwork(network)).not.toThrow();
  expect(tensorOf(network, network.output).shape).toEqual([1, 1, 10]);
});

test('operators bear the names the other rooms print', () => {
  const choices: Choices = [
    { block: 'k3e3', bits: 6 },
    { block: 'k5e1g2', bits: 4 },
    { block: 'skip', bits: 4 },
    { block: 'k3e6', bits: 8 },
  ];
  const network = describeNetwork(space, choices, 'named');
  expect(network.operators.map(({ name }) => name)).toEqual([
    'stem',
    ...['b0_expand', 'b0_depthwise', 'b0_project', 'b0_add'],
    ...['b1_expand', 'b1_shuffle', 'b1_depthwise', 'b1_project'],
    ...['b3_expand', 'b3_depthwise', 'b3_project'],
    'head',
    'pool',
    'classifier',
  ]);
  // A tensor has the bits of the layer that reads it; a skipped layer reads nothing.
  const bits = (name: string): number => tensorOf(network, name).bits;
  expect(
    ['stem', 'b0_expand', 'b0_project', 'b0_add', 'b1_project', 'b3_project'].map(bits),
  ).toEqual([6, 6, 8, 4, 8, 8]);
});

test('a layer alone has the work of the layer in its network', () => {
  const network = describeNetwork(space, choose('k3e6', 4), 'whole');
  const alone = describeLayer(space, 3, { block: 'k3e6', bits: 4 });
  expect(alone && validateNetwork(alone)).toBeUndefined();
  for (const operator of alone?.operators ?? []) {
    const same = network.operators.find(({ name }) => name === operator.name);
    expect(same && macsOf(network, same)).toBe(alone && macsOf(alone, operator));
  }
  expect(describeLayer(space, 0, { block: 'skip', bits: 4 })).toBeUndefined();
});

test('a pair of widths is that of weights and that of what they read', () => {
  expect(pairsOf([4, 8], [8, 4])).toEqual(['w4a8', 4, 8, 'w8a4']);
  expect(extremeBits(pairsOf([4, 8], [6]), 'most')).toBe('w8a6');
  const choices: Choices = space.layers.map(() => ({ block: 'k3e3', bits: 'w4a6' }));
  const network = describeNetwork(space, choices, 'pairs');
  const bits = (name: string): number => tensorOf(network, name).bits;
  expect(['stem', 'b0_expand', 'b0_depthwise', 'b1_project'].map(bits)).toEqual([6, 6, 6, 6]);
  for (const operator of network.operators)
    if (/^b\d_/.test(operator.name) && 'weightBits' in operator)
      expect(operator.weightBits).toBe(4);
  expect(describeLayer(space, 0, { block: 'k3e3', bits: 'w4a6' })?.tensors[0]?.bits).toBe(6);
});
