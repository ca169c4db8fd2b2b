// Rounds tensors onto integer levels times a step, and passes gradients straight through where nothing was clipped.

import { isNative, type Tensor, tf } from './engine.ts';
import type { Levels } from './levels.ts';
import { type Attribute, outputAt, runNative } from './native.ts';

function attributesOf(levels: Levels): Readonly<Record<string, Attribute>> {
  return { num_bits: { int: levels.bits }, narrow_range: { bool: levels.form === 'narrow' } };
}

/** The least and greatest value a quantizer gives: scalars, or one each per column of a matrix. */
export interface Range {
  readonly low: Tensor;
  readonly high: Tensor;
}

/** The low end of every unsigned range, uploaded once. */
const zero = tf.keep(tf.scalar(0));

/** low * step and high * step. */
export function rangeOfStep(step: Tensor, levels: Levels): Range {
  const low = levels.low === 0 && step.rank === 0 ? zero : step.mul(levels.low);
  return { low, high: step.mul(levels.high) };
}

/** The range whose furthest end is `clip`; `minusClip` is made once for all widths. */
export function rangeUpTo(clip: Tensor, minusClip: Tensor, levels: Levels): Range {
  if (levels.form === 'unsigned') return { low: zero, high: clip };
  if (levels.form === 'narrow') return { low: minusClip, high: clip };
  return { low: minusClip, high: clip.mul(-levels.high / levels.low) };
}

/** One range per column takes another operation than one for all. */
function operationFor(range: Range): string {
  return range.high.rank === 0 ? 'FakeQuantWithMinMaxVars' : 'FakeQuantWithMinMaxVarsPerChannel';
}

/** The same as `roundToLevels` in tfjs' own operations. */
export function roundToLevelsPlain(x: Tensor, range: Range, levels: Levels): Tensor {
  const step = range.high.sub(range.low).div(levels.high - levels.low);
  return tf.clipByValue(tf.floor(x.div(step).add(0.5)), levels.low, levels.high).mul(step);
}

/**
 * clamp(floor(x / step + 1/2), low, high) * step with step = range / levels; a range per channel wants x as
 * [anything, channels]. No gradient.
 */
export function roundToLevels(x: Tensor, range: Range, levels: Levels): Tensor {
  if (!isNative) return roundToLevelsPlain(x, range, levels);
  const inputs = [x, range.low, range.high];
  return outputAt(runNative(operationFor(range), attributesOf(levels), inputs, 1), 0);
}

/** The part of a gradient whose x lies within the levels, in tfjs' own operations. */
export function passWithinPlain(gradient: Tensor, x: Tensor, range: Range): Tensor {
  const inside = tf.logicalAnd(x.greaterEqual(range.low), x.lessEqual(range.high));
  return gradient.mul(inside.cast('float32'));
}

/** The straight-through gradient: `gradient` where x lies within the range, else 0. */
export function passWithin(gradient: Tensor, x: Tensor, range: Range, levels: Levels): Tensor {
  if (!isNative) return passWithinPlain(gradient, x, range);
  const inputs = [gradient, x, range.low, range.high];
  const outputs = runNative(`${operationFor(range)}Gradient`, attributesOf(levels), inputs, 3);
  return outputAt(outputs, 0);
}
