// Single path forward, several paths backward: the hard choice of Auto-NBA's search.

import { type Tensor, tf } from './engine.ts';
import { at, differentiate, dot } from './gradient.ts';

/**
 * The first of `outputs`, as if it were sum_k gate_k * outputs_k with the hard gate (1, 0, ...).
 * dL/d outputs_0 = g, so weights and earlier layers see the sampled path only; dL/d gate_k = <g, outputs_k> for every
 * path given, which is all that the block logits need. The others must be constants to the tape (`detached`).
 */
export function selectFirst(outputs: readonly Tensor[], gate: Tensor): Tensor {
  return differentiate([at(outputs, 0), gate], ([first]) => ({
    value: at([first], 0).clone(),
    saved: outputs,
    backward: (gradient, saved) => [
      gradient,
      tf.stack(saved.map((output) => dot(gradient, output))),
    ],
  }));
}

/** sum_k gate_k * outputs_k, every output on the tape and kept for the backward pass. */
export function mixOutputs(outputs: readonly Tensor[], gate: Tensor): Tensor {
  return differentiate([...outputs, gate], (inputs) => {
    const [shares, own] = [at(inputs, outputs.length), inputs.slice(0, -1)];
    const weighted = tf.unstack(shares).map((share, k) => at(own, k).mul(share));
    return {
      value: weighted.length === 1 ? at(weighted, 0) : tf.addN(weighted),
      saved: [...own, shares],
      backward: (gradient, saved) => [
        ...tf.unstack(at(saved, own.length)).map((share) => gradient.mul(share)),
        tf.stack(own.map((_, k) => dot(gradient, at(saved, k)))),
      ],
    };
  });
}
