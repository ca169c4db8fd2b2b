import { expect, test } from 'vitest';
import { runExact } from '../../src/integer/oracle.ts';
import { runInteger, runOutput } from '../../src/integer/run.ts';
import { acceleratorOutput, elementsOf, totalMacs } from '../../src/network/geometry.ts';
import { type Network, tensorOf } from '../../src/network/network.ts';
import { type RandomNetworkOptions, randomDefaults } from '../../src/network/random-limits.ts';
import { randomImages, randomNetwork } from '../../src/network/random-network.ts';
import { createRng } from '../../src/util/rng.ts';

function expectExact(network: Network, seed: string): void {
  const images = randomImages(createRng(seed), network, 2);
  const fast = runInteger(network, images);
  const size = elementsOf(tensorOf(network, network.input).shape);
  for (const image of [0, 1]) {
    const exact = runExact(network, images.subarray(image * size, (image + 1) * size));
    expect([...exact.keys()]).toEqual([...fast.keys()]);
    for (const [name, values] of exact) {
      const stacked = fast.get(name);
      const mine = stacked?.slice(image * values.length, (image + 1) * values.length);
      if (!Buffer.from(values.buffer).equals(Buffer.from(mine?.buffer ?? new ArrayBuffer(0)))) {
        expect(mine, `${seed}: ${name}`).toEqual(values);
      }
    }
  }
  const last = fast.get(acceleratorOutput(network));
  expect(runOutput(network, images)).toEqual(last);
}

test.each(randomDefaults.kinds)('%s: the fast form equals the definition', (kind) => {
  for (let seed = 0; seed < 60; seed++) {
    const label = `${kind} ${seed}`;
    expectExact(randomNetwork(createRng(label), { kinds: [kind], maxMacs: 15_000 }), label);
  }
});

const wide: RandomNetworkOptions = {
  activationBits: [2, 8, 11, 16],
  weightBits: [2, 8, 16],
  maxMacs: 15_000,
};

test('chains of wide tensors too', () => {
  for (let seed = 0; seed < 60; seed++) {
    const label = `wide ${seed}`;
    expectExact(randomNetwork(createRng(label), { ...wide, operators: 4 }), label);
  }
});

test('random outputs use their range', () => {
  let spread = 0;
  const count = 100;
  for (let seed = 0; seed < count; seed++) {
    const rng = createRng(`range ${seed}`);
    const network = randomNetwork(rng, { kinds: ['conv'], operators: 2, activationBits: [8] });
    expect(totalMacs(network)).toBeLessThanOrEqual(2 * randomDefaults.maxMacs);
    const output = runOutput(network, randomImages(rng, network, 4));
    const { low, high } = output.reduce(
      (range, value) => ({ low: Math.min(range.low, value), high: Math.max(range.high, value) }),
      { low: Infinity, high: -Infinity },
    );
    spread += (high - low) / 255 / count;
  }
  expect(spread).toBeGreaterThan(0.7);
});
