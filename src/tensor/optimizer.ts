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

/** Variables as one flat vector: scalars first, as a stack, then the others; vectors need no reshaping. */
class FlatLayout {
  readonly size: number;
  private readonly variables: readonly Variable[];
  private readonly scalars: readonly number[];
  private readonly others: readonly number[];

  constructor(variables: readonly Variable[]) {
    this.variables = variables;
    const indices = variables.map((_, i) => i);
    this.scalars = indices.filter((i) => at(variables, i).rank === 0);
    this.others = indices.filter((i) => at(variables, i).rank > 0);
    this.size = variables.reduce((total, variable) => total + variable.size, 0);
  }

  join(tensors: readonly (Tensor | null)[]): Tensor {
    const tensorAt = (i: number): Tensor => tensors[i] ?? tf.zerosLike(at(this.variables, i));
    const scalars = this.scalars.length > 0 ? [tf.stack(this.scalars.map(tensorAt))] : [];
    const others = this.others.map(tensorAt).map((t) => (t.rank === 1 ? t : t.reshape([-1])));
    const parts = [...scalars, ...others];
    return parts.length === 1 ? at(parts, 0) : tf.concat(parts);
  }

  scatter(flat: Tensor): void {
    const others = this.others.map((i) => at(this.variables, i));
    const sizes = others.map((variable) => variable.size);
    const parts = tf.split(flat, [
      ...(this.scalars.length > 0 ? [this.scalars.length] : []),
      ...sizes,
    ]);
    if (this.scalars.length > 0) {
      const scalars = tf.unstack(at(parts.splice(0, 1), 0));
      this.scalars.forEach((i, k) => {
        at(this.variables, i).assign(at(scalars, k));
      });
    }
    others.forEach((variable, k) => {
      const part = at(parts, k);
      variable.assign(variable.rank === 1 ? part : part.reshape(variable.shape));
    });
  }
}

function createOptimizer(
  variables: readonly Variable[],
  momentCount: number,
  rule: Rule,
): Optimizer {
  const layout = new FlatLayout(variables);
  const moments = Array.from({ length: momentCount }, () =>
    tf.tidy(() => tf.variable(tf.zeros([layout.size]), false)),
  );
  return {
    step(gradients, learningRate) {
      if (variables.length === 0) return;
      tf.tidy(() => {
        const value = layout.join(variables);
        layout.scatter(rule(value, layout.join(gradients), moments, learningRate));
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
    new FlatLayout(variables).join(variables.map((v, i) => tf.fill(v.shape, at(decays, i)))),
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
