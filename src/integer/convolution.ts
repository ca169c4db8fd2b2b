// Convolutions, depthwise and fully connected layers of one image: pad, sum, rescale.

import { type ConvGeometry, convGeometry, type WeightedOperator } from '../network/geometry.ts';
import { type Network, tensorOf } from '../network/network.ts';
import { loweredBias, parametersOf } from './accumulators.ts';
import { channelBlock, sumBlock, sumDepthwise } from './kernels.ts';
import { channelRequantizer } from './requantize.ts';
import type { Step } from './step.ts';

/** A map with its padding around it, and how to refresh its inside from the unpadded map. */
interface PaddedMap {
  readonly values: Float64Array;
  readonly columns: number;
  readonly refresh: Step;
}

function padMap(geometry: ConvGeometry, source: Float64Array, zeroPoint: number): PaddedMap {
  const [rows, columns, channels] = geometry.input;
  const { top, bottom, left, right } = geometry.padding;
  if (top + bottom + left + right === 0) return { values: source, columns, refresh: () => {} };
  const paddedColumns = left + columns + right;
  const size = (top + rows + bottom) * paddedColumns * channels;
  const values = new Float64Array(size + channelBlock).fill(zeroPoint);
  const rowLength = columns * channels;
  const refresh = (): void => {
    for (let row = 0; row < rows; row++) {
      const from = row * rowLength;
      const to = ((top + row) * paddedColumns + left) * channels;
      values.set(source.subarray(from, from + rowLength), to);
    }
  };
  return { values, columns: paddedColumns, refresh };
}

/** First integer of each output pixel's window in the padded map. */
function windowStarts({ input, output, stride }: ConvGeometry, columns: number): Int32Array {
  const starts = new Int32Array(output[0] * output[1]);
  return starts.map((_, pixel) => {
    const row = Math.floor(pixel / output[1]) * stride[0];
    return (row * columns + (pixel % output[1]) * stride[1]) * input[2];
  });
}

/** Offsets of the kernel's positions, or of its rows where whole rows are consecutive. */
function windowOffsets(
  { input, kernel }: ConvGeometry,
  columns: number,
  rowsOnly: boolean,
): Int32Array {
  const width = rowsOnly ? 1 : kernel[1];
  return new Int32Array(kernel[0] * width).map(
    (_, run) => (Math.floor(run / width) * columns + (run % width)) * input[2],
  );
}

/** Packs [channel][tap] weights as [block][tap][4]; channels past the end of a group get zeros. */
function packWeights(
  weights: Int16Array,
  groups: number,
  perGroup: number,
  taps: number,
): Float64Array {
  const blocks = Math.ceil(perGroup / channelBlock);
  const packed = new Float64Array(groups * blocks * taps * channelBlock);
  for (let group = 0; group < groups; group++) {
    for (let channel = 0; channel < perGroup; channel++) {
      const block = group * blocks + Math.floor(channel / channelBlock);
      const lane = channel % channelBlock;
      const from = (group * perGroup + channel) * taps;
      for (let tap = 0; tap < taps; tap++) {
        packed[(block * taps + tap) * channelBlock + lane] = weights[from + tap] ?? 0;
      }
    }
  }
  return packed;
}

/** One image's convolution from `input` to `output`, both [row][column][channel] of stored integers. */
export function convolutionStep(
  network: Network,
  operator: WeightedOperator,
  input: Float64Array,
  output: Float64Array,
): Step {
  const geometry = convGeometry(network, operator);
  const { zeroPoint } = tensorOf(network, operator.input);
  const { weights, requantization } = parametersOf(operator);
  const padded = padMap(geometry, input, zeroPoint);
  const starts = windowStarts(geometry, padded.columns);
  const depthwise = operator.kind === 'depthwiseConv';
  // Depthwise channels are neighbours in memory, so the kernel takes them as one group of lanes.
  const groups = depthwise ? 1 : geometry.groups;
  const perGroup = geometry.output[2] / groups;
  const blocks = Math.ceil(perGroup / channelBlock);
  const pitch = groups * blocks * channelBlock;
  const packed = packWeights(weights, groups, perGroup, geometry.taps);
  const sums = new Float64Array(starts.length * pitch);
  const requantize = channelRequantizer({
    requantization,
    clamp: operator.clamp,
    zeroPoint: tensorOf(network, operator.output).zeroPoint,
    bias: loweredBias(network, operator),
    sums,
    pitch,
    // Where each channel's sums lie in a pixel's row: groups start at whole blocks.
    columns: new Int32Array(geometry.output[2]).map((_, channel) => {
      const group = Math.floor(channel / perGroup);
      return group * blocks * channelBlock + (channel % perGroup);
    }),
    output,
  });
  if (depthwise) {
    const offsets = windowOffsets(geometry, padded.columns, false);
    return () => {
      padded.refresh();
      sumDepthwise(padded.values, starts, offsets, packed, sums, pitch);
      requantize();
    };
  }
  const rowsOnly = groups === 1;
  const offsets = windowOffsets(geometry, padded.columns, rowsOnly);
  const window = { offsets, runLength: geometry.taps / offsets.length };
  const channelsPerGroup = geometry.input[2] / groups;
  return () => {
    padded.refresh();
    for (let index = 0; index < groups * blocks; index++) {
      const shift = Math.floor(index / blocks) * channelsPerGroup;
      const weightsAt = index * geometry.taps * channelBlock;
      const column = index * channelBlock;
      sumBlock(padded.values, starts, shift, window, packed, weightsAt, sums, pitch, column);
    }
    requantize();
  };
}
