import { macsOf, totalMacs } from '../../network/geometry.ts';
import { vgg16 } from '../../network/networks/vgg16.ts';
import { exactly, type PublishedPoint, type PublishedSet, roundedTo } from '../published.ts';
import { type PipelineStage, pipelineCycles, pipelineDsp } from '../published-formulas.ts';

interface Board {
  readonly name: string;
  readonly megahertz: number;
  readonly dsp: number;
  readonly gigaoperations16: number;
  readonly gigaoperations8: number;
  readonly efficiencyPercent: number;
  readonly mark: 'A' | 'C';
}

const boards: readonly Board[] = [
  {
    ...{ name: 'ZC706, VGG-16', megahertz: 200, dsp: 680, mark: 'A' },
    ...{ gigaoperations16: 262, gigaoperations8: 524, efficiencyPercent: 96.2 },
  },
  {
    ...{ name: 'ZC706, AlexNet', megahertz: 200, dsp: 808, mark: 'A' },
    ...{ gigaoperations16: 247, gigaoperations8: 494, efficiencyPercent: 76.3 },
  },
  {
    ...{ name: 'KU115, VGG-16', megahertz: 235, dsp: 4318, mark: 'A' },
    ...{ gigaoperations16: 2011, gigaoperations8: 4022, efficiencyPercent: 99.1 },
  },
  {
    ...{ name: 'KU115, AlexNet', megahertz: 220, dsp: 4854, mark: 'C' },
    ...{ gigaoperations16: 1630, gigaoperations8: 3265, efficiencyPercent: 76.3 },
  },
];

/** Channel and kernel parallelism of each layer of the VGG-16 example (example/vgg16-quantized/optim_vgg16.conf). */
const folding: readonly (readonly [channels: number, kernels: number])[] = [
  ...([
    [2, 8],
    [16, 16],
  ] as const),
  ...([
    [16, 8],
    [16, 16],
  ] as const),
  ...([
    [16, 8],
    [16, 16],
    [16, 16],
  ] as const),
  ...([
    [16, 8],
    [16, 16],
    [16, 16],
  ] as const),
  ...([
    [8, 8],
    [8, 8],
    [8, 8],
  ] as const),
  ...([
    [4, 4],
    [2, 2],
    [2, 1],
  ] as const),
];

/** VGG-16 folded as the example says; pools have no multipliers. */
export function foldedVgg16(): PipelineStage[] {
  const network = vgg16.build();
  return network.operators
    .map((operator) => macsOf(network, operator))
    .filter((macs) => macs > 0)
    .map((macs, l) => {
      const [channels, kernels] = folding[l] ?? [1, 1];
      return { macs, channels, kernels };
    });
}

function points(): PublishedPoint[] {
  const stages = foldedVgg16();
  const images = 2;
  const dsp = stages.reduce((sum, stage) => sum + pipelineDsp(stage, images), 0);
  const slowest = Math.max(...stages.map(pipelineCycles));
  const rate = (images * 235e6 * 2 * totalMacs(vgg16.build())) / slowest / 1e9;
  const note = 'the example folding in the source, two images at once: not said to be this design';
  return [
    ...boards.flatMap((board): PublishedPoint[] => {
      const { name, megahertz, dsp: used, gigaoperations16, gigaoperations8, mark } = board;
      const peak = (used * 2 * megahertz) / 1e3;
      return [
        {
          ...{ what: `${name}: rate by peak`, unit: '%', mark, published: board.efficiencyPercent },
          ours: (100 * gigaoperations16) / peak,
          bounds: roundedTo(0.4, board.efficiencyPercent),
        },
        {
          ...{ what: `${name}: rate at 8 bits`, unit: 'GOP/s', published: gigaoperations8, mark },
          ours: 2 * gigaoperations16,
          bounds: mark === 'A' ? exactly : [0.99, 1.01],
          note: 'two products a DSP',
        },
      ];
    }),
    {
      ...{ what: 'KU115, VGG-16: DSP of the folding', unit: 'DSP', published: 4318, ours: dsp },
      ...{ mark: 'A', bounds: [0.99, 1], note },
    },
    {
      ...{ what: 'KU115, VGG-16: rate of the folding', unit: 'GOP/s', published: 2011 },
      ...{ ours: rate, mark: 'A', bounds: [0.99, 1.01], note },
    },
  ];
}

export const dnnbuilder2018 = {
  name: 'dnnbuilder-iccad-2018',
  summary: 'one array per layer, all layers at once: VGG-16 and AlexNet on ZC706 and KU115',
  source:
    'X. Zhang et al., DNNBuilder, ICCAD 2018; closed forms and folding of IBM/AccDNN (layers/convolution.py, example/vgg16-quantized)',
  points,
} as const satisfies PublishedSet;
