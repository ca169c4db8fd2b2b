import { zc706 } from '../../accelerator/devices/zc706.ts';
import { vgg16 } from '../../network/networks/vgg16.ts';
import { type PublishedPoint, type PublishedSet, roundedTo } from '../published.ts';
import { convMacs } from '../published-network.ts';

const CONV_MILLISECONDS = 163.42;
const WHOLE_MILLISECONDS = 224.6;
/** Operations of the fully connected layers after their decomposition. */
const DENSE_GIGAOPERATIONS = 0.073;

function points(): PublishedPoint[] {
  const conv = (2 * convMacs(vgg16)) / 1e9;
  const groups = [31.29, 23.58, 39.29, 36.3, 32.95];
  const point = (
    what: string,
    unit: string,
    published: number,
    ours: number,
    digit: number,
    rest: Partial<PublishedPoint> = {},
  ): PublishedPoint => ({
    ...{ what, unit, published, ours, mark: 'A', bounds: roundedTo(digit, published) },
    ...rest,
  });
  const share = (used: number, of: number): number => (100 * used) / of;
  const swapped = {
    mark: 'B',
    bounds: [0.96, 1.04],
    note: 'the two shares read as if exchanged: 780 of 900 DSP are 86.7 %, 486 of 545 memories 89.2 %',
  } as const;
  return [
    point('convolutions, operations', 'GOP', 30.69, conv, 0.01, {
      note: 'of our network',
      bounds: [0.999, 1.001],
    }),
    point('convolutions, sum of the groups', 'ms', CONV_MILLISECONDS, sum(groups), 0.02),
    point('convolutions, rate', 'GOP/s', 187.8, (1e3 * conv) / CONV_MILLISECONDS, 0.1),
    point(
      'whole network, rate',
      'GOP/s',
      137,
      (1e3 * (conv + DENSE_GIGAOPERATIONS)) / WHOLE_MILLISECONDS,
      0.1,
    ),
    point('whole network', 'frames/s', 4.45, 1e3 / WHOLE_MILLISECONDS, 0.01),
    point('LUT', '%', 83.5, share(182_616, zc706.lut), 0.1, { mark: 'B' }),
    point('FF', '%', 29.2, share(127_653, zc706.ff), 0.1, { mark: 'B' }),
    point('DSP', '%', 89.2, share(780, zc706.dsp), 0.1, swapped),
    point('BRAM36', '%', 86.7, share(486, zc706.bram18 / 2), 0.1, swapped),
  ];
}

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

export const qiu2016 = {
  name: 'qiu-fpga-2016',
  summary: 'VGG-16 at 16 bits on a ZC706 at 150 MHz, fully connected layers decomposed',
  source:
    'J. Qiu et al., Going deeper with embedded FPGA platform for convolutional neural network, FPGA 2016; check sums between its figures, and shares of our device',
  points,
} as const satisfies PublishedSet;
