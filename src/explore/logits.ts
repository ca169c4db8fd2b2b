// Categorical parameters of an accelerator as logits that gradients move: the ground of the differentiable solvers.

import type { Rng } from '../util/rng.ts';

const FIRST_MOMENT = 0.9;
const SECOND_MOMENT = 0.999;
const SMALL = 1e-8;

/** One parameter: its logits with the moments of Adam. */
export class Categorical {
  readonly #logits: Float64Array;
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  #steps = 0;

  constructor(count: number) {
    this.#logits = new Float64Array(count);
    this.#first = new Float64Array(count);
    this.#second = new Float64Array(count);
  }

  /** Probabilities at a temperature. */
  probabilities(temperature: number): Float64Array {
    const highest = Math.max(...this.#logits);
    const weights = this.#logits.map((logit) => Math.exp((logit - highest) / temperature));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return weights.map((weight) => weight / sum);
  }

  /** A value drawn by the Gumbel trick: the hard sample of a Gumbel-softmax. */
  sample(temperature: number, rng: Rng): number {
    let best = 0;
    let highest = Number.NEGATIVE_INFINITY;
    this.#logits.forEach((logit, value) => {
      const gumbel = -Math.log(-Math.log(rng.next() * (1 - 2 ** -32) + 2 ** -33));
      const key = logit / temperature + gumbel;
      if (key > highest) {
        highest = key;
        best = value;
      }
    });
    return best;
  }

  /** One step of Adam down a gradient. */
  descend(gradient: ArrayLike<number>, learningRate: number): void {
    this.#steps++;
    const first = 1 - FIRST_MOMENT ** this.#steps;
    const second = 1 - SECOND_MOMENT ** this.#steps;
    for (let k = 0; k < this.#logits.length; k++) {
      const slope = gradient[k] ?? 0;
      const m = FIRST_MOMENT * (this.#first[k] ?? 0) + (1 - FIRST_MOMENT) * slope;
      const v = SECOND_MOMENT * (this.#second[k] ?? 0) + (1 - SECOND_MOMENT) * slope * slope;
      this.#first[k] = m;
      this.#second[k] = v;
      this.#logits[k] =
        (this.#logits[k] ?? 0) - (learningRate * (m / first)) / (Math.sqrt(v / second) + SMALL);
    }
  }
}

/** Slope of the expected cost p . c by each logit: p * (c - p . c). */
export function expectedCostGradient(
  probabilities: Float64Array,
  costs: ArrayLike<number>,
): Float64Array {
  const mean = probabilities.reduce((sum, p, k) => sum + p * (costs[k] ?? 0), 0);
  return probabilities.map((p, k) => p * ((costs[k] ?? 0) - mean));
}
