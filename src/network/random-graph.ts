// Random networks that branch: tensors with several readers, sums over long ways, one result.

import type { Rng } from '../util/rng.ts';
import { inputsOf, type Network } from './network.ts';
import { type Growth, type RandomLimits, randomDefaults } from './random-limits.ts';
import { randomConv, randomPool, randomSum } from './random-operator.ts';
import { randomTensor } from './random-tensor.ts';
import { validateNetwork } from './validate.ts';

type GraphLimits = Partial<
  Pick<RandomLimits, 'maxSize' | 'maxChannels' | 'maxKernel' | 'maxStride' | 'maxMacs' | 'forms'>
> & { readonly operators: number };

/** Operators that the last one needs, and the tensors they touch. */
function needed({ operators, tensors }: Growth): Growth {
  const wanted = new Set<string>(operators.slice(-1).map(({ output }) => output));
  const kept = operators.filter(() => false);
  for (const operator of [...operators].reverse()) {
    if (!wanted.has(operator.output)) continue;
    kept.unshift(operator);
    for (const name of inputsOf(operator)) wanted.add(name);
  }
  return { operators: kept, tensors: tensors.filter(({ name }) => wanted.has(name)) };
}

/** A network of at least so many operators, each reading any tensors before it: convolutions, maximum pools and sums. */
export function randomGraph(rng: Rng, options: GraphLimits): Network {
  const limits: RandomLimits = { ...randomDefaults, ...options };
  const input = randomTensor(rng, limits, 'input', [
    rng.integer(3, limits.maxSize),
    rng.integer(3, limits.maxSize),
    rng.integer(2, limits.maxChannels),
  ]);
  const growth: Growth = { tensors: [input], operators: [] };
  let graph = growth;
  // Tensors that nobody reads may not stay, so each draw counts only as far as the last operator needs it.
  while (graph.operators.length < options.operators) {
    const last = growth.tensors[growth.tensors.length - 1] ?? input;
    const from = rng.next() < 0.6 ? last : rng.pick(growth.tensors);
    const twins = growth.tensors.filter(
      ({ name, shape }) => name !== from.name && shape.every((size, k) => size === from.shape[k]),
    );
    const draw = rng.next();
    if (twins.length > 0 && draw < 0.4) randomSum(rng, limits, growth, [from, rng.pick(twins)]);
    else if (draw < 0.45) randomPool(rng, limits, growth, from, 'maxPool');
    else {
      const kind = rng.pick(['conv', 'conv', 'depthwiseConv'] as const);
      // Kept shapes make sums possible later.
      const shape = rng.pick(['kept', 'kept', 'kept', 'any'] as const);
      randomConv(rng, limits, growth, from, kind, { shape });
    }
    graph = needed(growth);
  }
  const output = graph.operators[graph.operators.length - 1]?.output ?? input.name;
  const network = { name: 'random', input: input.name, output, ...graph };
  validateNetwork(network);
  return network;
}

/** How a network branches: tensors that several operators read, and sums. */
export function branching(network: Network): { readonly shared: number; readonly sums: number } {
  const readers = new Map<string, number>();
  for (const operator of network.operators)
    for (const name of inputsOf(operator)) readers.set(name, (readers.get(name) ?? 0) + 1);
  return {
    shared: [...readers.values()].filter((count) => count > 1).length,
    sums: network.operators.filter(({ kind }) => kind === 'add').length,
  };
}
