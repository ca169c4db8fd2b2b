// How the dimensions of an ONNX tensor lie over a map of rows, columns and channels.

import type { Shape } from '../../network/network.ts';
import { sizeOf } from './constants.ts';
import { type Axes, refuseNode, type Step, type View } from './context.ts';

const sizes = ([rows, columns, channels]: Shape) => ({ c: channels, h: rows, w: columns });

/** Axes of one pixel run over nothing. */
function axesOf(names: Axes, shape: Shape): Axes {
  return names.filter((name) => sizes(shape)[name] > 1);
}

/** A map as ONNX's convolutions see it: [1, channels, rows, columns], or without rows. */
export function mapView(shape: Shape, rank = 4): View {
  const [rows, columns, channels] = shape;
  const named: readonly Axes[] = rank === 3 ? [[], ['c'], ['w']] : [[], ['c'], ['h'], ['w']];
  const dims = rank === 3 ? [1, channels, columns] : [1, channels, rows, columns];
  return { dims, axes: named.map((names) => axesOf(names, shape)) };
}

/** A vector, [1, channels]. */
export function vectorView(channels: number): View {
  return { dims: [1, channels], axes: [[], axesOf(['c'], [1, 1, channels])] };
}

/** Shape of one image with fixed dimensions [1, channels, rows, columns], or fewer. */
export function shapeOfInput(dims: readonly number[]): Shape | undefined {
  if (dims[0] !== 1 && dims.length > 1) return undefined;
  switch (dims.length) {
    case 1:
      return [1, 1, dims[0] ?? 0];
    case 2:
      return [1, 1, dims[1] ?? 0];
    case 3:
      return [1, dims[2] ?? 0, dims[1] ?? 0];
    case 4:
      return [dims[2] ?? 0, dims[3] ?? 0, dims[1] ?? 0];
    default:
      return undefined;
  }
}

/** View of a model's input. */
export function inputView(dims: readonly number[], shape: Shape): View {
  if (dims.length >= 3) return mapView(shape, dims.length);
  return { dims, axes: dims.map((size) => (size > 1 ? (['c'] as const) : [])) };
}

/** The dims a Reshape asks for, with 0 and -1 resolved; undefined where they do not fit. */
export function resolveDims(
  from: readonly number[],
  wanted: readonly number[],
  zeroKeeps = true,
): readonly number[] | undefined {
  const copied = wanted.map((size, axis) => (size === 0 && zeroKeeps ? (from[axis] ?? 0) : size));
  const total = sizeOf(from);
  const known = copied.filter((size) => size !== -1).reduce((product, size) => product * size, 1);
  const dims = copied.map((size) => (size === -1 ? total / known : size));
  const fits = dims.every((size) => Number.isInteger(size) && size >= 0) && sizeOf(dims) === total;
  return fits && dims.length <= 8 ? dims : undefined;
}

/** The same integers in the same order under other dims. */
export function reshapeView<T extends View>(
  step: Step,
  value: T,
  dims: readonly number[],
  shape: Shape,
): T {
  const order = value.axes.flat();
  const left = [...order];
  const axes = dims.map((size) => {
    const taken: ('c' | 'h' | 'w')[] = [];
    let product = 1;
    while (product < size) {
      const next = left.shift();
      if (next === undefined) break;
      taken.push(next);
      product *= sizes(shape)[next];
    }
    if (product === size) return taken;
    return refuseNode(
      step,
      `it reshapes [${value.dims.join(', ')}] to [${dims.join(', ')}], across channels or rows`,
      'reshape only to flatten a map',
    );
  });
  return { ...value, dims, axes };
}

/** The same integers with dimensions in another order. */
export function transposeView<T extends View>(value: T, order: readonly number[]): T {
  return {
    ...value,
    dims: order.map((axis) => value.dims[axis] ?? 1),
    axes: order.map((axis) => value.axes[axis] ?? []),
  };
}

/** Stops unless the value is [1, channels, rows, columns] or [1, channels, columns] of its map. */
export function expectMap(step: Step, value: View): void {
  const names: readonly string[] = value.dims.length === 3 ? ['', 'c', 'w'] : ['', 'c', 'h', 'w'];
  const fits =
    (value.dims.length === 4 || value.dims.length === 3) &&
    value.axes.every((axes, place) => axes.every((axis) => axis === names[place]));
  if (fits) return;
  refuseNode(
    step,
    `its input of [${value.dims.join(', ')}] is not laid out as [1, channels, rows, columns]`,
    'export convolutions and pools with channels first, without reshapes in between',
  );
}

/** The dimension that runs over the channels alone. */
export function channelDimension(step: Step, value: View): number {
  const place = value.axes.findIndex((axes) => axes.includes('c'));
  if (place < 0) return value.dims.length > 2 ? 1 : value.dims.length - 1;
  if (value.axes[place]?.length === 1) return place;
  return refuseNode(
    step,
    'it works on channels that were flattened together with rows and columns',
    'apply it before flattening',
  );
}

/**
 * For weights over a flattened map: where in [row][column][channel] each position of the graph's order lies.
 */
export function flatOrder(order: Axes, shape: Shape): Int32Array {
  const size = sizes(shape);
  const stride = { c: 1, w: shape[2], h: shape[1] * shape[2] };
  const total = shape[0] * shape[1] * shape[2];
  return new Int32Array(total).map((_, position) => {
    let rest = position;
    let at = 0;
    for (const axis of [...order].reverse()) {
      at += (rest % size[axis]) * stride[axis];
      rest = Math.floor(rest / size[axis]);
    }
    return at;
  });
}
