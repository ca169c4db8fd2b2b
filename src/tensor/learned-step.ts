// Quantizers whose step is learned (LSQ, Esser et al., ICLR 2020), in the logarithm of the step so that it stays positive.

import { type Tensor, tf } from './engine.ts';
import { at, differentiate, dot } from './gradient.ts';
import type { Levels } from './levels.ts';
import { passWithin, rangeOfStep, roundToLevels } from './rounding.ts';

/** dL/d log step from g, x^, the passed gradient and x. */
export function stepGradient(gradient: Tensor, value: Tensor, within: Tensor, x: Tensor): Tensor {
  return dot(gradient, value).sub(dot(within, x));
}

/**
 * Activations on the levels of one step exp(logStep).
 * LSQ: d x^/d step = x^/step - x/step within the levels and x^/step outside, hence
 * dL/d log step = sum g * x^ - sum (g within) * x: two dot products, and no mask of the map's size.
 */
export function learnedStep(x: Tensor, logStep: Tensor, levels: Levels): Tensor {
  return differentiate([x, logStep], (inputs) => {
    const range = rangeOfStep(tf.exp(at(inputs, 1)), levels);
    const value = roundToLevels(at(inputs, 0), range, levels);
    return {
      value,
      saved: [at(inputs, 0), value, range.low, range.high],
      backward: (gradient, saved) => {
        const input = at(saved, 0);
        const within = passWithin(
          gradient,
          input,
          { low: at(saved, 2), high: at(saved, 3) },
          levels,
        );
        return [within, stepGradient(gradient, at(saved, 1), within, input)];
      },
    };
  });
}

/** The same with one step per channel: the last axis of a dense kernel, the last but one (before a 1) of a depthwise one. */
export function learnedStepPerChannel(x: Tensor, logStep: Tensor, levels: Levels): Tensor {
  return differentiate([x, logStep], (inputs) => {
    const matrix = at(inputs, 0).reshape([-1, logStep.size]);
    const range = rangeOfStep(tf.exp(at(inputs, 1)), levels);
    const value = roundToLevels(matrix, range, levels);
    return {
      value: value.reshape(x.shape),
      saved: [matrix, value, range.low, range.high],
      backward: (gradient, saved) => {
        const incoming = gradient.reshape(at(saved, 0).shape);
        const within = passWithin(
          incoming,
          at(saved, 0),
          { low: at(saved, 2), high: at(saved, 3) },
          levels,
        );
        const perWeight = incoming.mul(at(saved, 1)).sub(within.mul(at(saved, 0)));
        return [within.reshape(gradient.shape), perWeight.sum(0)];
      },
    };
  });
}
