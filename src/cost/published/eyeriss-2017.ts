import { alexnet } from '../../network/networks/alexnet.ts';
import { type PublishedPoint, type PublishedSet, roundedTo } from '../published.ts';
import { macsByConv } from '../published-network.ts';

const BATCH = 4;
const MEGAHERTZ = 200;

/** Convolutions of AlexNet, a batch of four: processing time, millions of multiply-accumulates, elements at work. */
const layers = [
  { name: 'conv1', processingMilliseconds: 16.5, megaMacs: 421.66, elements: 154 },
  { name: 'conv2', processingMilliseconds: 39.2, megaMacs: 895.79, elements: 135 },
  { name: 'conv3', processingMilliseconds: 21.8, megaMacs: 598.1, elements: 156 },
  { name: 'conv4', processingMilliseconds: 16, megaMacs: 448.6, elements: 156 },
  { name: 'conv5', processingMilliseconds: 10, megaMacs: 299, elements: 156 },
] as const;

function points(): PublishedPoint[] {
  const macs = macsByConv(alexnet);
  const ideal = layers.map(
    ({ name, elements }) => (BATCH * (macs.get(name) ?? 0)) / elements / (MEGAHERTZ * 1e3),
  );
  const sum = (values: readonly number[]): number =>
    values.reduce((total, value) => total + value, 0);
  return [
    ...layers.map(
      ({ name, megaMacs }): PublishedPoint => ({
        ...{ what: `${name}: work of four images`, unit: 'M MAC', published: megaMacs, mark: 'B' },
        ours: (BATCH * (macs.get(name) ?? 0)) / 1e6,
        bounds: roundedTo(0.1, megaMacs),
      }),
    ),
    ...layers.map(
      ({ name, processingMilliseconds }, l): PublishedPoint => ({
        ...{ what: `${name}: processing`, unit: 'ms', published: processingMilliseconds },
        ...{ mark: 'B', ours: ideal[l] ?? 0, bounds: [0.82, 1] },
        note: 'every element that is at work multiplies each cycle: the ideal, so at most 1',
      }),
    ),
    {
      ...{ what: 'all: processing', unit: 'ms', published: 103.5, mark: 'C' },
      ours: sum(ideal),
      bounds: [0.82, 1],
    },
  ];
}

export const eyeriss2017 = {
  name: 'eyeriss-jssc-2017',
  summary: 'AlexNet at 16 bits on a chip of 168 elements in 65 nm at 200 MHz',
  source:
    'Y.-H. Chen et al., Eyeriss, JSSC 2017, table V, as stanford-mast/nn_dataflow cites it in tests/dataflow_test/test_nn_dataflow.py',
  points,
} as const satisfies PublishedSet;
