// What the joint loop asks of the hardware side, and the expected cost it makes of the answers.
//
// The proxy. Chunks work in parallel and an epoch lasts as long as the busiest, but gamma* is solved anew while the
// search goes on and rebalances the chunks, so work saved anywhere is work saved. Cost is therefore taken as the sum of
// cycles over all operators, scaled so that it equals the true epoch for the network gamma* was solved for:
//   E(p, b) = E* . (F + sum_l sum_c p_lc sum_j b_lj T[l][c][j]) / (F + sum_l T[l][c*][j*])
// with F the cycles of stem, head and classifier, which nothing chooses.

import type { Network } from '../network/network.ts';
import { describeLayer, describeNetwork } from '../supernet/describe.ts';
import { type Choices, layersOf, type SearchSpace } from '../supernet/space.ts';

/** The best accelerator of one network; `Gamma` is whatever the oracle wants back. */
export interface GammaStar<Gamma> {
  readonly gamma: Gamma;
  /** Cycles of one pipeline epoch of that network on it. */
  readonly epochCycles: number;
}

/** The hardware side of the search: the exact solver in earnest, a stand-in in tests. */
export interface HardwareOracle<Gamma> {
  /** Best accelerator for a network without parameters. */
  refresh(network: Network): GammaStar<Gamma>;
  /** Cycles of all operators of a network, added up, on an accelerator solved for another one. */
  totalCycles(gamma: Gamma, network: Network): number;
}

/** T[layer][candidate][bits] under one gamma*. */
export interface CostTable {
  readonly cycles: readonly (readonly (readonly number[])[])[];
  /** F: what no choice changes. */
  readonly fixedCycles: number;
  /** Epoch cycles per cycle of work: E* over the work of the network gamma* was solved for. */
  readonly epochPerWork: number;
  /** E*. */
  readonly epochCycles: number;
}

/** One layer's cost gradients by its shares. */
export interface LayerCost {
  /** Cycles of each candidate, expected over the bits. */
  readonly byCandidate: readonly number[];
  /** Cycles of each width, expected over the candidates. */
  readonly byBits: readonly number[];
  readonly expected: number;
}

/** Shares of candidates and widths of one layer; zero for what is not active. */
export interface LayerShares {
  readonly candidates: readonly number[];
  readonly bits: readonly number[];
}

type LayerNetworks = readonly (readonly (readonly (Network | undefined)[])[])[];

/** Solves gamma* for choices and tabulates what every other choice would cost on it. */
export class CostModel<Gamma> {
  private readonly space: SearchSpace;
  private readonly oracle: HardwareOracle<Gamma>;
  private readonly alone: LayerNetworks;

  constructor(space: SearchSpace, oracle: HardwareOracle<Gamma>) {
    this.space = space;
    this.oracle = oracle;
    this.alone = layersOf(space).map(({ index, candidates }) =>
      candidates.map((block) =>
        space.bits.map((bits) => describeLayer(space, index, { block, bits })),
      ),
    );
  }

  solve(choices: Choices): GammaStar<Gamma> {
    return this.oracle.refresh(describeNetwork(this.space, choices, 'candidate'));
  }

  tabulate(choices: Choices): CostTable {
    const network = describeNetwork(this.space, choices, 'candidate');
    const { gamma, epochCycles } = this.oracle.refresh(network);
    const cycles = this.alone.map((candidates) =>
      candidates.map((widths) =>
        widths.map((layer) => (layer === undefined ? 0 : this.oracle.totalCycles(gamma, layer))),
      ),
    );
    const work = this.oracle.totalCycles(gamma, network);
    const chosen = layersOf(this.space).map(({ index, candidates }) => {
      const { block, bits } = choices[index] ?? { block: 'skip' as const, bits: 0 };
      return cycles[index]?.[candidates.indexOf(block)]?.[this.space.bits.indexOf(bits)] ?? 0;
    });
    const searchable = chosen.reduce((sum, layer) => sum + layer, 0);
    const fixedCycles = Math.max(0, work - searchable);
    return {
      cycles,
      fixedCycles,
      epochPerWork: epochCycles / (fixedCycles + searchable),
      epochCycles,
    };
  }
}

/** Expected cycles of one layer and the partial sums its logits' gradients need. */
export function expectedLayerCost(
  table: readonly (readonly number[])[],
  { candidates, bits }: LayerShares,
): LayerCost {
  const byCandidate = table.map((widths) =>
    widths.reduce((sum, cycles, j) => sum + cycles * (bits[j] ?? 0), 0),
  );
  const byBits = bits.map((_, j) =>
    table.reduce((sum, widths, c) => sum + (widths[j] ?? 0) * (candidates[c] ?? 0), 0),
  );
  const expected = byCandidate.reduce((sum, cycles, c) => sum + cycles * (candidates[c] ?? 0), 0);
  return { byCandidate, byBits, expected };
}
