// The integers that TensorFlow Lite's reference kernels multiply, shift and clamp with.

import { tfliteFactor } from '../../network/factors.ts';
import { rangeOf } from '../../network/geometry.ts';
import type { Clamp, Tensor, TfliteAdd, TfliteRequantization } from '../../network/network.ts';
import { refuse } from '../../network/refuse.ts';

/** One multiplier and exponent for each real factor. */
export function liteRequantization(
  factors: readonly number[],
  rounding: 'double' | 'single',
): TfliteRequantization {
  const pairs = factors.map(tfliteFactor);
  return {
    form: 'tflite',
    rounding,
    multipliers: pairs.map(({ multiplier }) => multiplier),
    exponents: pairs.map(({ exponent }) => exponent),
  };
}

/** The factors of ADD: both operands brought to twice the larger scale with 20 bits of headroom. */
export function liteAdd(first: Tensor, second: Tensor, output: Tensor): TfliteAdd {
  const common = 2 * Math.max(first.scale, second.scale);
  const a = tfliteFactor(first.scale / common);
  const b = tfliteFactor(second.scale / common);
  const back = tfliteFactor(common / (2 ** 20 * output.scale));
  return {
    form: 'tflite',
    multiplierA: a.multiplier,
    exponentA: a.exponent,
    multiplierB: b.multiplier,
    exponentB: b.exponent,
    multiplierOutput: back.multiplier,
    exponentOutput: back.exponent,
  };
}

/** Members of the schema's ActivationFunctionType and the real bounds they mean. */
const activations: ReadonlyMap<number, readonly [number, number]> = new Map([
  [0, [-Infinity, Infinity]],
  [1, [0, Infinity]],
  [2, [-1, 1]],
  [3, [0, 6]],
]);

/** Bounds on stored integers that a fused activation means; `round(bound / scale)` in single precision. */
export function clampOf(subject: string, activation: number, output: Tensor): Clamp {
  const bounds =
    activations.get(activation) ??
    refuse(
      subject,
      `its fused activation ${activation} is not supported`,
      'use ReLU, ReLU6 or none; put others at the end of the model',
    );
  return clampBetween(bounds, output);
}

/** The stored integers of two real bounds, within the tensor's range. */
export function clampBetween([least, most]: readonly [number, number], output: Tensor): Clamp {
  const { low, high } = rangeOf(output);
  const stored = (real: number): number => {
    const quotient = Math.fround(real / output.scale);
    const rounded = Math.sign(quotient) * Math.round(Math.abs(quotient));
    return Math.min(high, Math.max(low, output.zeroPoint + rounded));
  };
  return { low: stored(least), high: stored(most) };
}
