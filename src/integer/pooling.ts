// Pools of one image. Padding is no part of a window: it adds to neither sum nor count, and is never a maximum.

import {
  type GlobalAveragePoolOperator,
  type Network,
  type PoolOperator,
  tensorOf,
} from '../network/network.ts';
import { roundedAverage } from './rescale.ts';
import type { Step } from './step.ts';

interface Span {
  readonly first: number;
  /** One past the last. */
  readonly end: number;
}

/** The part of each window that lies on the map, along one axis. */
function spans(
  size: number,
  count: number,
  kernel: number,
  stride: number,
  before: number,
): Span[] {
  return Array.from({ length: count }, (_, index) => {
    const start = index * stride - before;
    return { first: Math.max(0, start), end: Math.min(size, start + kernel) };
  });
}

/** One image's pool from `input` to `output`, both [row][column][channel] of stored integers. */
export function poolStep(
  network: Network,
  operator: PoolOperator | GlobalAveragePoolOperator,
  input: Float64Array,
  output: Float64Array,
): Step {
  const [rows, columns, channels] = tensorOf(network, operator.input).shape;
  const [outputRows, outputColumns] = tensorOf(network, operator.output).shape;
  const global = operator.kind === 'globalAveragePool';
  const rowSpans = global
    ? [{ first: 0, end: rows }]
    : spans(rows, outputRows, operator.kernel[0], operator.stride[0], operator.padding.top);
  const columnSpans = global
    ? [{ first: 0, end: columns }]
    : spans(columns, outputColumns, operator.kernel[1], operator.stride[1], operator.padding.left);
  const { low, high } = operator.clamp;
  const reduce = operator.kind === 'maxPool' ? maximum : average;
  return () => {
    let to = 0;
    for (const rowSpan of rowSpans) {
      for (const columnSpan of columnSpans) {
        for (let channel = 0; channel < channels; channel++, to++) {
          const value = reduce(input, channel, columns, channels, rowSpan, columnSpan);
          output[to] = Math.min(high, Math.max(low, value));
        }
      }
    }
  };
}

type Reduce = (
  input: Float64Array,
  channel: number,
  columns: number,
  channels: number,
  rowSpan: Span,
  columnSpan: Span,
) => number;

const average: Reduce = (input, channel, columns, channels, rowSpan, columnSpan) => {
  let sum = 0;
  for (let row = rowSpan.first; row < rowSpan.end; row++) {
    for (let column = columnSpan.first; column < columnSpan.end; column++) {
      sum += input[(row * columns + column) * channels + channel] ?? 0;
    }
  }
  const count = (rowSpan.end - rowSpan.first) * (columnSpan.end - columnSpan.first);
  return roundedAverage(sum, count);
};

const maximum: Reduce = (input, channel, columns, channels, rowSpan, columnSpan) => {
  let best = -Infinity;
  for (let row = rowSpan.first; row < rowSpan.end; row++) {
    for (let column = columnSpan.first; column < columnSpan.end; column++) {
      best = Math.max(best, input[(row * columns + column) * channels + channel] ?? 0);
    }
  }
  return best;
};
