import { describe, expect, test } from 'vitest';
import {
  acceleratorOperators,
  acceleratorOutput,
  consumersOf,
  describeOperator,
  macsOf,
  producerOf,
  samePadding,
  totalMacs,
  weightCountOf,
  windowCount,
} from '../../src/network/geometry.ts';
import { randomNetwork } from '../../src/network/random-network.ts';
import { createRng } from '../../src/util/rng.ts';
import { tiny } from './tiny.ts';

test('multiply-accumulates and weights are counted', () => {
  expect(tiny.operators.map((each) => macsOf(tiny, each))).toEqual([81, 0, 0, 2, 0]);
  expect(tiny.operators.map((each) => weightCountOf(tiny, each))).toEqual([9, 0, 0, 2, 0]);
  expect(totalMacs(tiny)).toBe(83);
});

test('the graph is walked both ways', () => {
  expect(consumersOf(tiny, 'image').map(({ name }) => name)).toEqual(['conv', 'add']);
  expect(producerOf(tiny, 'sum')?.name).toBe('add');
  expect(producerOf(tiny, 'image')).toBeUndefined();
  expect(acceleratorOutput(tiny)).toBe('scores');
  expect(acceleratorOperators(tiny)).toHaveLength(4);
});

describe('SAME padding', () => {
  test('gives ceil(size / stride) windows and pads more after than before', () => {
    for (let size = 1; size < 20; size++) {
      for (let kernel = 1; kernel < 8; kernel++) {
        for (let stride = 1; stride < 5; stride++) {
          const { top, bottom } = samePadding([size, size], [kernel, kernel], [stride, stride]);
          expect(windowCount(size, kernel, stride, top, bottom)).toBe(Math.ceil(size / stride));
          expect(bottom - top === 0 || bottom - top === 1).toBe(true);
        }
      }
    }
  });
});

test('operators are described for people', () => {
  expect(tiny.operators.map((each) => describeOperator(tiny, each))).toMatchInlineSnapshot(`
    [
      "3x3 convolution, 1 channel, 4-bit weights",
      "add, 1 channel",
      "global average pool, 1 channel",
      "fully connected, 1 to 2 channels, 2-bit weights",
      "softmax on the host, 2 channels",
    ]
  `);
  const network = randomNetwork(createRng(4), { kinds: ['conv'], operators: 3 });
  expect(network.operators.map((each) => describeOperator(network, each))).toMatchInlineSnapshot(`
    [
      "3x3 convolution, 2 to 15 channels, 8-bit weights",
      "7x7 convolution, 5 groups, 15 to 10 channels, 4-bit weights",
      "3x2 convolution, 10 to 17 channels, 2-bit weights",
    ]
  `);
});
