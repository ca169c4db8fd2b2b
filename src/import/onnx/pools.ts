// MaxPool, AveragePool, GlobalAveragePool and ReduceMean.

import { noPadding } from '../../network/geometry.ts';
import type { Padding, Shape } from '../../network/network.ts';
import {
  attribute,
  type Integers,
  integer,
  nameOf,
  operand,
  optionalConstant,
  refuseNode,
  type Step,
  type Sum,
  setResult,
  type Window,
} from './context.ts';
import { axesOf, squeezedDims } from './fold.ts';
import { mapShapeOf, sumOfOnes } from './sums.ts';
import { materialize } from './targets.ts';
import { expectMap, mapView, reshapeView } from './views.ts';
import { integersOf, type WindowAttributes, windowOf } from './weighted.ts';

function ceiled(step: Step, shape: Shape, window: WindowAttributes): Padding {
  const { kernel, stride, padding } = window;
  if (integer(step, 'ceil_mode', 0) === 0) return padding;
  const extra = (axis: 0 | 1, pads: number): number => {
    const rest = (shape[axis] + pads - kernel[axis]) % stride[axis];
    return rest > 0 ? stride[axis] - rest : 0;
  };
  return {
    ...padding,
    bottom: padding.bottom + extra(0, padding.top + padding.bottom),
    right: padding.right + extra(1, padding.left + padding.right),
  };
}

function readWindow(step: Step, shape: Shape): Window {
  const kernel = attribute(step, 'kernel_shape')?.ints ?? [];
  const window = windowOf(step, kernel, shape);
  if (window.dilation.some((gap) => gap !== 1)) {
    refuseNode(step, 'its window has gaps', 'use pools without dilation');
  }
  const { stride } = window;
  return { kernel: window.kernel, stride, padding: ceiled(step, shape, window) };
}

function pooledShape(step: Step, shape: Shape, { kernel, stride, padding }: Window): Shape {
  const count = (axis: 0 | 1, pads: number): number =>
    Math.floor((shape[axis] + pads - kernel[axis]) / stride[axis]) + 1;
  const rows = count(0, padding.top + padding.bottom);
  const columns = count(1, padding.left + padding.right);
  if (rows >= 1 && columns >= 1) return [rows, columns, shape[2]];
  return refuseNode(
    step,
    'its window is larger than its input',
    'the file is damaged; export it again',
  );
}

/** MaxPool: on stored integers at once, on a waiting sum after its quantizer, since both only rise. */
export function lowerMaxPool(step: Step): void {
  const value = operand(step, 0);
  if (value.kind === 'sum') {
    expectMap(step, value);
    const shape = mapShapeOf(value, step.context);
    const window = readWindow(step, shape);
    const view = mapView(pooledShape(step, shape, window), value.dims.length);
    const { averageOf: _, ...rest } = value;
    setResult(step, { ...rest, ...view, pools: [...value.pools, window] });
    return;
  }
  const input = integersOf(step, 0);
  expectMap(step, input);
  const { builder } = step.context;
  const tensor = builder.tensor(input.tensor);
  if (input.padding !== undefined) {
    refuseNode(step, 'it reads padding', "use the pool's own padding");
  }
  const window = readWindow(step, tensor.shape);
  const shape = pooledShape(step, tensor.shape, window);
  const output = builder.addTensor({ ...tensor, name: nameOf(step), shape });
  const producer = builder.producer(tensor.name);
  const low = tensor.signed ? -(2 ** (tensor.bits - 1)) : 0;
  const clamp =
    producer !== undefined && 'clamp' in producer
      ? producer.clamp
      : { low, high: low + 2 ** tensor.bits - 1 };
  builder.addOperator({
    kind: 'maxPool',
    name: nameOf(step),
    input: tensor.name,
    output,
    clamp,
    ...window,
  });
  setResult(step, { ...input, tensor: output, ...mapView(shape, input.dims.length) });
}

function average(step: Step, input: Integers, window: Window, isGlobal: boolean): Sum {
  const { builder } = step.context;
  const tensor = builder.tensor(input.tensor);
  const shape = pooledShape(step, tensor.shape, window);
  const view = mapView(shape, input.dims.length);
  const taps = window.kernel[0] * window.kernel[1];
  const sum = sumOfOnes(input, window, shape, 1 / taps, view, step.context);
  return { ...sum, averageOf: { ...input, window, isGlobal } };
}

/** AveragePool; where padding is not counted, the result must keep the scale of the input. */
export function lowerAveragePool(step: Step): void {
  const input = integersOf(step, 0);
  expectMap(step, input);
  const tensor = step.context.builder.tensor(input.tensor);
  if (input.padding !== undefined)
    refuseNode(step, 'it reads padding', "use the pool's own padding");
  const window = readWindow(step, tensor.shape);
  const isPadded = Object.values(window.padding).some((side) => side > 0);
  if (!isPadded) {
    setResult(step, average(step, input, window, false));
    return;
  }
  if (integer(step, 'count_include_pad', 0) !== 0) {
    if (tensor.zeroPoint !== input.zero) {
      refuseNode(
        step,
        'it averages over padding that cannot be stored',
        'use an integer zero point',
      );
    }
    const { averageOf: _, ...sum } = average(step, input, window, false);
    setResult(step, sum);
    return;
  }
  // Windows at the edge have fewer pixels: only the pool itself knows, so it is written at once.
  if (tensor.zeroPoint !== input.zero || tensor.scale !== input.scale) {
    refuseNode(step, 'it averages partial windows of a rescaled map', 'put a quantizer before it');
  }
  const shape = pooledShape(step, tensor.shape, window);
  const { builder, notes } = step.context;
  const output = builder.addTensor({ ...tensor, name: nameOf(step), shape });
  const low = tensor.signed ? -(2 ** (tensor.bits - 1)) : 0;
  const clamp = { low, high: low + 2 ** tensor.bits - 1 };
  const common = { name: nameOf(step), input: tensor.name, output, clamp };
  builder.addOperator({ kind: 'averagePool', ...common, ...window });
  notes.push(
    `${nameOf(step)}: averages over partial windows are rounded before the next quantizer`,
  );
  setResult(step, { ...input, tensor: output, ...mapView(shape, input.dims.length) });
}

function globalAverage(step: Step): Sum {
  const given = integersOf(step, 0);
  const input = given.padding === undefined ? given : materialize(step, given);
  expectMap(step, input);
  const { shape } = step.context.builder.tensor(input.tensor);
  const window = { kernel: [shape[0], shape[1]], stride: [1, 1], padding: noPadding } as const;
  return average(step, input, window, true);
}

/** GlobalAveragePool. */
export function lowerGlobalAverage(step: Step): void {
  setResult(step, globalAverage(step));
}

/** ReduceMean over rows and columns. */
export function lowerReduceMean(step: Step): void {
  const input = integersOf(step, 0);
  const rank = input.dims.length;
  const axes = axesOf(step, optionalConstant(step, 1)) ?? [];
  const places = new Set(axes.map((axis) => (axis < 0 ? axis + rank : axis)));
  const covers = input.dims.every((size, axis) => axis < 2 || size === 1 || places.has(axis));
  if (!covers || places.has(0) || places.has(1) || rank < 3) {
    refuseNode(
      step,
      `it averages [${input.dims.join(', ')}] over [${axes.slice(0, 8).join(', ')}]`,
      'average over all rows and columns, as GlobalAveragePool does',
    );
  }
  const sum = globalAverage(step);
  if (integer(step, 'keepdims', 1) !== 0) {
    setResult(step, sum);
    return;
  }
  const dims = squeezedDims(sum.dims, [...places]);
  const shape = mapShapeOf(sum, step.context);
  setResult(step, reshapeView(step, sum, dims, shape));
}
