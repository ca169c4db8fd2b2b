// Composite quantization: one shared tensor seen at several widths at once, A^ = sum_j b_j Q_j(A) (Auto-NBA, section 3.2).
// Only the sum and the unquantized tensor outlive the forward pass, so memory does not grow with the number of widths.

import { type Tensor, tf } from './engine.ts';
import { at, differentiate, dot } from './gradient.ts';
import { stepGradient } from './learned-step.ts';
import { type LevelForm, type Levels, levelsOf } from './levels.ts';
import { passWithin, type Range, rangeFor, roundToLevels } from './rounding.ts';

/** A mixture over widths: numbers while weights are stepped, and then also a tensor while its logits are. */
export interface BitMixture {
  readonly widths: readonly number[];
  /** b_j of the forward pass: soft for weight steps, one-hot for architecture steps. */
  readonly shares: readonly number[];
  /** The shares as a tensor [J] to take gradients by; absent while weights are stepped. */
  readonly gate?: Tensor;
}

/** The range whose furthest level is `clip`. */
function rangeUpTo(clip: Tensor, levels: Levels): Range {
  return rangeFor(clip.div(Math.max(-levels.low, levels.high)), levels);
}

function quantizeAt(x: Tensor, clip: Tensor, width: number, form: LevelForm): Tensor {
  const levels = levelsOf(width, form);
  return roundToLevels(x, rangeUpTo(clip, levels), levels);
}

function mix(x: Tensor, clip: Tensor, mixture: BitMixture, form: LevelForm): Tensor {
  const parts = mixture.widths.flatMap((width, j) => {
    const share = at(mixture.shares, j);
    if (share === 0) return [];
    const rounded = quantizeAt(x, clip, width, form);
    return [share === 1 ? rounded : rounded.mul(share)];
  });
  return parts.length === 1 ? at(parts, 0) : tf.addN(parts);
}

/** dL/db_j = <dL/dA^, Q_j(A)>, each Q_j made again rather than kept. */
function shareGradients(
  gradient: Tensor,
  x: Tensor,
  clip: Tensor,
  mixture: BitMixture,
  form: LevelForm,
): Tensor {
  const products = mixture.widths.map((width) =>
    tf.tidy(() => dot(gradient, quantizeAt(x, clip, width, form))),
  );
  return tf.stack(products);
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
  const second = mixture.gate ?? logClip;
  return differentiate([x, second], (inputs) => {
    const clip = tf.exp(mixture.gate === undefined ? at(inputs, 1) : logClip);
    const value = mix(at(inputs, 0), clip, mixture, form);
    return {
      value,
      saved: mixture.gate === undefined ? [at(inputs, 0), clip, value] : [at(inputs, 0), clip],
      backward: (gradient, saved) => {
        const [input, range] = [at(saved, 0), at(saved, 1)];
        const within = passWithin(gradient, input, rangeUpTo(range, widest), widest);
        return mixture.gate === undefined
          ? [within, stepGradient(gradient, at(saved, 2), within, input)]
          : [within, shareGradients(gradient, input, range, mixture, form)];
      },
    };
  });
}

/** Weights on a mixture of widths, each channel's largest magnitude being the end of every width's range: never clipped. */
export function mixWeights(kernel: Tensor, channels: number, mixture: BitMixture): Tensor {
  const inputs = mixture.gate === undefined ? [kernel] : [kernel, mixture.gate];
  return differentiate(inputs, ([first]) => {
    const matrix = at([first], 0).reshape([-1, channels]);
    // A channel of zeros still needs a range to divide by.
    const clip = matrix.abs().max(0).maximum(1e-6);
    const value = mix(matrix, clip, mixture, 'narrow').reshape(kernel.shape);
    return {
      value,
      saved: mixture.gate === undefined ? [] : [matrix, clip],
      backward: (gradient, saved) => {
        if (mixture.gate === undefined) return [gradient];
        const incoming = gradient.reshape(at(saved, 0).shape);
        const shares = shareGradients(incoming, at(saved, 0), at(saved, 1), mixture, 'narrow');
        return [gradient, shares];
      },
    };
  });
}
