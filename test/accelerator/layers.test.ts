import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formLayers } from '../../src/accelerator/layers.ts';
import { runInteger } from '../../src/integer/run.ts';
import type { Network, Operator, Tensor } from '../../src/network/network.ts';
import { randomImages, randomNetwork } from '../../src/network/random-network.ts';
import { createRng } from '../../src/util/rng.ts';
import { tiny, withOperators } from '../network/tiny.ts';

const layersOf = (network: Network) => {
  const formed = formLayers(network);
  return formed.ok ? formed.layers : [];
};
const refusal = (network: Network): string => {
  const formed = formLayers(network);
  return formed.ok ? 'accepted' : `${formed.operator}: ${formed.reason}`;
};

test('every operator is in exactly one layer or on the host, in order', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const network = randomNetwork(createRng(seed), {
        operators: 4,
        kinds: ['conv', 'depthwiseConv', 'add', 'globalAveragePool', 'fullyConnected'],
        maxMacs: 2000,
      });
      const formed = formLayers(network);
      if (!formed.ok) throw new Error(formed.reason);
      expect([...formed.layers.flatMap(({ operators }) => operators), ...formed.host]).toEqual(
        network.operators.map(({ name }) => name),
      );
      // What a layer reads was written by an earlier one.
      const written = new Set([network.input]);
      for (const layer of formed.layers) {
        expect(written.has(layer.input.name)).toBe(true);
        if (layer.operand !== undefined) expect(written.has(layer.operand.name)).toBe(true);
        written.add(layer.output.name);
      }
      expect(written.has(network.output)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('an add joins the convolution before it; the host keeps its own', () => {
  const formed = formLayers(tiny);
  if (!formed.ok) throw new Error(formed.reason);
  expect(
    formed.layers.map(({ name, operators, kind, output, product, operand }) => [
      name,
      operators,
      kind,
      product.name,
      output.name,
      operand?.name,
    ]),
  ).toEqual([
    ['conv', ['conv', 'add'], 'standard', 'map', 'sum', 'image'],
    ['pool', ['pool'], 'depthwise', 'mean', 'mean', undefined],
    ['classes', ['classes'], 'standard', 'scores', 'scores', undefined],
  ]);
  expect(formed.host).toEqual(['softmax']);
});

test('an add stays alone where someone else reads the convolution', () => {
  const [conv, add, ...rest] = tiny.operators;
  if (conv === undefined || add === undefined) throw new Error('tiny has five operators');
  const second: Operator = {
    kind: 'add',
    name: 'again',
    inputs: ['sum', 'map'],
    output: 'twice',
    clamp: { low: -128, high: 127 },
    requantization: { form: 'half-up', multiplierA: 2, multiplierB: 2, shift: 1 },
  };
  const twice: Tensor = { ...tiny.tensors[2], name: 'twice' } as Tensor;
  const network = {
    ...tiny,
    tensors: [...tiny.tensors, twice],
    operators: [conv, add, second, ...rest],
  };
  const layers = layersOf(network);
  expect(layers.map(({ operators }) => operators)).toEqual([
    ['conv'],
    ['add'],
    ['again'],
    ['pool'],
    ['classes'],
  ]);
  expect(layers[1]).toMatchObject({
    kind: 'depthwise',
    kernel: [1, 1],
    operand: { name: 'image' },
  });
});

test('a shuffle becomes a permutation that puts channels where the operator would', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 5 }),
      (seed, groups, each) => {
        const channels = groups * each;
        const conv = randomNetwork(createRng(seed), {
          kinds: ['depthwiseConv'],
          maxSize: 3,
          maxKernel: 1,
          maxStride: 1,
        });
        const shapeOf = ({ shape }: Tensor) => [shape[0], shape[1], channels] as const;
        const network: Network = {
          ...conv,
          output: 'mixed',
          tensors: [
            ...conv.tensors.map((tensor) => ({ ...tensor, shape: shapeOf(tensor) })),
            ...conv.tensors
              .slice(1)
              .map((tensor) => ({ ...tensor, name: 'mixed', shape: shapeOf(tensor) })),
          ],
          operators: conv.operators.flatMap((operator): Operator[] =>
            operator.kind === 'depthwiseConv'
              ? [
                  {
                    ...operator,
                    parameters: {
                      weights: new Int16Array(channels).map((_, k) => (k % 3) - 1),
                      bias: new Int32Array(channels).map((_, k) => k),
                      requantization: {
                        form: 'half-up',
                        multipliers: Array(channels).fill(2),
                        shifts: Array(channels).fill(1),
                      },
                    },
                  },
                  {
                    kind: 'channelShuffle',
                    name: 'mix',
                    input: operator.output,
                    output: 'mixed',
                    groups,
                  },
                ]
              : [],
          ),
        };
        const [layer, ...others] = layersOf(network);
        expect(others).toEqual([]);
        expect(layer?.output.name).toBe('mixed');
        const tensors = runInteger(network, randomImages(createRng(seed), network, 1));
        const before = tensors.get(conv.output);
        const after = tensors.get('mixed');
        after?.forEach((value, k) => {
          const channel = layer?.permutation?.[k % channels] ?? -1;
          expect(before?.[k - (k % channels) + channel]).toBe(value);
        });
        expect([...(layer?.permutation ?? [])].sort((a, b) => a - b)).toEqual(
          Array.from({ length: channels }, (_, k) => k),
        );
      },
    ),
    { numRuns: 60 },
  );
});

test('what no array runs is refused with the operator and the reason', () => {
  const pool = (kind: 'averagePool' | 'maxPool', top: number): Operator => ({
    kind,
    name: 'window',
    input: 'image',
    output: 'map',
    kernel: [3, 3],
    stride: [1, 1],
    padding: { top, bottom: 1, left: 1, right: 1 },
    clamp: { low: -128, high: 127 },
  });
  const first = (operator: Operator) =>
    withOperators((operators) => [operator, ...operators.slice(1)]);
  expect(refusal(first(pool('maxPool', 1)))).toBe('accepted');
  expect(refusal(first(pool('averagePool', 1)))).toMatchInlineSnapshot(
    `"window: average pooling with padding divides by a different count at the edges"`,
  );
  expect(
    refusal(
      first({ kind: 'channelShuffle', name: 'mix', input: 'image', output: 'map', groups: 1 }),
    ),
  ).toMatchInlineSnapshot(
    `"mix: a channel shuffle must follow a convolution that nothing else reads"`,
  );
  expect(
    refusal(
      first({
        kind: 'hostOnly',
        name: 'early',
        input: 'image',
        output: 'map',
        function: 'softmax',
      }),
    ),
  ).toMatchInlineSnapshot(`"add: it follows host operator "early""`);
  expect(refusal(tiny)).toBe('accepted');
});
