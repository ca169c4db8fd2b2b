// Rounds tensors onto integer levels times a step, and passes gradients straight through where nothing was clipped.

import { isNative, type Tensor, tf } from './engine.ts';
import type { Levels } from './levels.ts';
import { type Attribute, outputAt, runNative } from './native.ts';

function attributesOf(levels: Levels): Readonly<Record<string, Attribute>> {
  return { num_bits: { int: levels.bits }, narrow_range: { bool: levels.form === 'narrow' } };
}

/** `PerChannel` has one step per last axis of a matrix; without it one step for the whole tensor. */
type Suffix = '' | 'PerChannel';

function suffixOf(step: Tensor): Suffix {
  return step.rank === 0 ? '' : 'PerChannel';
}

/** clamp(floor(x / step + 1/2), low, high) * step in tfjs' own operations. */
export function roundToLevelsPlain(x: Tensor, step: Tensor, levels: Levels): Tensor {
  return tf.clipByValue(tf.floor(x.div(step).add(0.5)), levels.low, levels.high).mul(step);
}

/** The ends of a quantizer's range as tensors, made once for both directions. */
export interface Range {
  readonly step: Tensor;
  readonly low: Tensor;
  readonly high: Tensor;
}

/** low * step and high * step. */
export function rangeFor(step: Tensor, levels: Levels): Range {
  return { step, low: step.mul(levels.low), high: step.mul(levels.high) };
}

/** clamp(floor(x / step + 1/2), low, high) * step; a step per channel wants x as [anything, channels]. No gradient. */
export function roundToLevels(x: Tensor, range: Range, levels: Levels): Tensor {
  if (!isNative) return roundToLevelsPlain(x, range.step, levels);
  const name = `FakeQuantWithMinMaxVars${suffixOf(range.step)}`;
  return outputAt(runNative(name, attributesOf(levels), [x, range.low, range.high], 1), 0);
}

/** The part of a gradient whose x lies within the levels, in tfjs' own operations. */
export function passWithinPlain(gradient: Tensor, x: Tensor, range: Range): Tensor {
  const inside = tf.logicalAnd(x.greaterEqual(range.low), x.lessEqual(range.high));
  return gradient.mul(inside.cast('float32'));
}

/** The straight-through gradient: `gradient` where low * step <= x <= high * step, else 0. */
export function passWithin(gradient: Tensor, x: Tensor, range: Range, levels: Levels): Tensor {
  if (!isNative) return passWithinPlain(gradient, x, range);
  const name = `FakeQuantWithMinMaxVars${suffixOf(range.step)}Gradient`;
  const inputs = [gradient, x, range.low, range.high];
  return outputAt(runNative(name, attributesOf(levels), inputs, 3), 0);
}
