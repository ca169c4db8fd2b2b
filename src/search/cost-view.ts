// Whose hardware cost a strategy sees while it learns.

import { macsOf } from '../network/geometry.ts';
import type { Network } from '../network/network.ts';
import type { Choices } from '../supernet/space.ts';
import { type AdamOptions, type LogitGroup, stepGroup } from './architecture.ts';
import type { CostModel, CostTable, ExpectedCost } from './hardware.ts';

/** When a table is made anew: as scheduled, never, or before every step. */
export type Renewal = 'scheduled' | 'once' | 'always';

/** A way to look at hardware. */
export interface CostView {
  readonly renewal: Renewal;
  /** Cost of every choice, seen from the choices that stand now or from the largest of all. */
  tabulate<Gamma>(
    model: CostModel<Gamma>,
    choices: { readonly standing: Choices; readonly largest: Choices },
    own: LogitGroup,
    exchanges: boolean,
  ): CostTable;
  /** Numbers of its own, at their start; absent where it has none. */
  start?<Gamma>(model: CostModel<Gamma>): number[];
  /** Steps them, once the expected cost and its slope are known. */
  learn?<Gamma>(
    model: CostModel<Gamma>,
    own: LogitGroup,
    expected: ExpectedCost,
    slope: number,
    adam: AdamOptions,
  ): void;
}

/** gamma* of the network that stands now, the paper's; or of every network that one other choice would make of it. */
export const currentAccelerator: CostView = {
  renewal: 'scheduled',
  tabulate: (model, { standing }, _own, exchanges) =>
    exchanges ? model.tabulateExchanges(standing) : model.tabulate(standing),
};

/** A look-up table on the best accelerator for the largest network, made once. */
export const fixedAccelerator: CostView = {
  renewal: 'once',
  tabulate: (model, { largest }) => model.tabulate(largest),
};

/** How much of the multipliers' excess counts against a relative gain in cycles. */
const excessWeight = 10;
/** Adam's rate on the logarithms of the factors. */
const factorRate = 0.05;

/** Multiplications of dense and of depthwise operators; narrower bits need less of a multiplier. */
function workOf(network: Network): number[] {
  const work = [0, 0];
  for (const operator of network.operators) {
    if (!('weightBits' in operator)) continue;
    const unit = operator.kind === 'depthwiseConv' ? 1 : 0;
    work[unit] = (work[unit] ?? 0) + (macsOf(network, operator) * operator.weightBits) / 8;
  }
  return work;
}

/**
 * One parallel factor per kind of unit as a real number, learned by gradient together with the network: cycles =
 * multiplications / factor, and the factors together should not exceed the device's multipliers.
 */
export const relaxedFactors: CostView = {
  renewal: 'always',
  start: ({ multipliers }) => [Math.log(multipliers / 4), Math.log(multipliers / 4)],
  tabulate: (model, { standing }, own) =>
    model.tabulateBy(standing, (network) =>
      workOf(network).map((work, unit) => work / Math.exp(own.logits[unit] ?? 0)),
    ),
  learn(model, own, { chunks }, slope, adam) {
    const factors = own.logits.map(Math.exp);
    const used = factors.reduce((sum, factor) => sum + factor, 0) / model.multipliers;
    // d cycles / d log factor = -cycles.
    const gains = chunks.map(({ cycles, slope: byCycles }) => slope * byCycles * cycles);
    const scale = used > 1 ? excessWeight * gains.reduce((sum, gain) => sum + gain, 0) : 0;
    const gradients = gains.map(
      (gain, unit) => (scale * (factors[unit] ?? 0)) / model.multipliers - gain,
    );
    const options = { ...adam, learningRate: factorRate };
    stepGroup(own, [...gradients.keys()], gradients, options, false);
  },
};
