// Composite quantization: one shared tensor seen at several widths at once, A^ = sum_j b_j Q_j(A) (Auto-NBA, section 3.2).
// Only the sum and the unquantized tensor outlive the forward pass, so memory does not grow with the number of widths.

import { type Tensor, tf } from './engine.ts';
import { at, differentiate, dot } from './gradient.ts';
import { stepGradient } from './learned-step.ts';
import { type LevelForm, levelsOf } from './levels.ts';
import { passWithin, rangeUpTo, roundToLevels } from './rounding.ts';

/** A mixture over widths: numbers while weights are stepped, and then also a tensor while its logits are. */
export interface BitMixture {
  readonly widths: readonly number[];
  /** b_j of the forward pass: soft for weight steps, one-hot for architecture steps. */
  readonly shares: readonly number[];
  /** The shares as a tensor [J] to take gradients by; absent while weights are stepped. */
  readonly gate?: Tensor;
}

/** x on one width's levels up to the clip. */
type Rounding = (width: number) => Tensor;

function roundingOf(x: Tensor, clip: Tensor, form: LevelForm): Rounding {
  const minusClip = form === 'unsigned' ? clip : clip.neg();
  return (width) => {
    const levels = levelsOf(width, form);
    return roundToLevels(x, rangeUpTo(clip, minusClip, levels), levels);
  };
}

/** sum_j b_j Q_j; at most three tensors of the size of the sum are alive at once, however many widths there are. */
function mix(mixture: BitMixture, round: Rounding): Tensor {
  let sum: Tensor | undefined;
  for (const [j, width] of mixture.widths.entries()) {
    const share = at(mixture.shares, j);
    if (share === 0) continue;
    const part = tf.tidy(() => (share === 1 ? round(width) : round(width).mul(share)));
    if (sum === undefined) {
      sum = part;
      continue;
    }
    const before: Tensor = sum;
    sum = before.add(part);
    before.dispose();
    part.dispose();
  }
  if (sum === undefined) throw new Error('a mixture of widths has no shares');
  return sum;
}

/** dL/db_j = <dL/dA^, Q_j(A)>, each Q_j made again rather than kept. */
function shareGradients(gradient: Tensor, mixture: BitMixture, round: Rounding): Tensor {
  return tf.stack(mixture.widths.map((width) => tf.tidy(() => dot(gradient, round(width)))));
}

/**
 * Activations on a mixture of widths that share one clip exp(logClip); `unsigned` includes the ReLU.
 * Stepping weights, the clip learns by the learned-step rule of the mixture (see learned-step.ts); stepping logits, the
 * gradient goes to the gate instead. The pass-through mask is that of the widest choice, whose levels reach furthest.
 */
export function mixActivations(
  x: Tensor,
  logClip: Tensor,
  mixture: BitMixture,
  form: LevelForm,
): Tensor {
  const widest = levelsOf(Math.max(...mixture.widths), form);
  const { gate } = mixture;
  return differentiate([x, gate ?? logClip], (inputs) => {
    const input = at(inputs, 0);
    const clip = tf.exp(gate === undefined ? at(inputs, 1) : logClip);
    const value = mix(mixture, roundingOf(input, clip, form));
    return {
      value,
      saved: gate === undefined ? [input, clip, value] : [input, clip],
      backward: (gradient, saved) => {
        const [kept, range] = [at(saved, 0), at(saved, 1)];
        const within = passWithin(gradient, kept, rangeUpTo(range, range.neg(), widest), widest);
        return gate === undefined
          ? [within, stepGradient(gradient, at(saved, 2), within, kept)]
          : [within, shareGradients(gradient, mixture, roundingOf(kept, range, form))];
      },
    };
  });
}

/** Weights on a mixture of widths, each channel's largest magnitude being the end of every width's range: never clipped. */
export function mixWeights(kernel: Tensor, channels: number, mixture: BitMixture): Tensor {
  const { gate } = mixture;
  return differentiate(gate === undefined ? [kernel] : [kernel, gate], ([first]) => {
    const matrix = at([first], 0).reshape([-1, channels]);
    // A channel of zeros still needs a range to divide by.
    const clip = matrix.abs().max(0).maximum(1e-6);
    const value = mix(mixture, roundingOf(matrix, clip, 'narrow')).reshape(kernel.shape);
    return {
      value,
      saved: gate === undefined ? [] : [matrix, clip],
      backward: (gradient, saved) => {
        if (gate === undefined) return [gradient];
        const incoming = gradient.reshape(at(saved, 0).shape);
        const round = roundingOf(at(saved, 0), at(saved, 1), 'narrow');
        return [gradient, shareGradients(incoming, mixture, round)];
      },
    };
  });
}
