import { alexnet } from '../../network/networks/alexnet.ts';
import { exactly, type PublishedPoint, type PublishedSet, roundedTo } from '../published.ts';
import {
  alexnetHalves,
  FLOAT_DSP,
  pipelinedCycles,
  type TiledLayer,
} from '../published-formulas.ts';
import { convMacs } from '../published-network.ts';

const DSP = 2240;

/** All arrays of so many multipliers. */
function* arraysOf(multipliers: number): Generator<readonly [tm: number, tn: number]> {
  for (let tm = 1; tm <= 192; tm++)
    for (let tn = 1; tn <= 256 && tm * tn <= multipliers; tn++) yield [tm, tn];
}

const total = (tm: number, tn: number): number =>
  alexnetHalves.reduce((sum, layer) => sum + pipelinedCycles(layer, tm, tn), 0);

/** The array with the fewest cycles for all layers. */
export function bestArray(multipliers: number): readonly [tm: number, tn: number] {
  let best: readonly [number, number] = [1, 1];
  for (const array of arraysOf(multipliers)) if (total(...array) < total(...best)) best = array;
  return best;
}

/** Fewest cycles of one layer on an array of its own. */
function ownOptimum(layer: TiledLayer, multipliers: number): number {
  let cycles = Number.POSITIVE_INFINITY;
  for (const array of arraysOf(multipliers))
    cycles = Math.min(cycles, pipelinedCycles(layer, ...array));
  return cycles;
}

function points(): PublishedPoint[] {
  const [tm, tn] = bestArray(DSP / FLOAT_DSP);
  const boardMilliseconds = 21.61;
  const modelMilliseconds = (2 * total(64, 7)) / 100e3;
  const point = (
    what: string,
    published: number,
    ours: number,
    rest: Partial<PublishedPoint> = {},
  ): PublishedPoint => ({
    ...{ what, unit: 'cycles', published, ours, mark: 'A', bounds: exactly },
    ...rest,
  });
  const own = [366_025, 237_185, 160_264, 120_198, 80_132];
  return [
    point('convolutions on <64,7>, one of two groups', 1_008_246, total(64, 7)),
    point('Tm searched within 448 multipliers', 64, tm, { unit: 'outputs' }),
    point('Tn searched within 448 multipliers', 7, tn, { unit: 'inputs' }),
    ...alexnetHalves.map((layer, l) =>
      point(`layer ${layer.name} on an array of its own`, own[l] ?? 0, ownOptimum(layer, 480), {
        note: 'searched within 480 multipliers, a budget that we infer',
      }),
    ),
    point('convolutions, time on the board', boardMilliseconds, modelMilliseconds, {
      unit: 'ms',
      bounds: [0.88, 1],
      note: 'the closed form leaves out what transfers do not hide',
    }),
    point('convolutions, rate on the board', 61.62, (2 * convMacs(alexnet)) / 21.61e6, {
      unit: 'GFLOPS',
      bounds: roundedTo(0.02, 61.62),
      note: 'operations of our network in the published time',
    }),
  ];
}

export const zhang2015 = {
  name: 'zhang-fpga-2015',
  summary: 'AlexNet in single precision on a VX485T at 100 MHz, one array for all layers',
  source: 'C. Zhang et al., Optimizing FPGA-based accelerator design for deep CNNs, FPGA 2015',
  points,
} as const satisfies PublishedSet;
