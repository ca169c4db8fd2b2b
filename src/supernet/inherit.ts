// Weights of the shared network handed on to the network that was derived from it.

import { type Tensor, tensorFrom, tidy, type Variable, valuesOf } from '../tensor/index.ts';
import { defined } from '../util/errors.ts';
import type { Choices } from './space.ts';
import type { Supernet } from './supernet.ts';
import type { TrainableNetwork } from './trainable-network.ts';

/** Unquantized weights of one operator; a classifier has no gain. */
export interface InheritedWeights {
  readonly kernel: Float32Array;
  readonly gain?: Float32Array;
  readonly offset: Float32Array;
}

/** By operator name. */
export type Inheritance = ReadonlyMap<string, InheritedWeights>;

/** What a point of the space inherits from the shared network; outlives it. */
export function inheritanceOf(supernet: Supernet, choices: Choices): Inheritance {
  const copy = (tensor: Tensor): Float32Array => valuesOf(tensor).slice();
  return tidy(() => {
    const weights = [...supernet.weightsOf(choices)];
    return new Map(
      weights.map(([name, { kernel, gain, offset }]) => {
        const own = { kernel: copy(kernel), offset: copy(offset) };
        return [name, gain === undefined ? own : { ...own, gain: copy(gain) }] as const;
      }),
    );
  });
}

/** Sets the weights of a network to inherited ones; steps and moments are still to be measured. */
export function inherit(trainable: TrainableNetwork, inheritance: Inheritance): void {
  const assign = (variable: Variable, values: Float32Array | undefined): void => {
    variable.assign(tensorFrom(defined(values, 'inherited weights'), variable.shape));
  };
  tidy(() => {
    for (const [name, { kernel, gain, offset }] of trainable.operators) {
      const own = defined(inheritance.get(name), name);
      assign(kernel, own.kernel);
      assign(offset, own.offset);
      if (gain !== undefined) assign(gain, own.gain);
    }
  });
}
