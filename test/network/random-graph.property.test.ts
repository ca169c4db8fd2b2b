import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inputsOf } from '../../src/network/network.ts';
import { branching, randomGraph } from '../../src/network/random-graph.ts';
import { validateNetwork } from '../../src/network/validate.ts';
import { createRng } from '../../src/util/rng.ts';

const limits = { maxSize: 8, maxChannels: 8, maxKernel: 3, maxMacs: 20_000 } as const;

test('every network is valid, has the operators asked for, and reads all it computes', () => {
  fc.assert(
    fc.property(fc.nat(100_000), fc.integer({ min: 1, max: 12 }), (seed, operators) => {
      const network = randomGraph(createRng(seed), { ...limits, operators });
      validateNetwork(network);
      expect(network.operators.length).toBeGreaterThanOrEqual(operators);
      const read = new Set(network.operators.flatMap((operator) => [...inputsOf(operator)]));
      for (const { name } of network.tensors)
        expect(read.has(name) || name === network.output).toBe(true);
      expect(randomGraph(createRng(seed), { ...limits, operators })).toEqual(network);
    }),
    { numRuns: 40 },
  );
});

test('of forty networks most branch and add', () => {
  const found = Array.from({ length: 40 }, (_, seed) =>
    branching(randomGraph(createRng(seed), { ...limits, operators: 8 })),
  );
  expect(found.filter(({ shared }) => shared > 0).length).toBeGreaterThan(20);
  expect(found.filter(({ sums }) => sums > 0).length).toBeGreaterThan(20);
});
