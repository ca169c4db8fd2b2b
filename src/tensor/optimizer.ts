// Optimizers that update all variables as one flat vector: a dozen native calls a step instead of five per variable.

import { type Tensor, tf, type Variable } from './engine.ts';
import { at } from './gradient.ts';

/** State a run is resumed from, one flat vector per moment. */
export type OptimizerState = readonly Float32Array[];

/** Steps variables along gradients; null gradients count as zero, so momentum still carries them. */
export interface Optimizer {
  step(gradients: readonly (Tensor | null)[], learningRate: number): void;
  state(): OptimizerState;
  restore(state: OptimizerState): void;
  dispose(): void;
}

/** One rule on flat vectors: the new value, and the new moments in place. */
type Rule = (value: Tensor, gradient: Tensor, moments: readonly Variable[], rate: number) => Tensor;

function flatten(variables: readonly Variable[], tensors: readonly (Tensor | null)[]): Tensor {
  const flat = variables.map((variable, i) => {
    const tensor = tensors[i] ?? tf.zerosLike(variable);
    return tensor.reshape([-1]);
  });
  return flat.length === 1 ? at(flat, 0) : tf.concat(flat);
}

function scatter(variables: readonly Variable[], flat: Tensor): void {
  const parts = tf.split(
    flat,
    variables.map((variable) => variable.size),
  );
  variables.forEach((variable, i) => {
    variable.assign(at(parts, i).reshape(variable.shape));
  });
}

function createOptimizer(
  variables: readonly Variable[],
  momentCount: number,
  rule: Rule,
): Optimizer {
  const size = variables.reduce((total, variable) => total + variable.size, 0);
  const moments = Array.from({ length: momentCount }, () =>
    tf.tidy(() => tf.variable(tf.zeros([size]), false)),
  );
  return {
    step(gradients, learningRate) {
      if (variables.length === 0) return;
      tf.tidy(() => {
        const gradient = flatten(variables, gradients);
        scatter(variables, rule(flatten(variables, variables), gradient, moments, learningRate));
      });
    },
    state: () => moments.map((moment) => moment.dataSync<'float32'>().slice()),
    restore(state) {
      tf.tidy(() => {
        moments.forEach((moment, i) => {
          moment.assign(tf.tensor1d(at(state, i)));
        });
      });
    },
    dispose() {
      for (const moment of moments) moment.dispose();
    },
  };
}

/**
 * Stochastic gradient descent: m = momentum * m + g + decay_i * w, w = w - rate * m.
 * `decays` holds one weight decay per variable.
 */
export function createMomentum(
  variables: readonly Variable[],
  momentum: number,
  decays: readonly number[],
): Optimizer {
  const decay = tf.tidy(() =>
    tf.concat([tf.zeros([0]), ...variables.map((v, i) => tf.fill([v.size], at(decays, i)))]),
  );
  const optimizer = createOptimizer(variables, 1, (value, gradient, [moment], rate) => {
    const state = at([moment], 0);
    state.assign(state.mul(momentum).add(gradient).add(value.mul(decay)));
    return value.sub(state.mul(rate));
  });
  const dispose = (): void => {
    decay.dispose();
    optimizer.dispose();
  };
  return { ...optimizer, dispose };
}

/** Adam (Kingma and Ba, 2015), both moments corrected for their start at zero. */
export function createAdam(
  variables: readonly Variable[],
  beta1: number,
  beta2: number,
  epsilon = 1e-8,
): Optimizer {
  let steps = 0;
  const optimizer = createOptimizer(variables, 2, (value, gradient, moments, rate) => {
    steps += 1;
    const [mean, square] = [at(moments, 0), at(moments, 1)];
    mean.assign(mean.mul(beta1).add(gradient.mul(1 - beta1)));
    square.assign(square.mul(beta2).add(gradient.square().mul(1 - beta2)));
    const corrected = square
      .div(1 - beta2 ** steps)
      .sqrt()
      .add(epsilon);
    return value.sub(mean.mul(rate / (1 - beta1 ** steps)).div(corrected));
  });
  return {
    ...optimizer,
    state: () => [...optimizer.state(), Float32Array.of(steps)],
    restore(state) {
      optimizer.restore(state);
      steps = at(state, 2)[0] ?? 0;
    },
  };
}

/** Cosine schedule from `rate` at step 0 to 0 at `steps`. */
export function cosineRate(rate: number, step: number, steps: number): number {
  return 0.5 * rate * (1 + Math.cos((Math.PI * Math.min(step, steps)) / steps));
}
