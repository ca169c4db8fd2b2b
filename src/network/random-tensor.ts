// Random tensors, clamps and windows.

import type { Rng } from '../util/rng.ts';
import { noPadding, rangeOf, samePadding, windowCount } from './geometry.ts';
import type { Clamp, Padding, Pair, Shape, Tensor } from './network.ts';
import type { RandomLimits } from './random-limits.ts';

/** A tensor of that shape with random width, sign, scale and zero point. */
export function randomTensor(rng: Rng, limits: RandomLimits, name: string, shape: Shape): Tensor {
  const bits = rng.pick(limits.activationBits);
  const signed = limits.signed ?? rng.next() < 0.5;
  const { low, high } = rangeOf({ bits, signed });
  // Half of all tensors as training exports them (zero is 0 or the lowest integer), half anything.
  const zeroPoint = rng.next() < 0.5 ? rng.pick([0, low]) : rng.integer(low, high);
  return { name, shape, bits, signed, scale: 2 ** -rng.integer(0, 8), zeroPoint };
}

/** The tensor's whole range, or what a ReLU leaves of it. */
export function randomClamp(rng: Rng, tensor: Tensor): Clamp {
  const { low, high } = rangeOf(tensor);
  return rng.next() < 0.4 ? { low: tensor.zeroPoint, high } : { low, high };
}

/** How a window walks over a map. */
export interface Windows {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Padding;
}

function drawWindows(rng: Rng, limits: RandomLimits, [rows, columns]: Shape): Windows {
  const size = (): number =>
    Math.min(limits.maxKernel, rng.pick([1, 3, 3, 5, rng.integer(1, limits.maxKernel)]));
  const step = (): number => (rng.next() < 0.5 ? 1 : rng.integer(1, limits.maxStride));
  const height = size();
  const down = step();
  const kernel: Pair = [height, rng.next() < 0.7 ? height : size()];
  const stride: Pair = [down, rng.next() < 0.7 ? down : step()];
  const paddings: readonly (() => Padding)[] = [
    () => noPadding,
    () => samePadding([rows, columns], kernel, stride),
    () => {
      const [vertical, horizontal] = [kernel[0] >> 1, kernel[1] >> 1];
      return { top: vertical, bottom: vertical, left: horizontal, right: horizontal };
    },
    () => ({
      top: rng.integer(0, kernel[0] - 1),
      bottom: rng.integer(0, kernel[0] - 1),
      left: rng.integer(0, kernel[1] - 1),
      right: rng.integer(0, kernel[1] - 1),
    }),
  ];
  return { kernel, stride, padding: rng.pick(paddings)() };
}

/** Windows of which 1..maxSize fit along each axis; one output channel of them stays within maxMacs. */
export function randomWindows(rng: Rng, limits: RandomLimits, shape: Shape): Windows {
  for (let attempt = 0; attempt < 100; attempt++) {
    const windows = drawWindows(rng, limits, shape);
    const { kernel, stride, padding } = windows;
    const rows = windowCount(shape[0], kernel[0], stride[0], padding.top, padding.bottom);
    const columns = windowCount(shape[1], kernel[1], stride[1], padding.left, padding.right);
    const macs = rows * columns * kernel[0] * kernel[1] * shape[2];
    // Padding of both sides can make a map grow; chains must stay small.
    const bounded = Math.max(rows, columns) <= limits.maxSize && macs <= limits.maxMacs;
    if (Math.min(rows, columns) >= 1 && bounded) return windows;
  }
  return { kernel: [1, 1], stride: [1, 1], padding: noPadding };
}
