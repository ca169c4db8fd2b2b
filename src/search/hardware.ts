// What the joint loop asks of the hardware side, and the expected cost it makes of the answers.
//
// The proxy. Chunks work in parallel and an epoch lasts as long as the busiest, but gamma* is solved anew while the
// search goes on and moves resources to where the work is: what counts is mostly the busiest chunk, and a little every
// other. So with S_c the expected cycles of chunk c,
//   S_c(p, b) = F_c + sum_l sum_i p_li sum_j b_lj T[l][i][j][c],     E = k . (sum_c S_c^q)^(1/q),   q = 4,
// F_c being stem, head and classifier, which nothing chooses, and k such that E is the true epoch E* for the network
// that gamma* was solved for.

import type { Network } from '../network/network.ts';
import { describeLayer, describeNetwork } from '../supernet/describe.ts';
import { type Choices, layersOf, pointName, type SearchSpace } from '../supernet/space.ts';

/** The best accelerator of one network; `Gamma` is whatever the oracle wants back. */
export interface GammaStar<Gamma> {
  readonly gamma: Gamma;
  /** Cycles of one pipeline epoch of that network on it, or whatever figure the oracle is asked to make small. */
  readonly epochCycles: number;
}

/** The hardware side of the search: the exact solver in earnest, a stand-in in tests. */
export interface HardwareOracle<Gamma> {
  /** Best accelerator for a network without parameters. */
  refresh(network: Network): GammaStar<Gamma>;
  /** Multipliers of the device. */
  readonly multipliers: number;
  /** What its answers follow from beside the network: a resumed search must find the same. */
  readonly identity?: string;
  /** q where it is not 4. */
  readonly power?: number;
  /** Cycles each chunk of an accelerator spends on the operators of a network it was not solved for. */
  chunkCycles(gamma: Gamma, network: Network): readonly number[];
}

/** Cycles per chunk. */
export type ChunkCycles = readonly number[];

/** T[layer][candidate][bits][chunk] under one gamma*. */
export interface CostTable {
  readonly cycles: readonly (readonly (readonly ChunkCycles[])[])[];
  /** F: what no choice changes. */
  readonly fixed: ChunkCycles;
  /** q. */
  readonly power: number;
  /** k. */
  readonly calibration: number;
  /** E*. */
  readonly epochCycles: number;
}

/** Shares of candidates and widths of one layer; zero for what is not active. */
export interface LayerShares {
  readonly candidates: readonly number[];
  readonly bits: readonly number[];
}

/** Slopes of the expected epoch by the shares of one layer. */
export interface LayerSlopes {
  readonly candidates: readonly number[];
  readonly bits: readonly number[];
}

/** E and its slopes. */
export interface ExpectedCost {
  readonly epochCycles: number;
  /** S_c and dE/dS_c of every chunk. */
  readonly chunks: readonly { readonly cycles: number; readonly slope: number }[];
  readonly layers: readonly LayerSlopes[];
}

/** q of a throughput; latencies and energies add up, their q is 1. */
const usualPower = 4;

function norm(cycles: ChunkCycles, power: number): number {
  return cycles.reduce((sum, value) => sum + value ** power, 0) ** (1 / power);
}

function addTo(total: number[], cycles: ChunkCycles, factor: number): void {
  cycles.forEach((value, chunk) => {
    total[chunk] = (total[chunk] ?? 0) + factor * value;
  });
}

/** The expected epoch under shares, and its derivatives by every share. */
export function expectedCost(table: CostTable, shares: readonly LayerShares[]): ExpectedCost {
  const total = [...table.fixed];
  shares.forEach(({ candidates, bits }, layer) => {
    candidates.forEach((share, i) => {
      bits.forEach((width, j) => {
        addTo(total, table.cycles[layer]?.[i]?.[j] ?? [], share * width);
      });
    });
  });
  const { power } = table;
  const whole = norm(total, power);
  const epochCycles = table.calibration * whole;
  // dE/dS_c = k (S_c / |S|)^(q-1).
  const slopes = total.map(
    (cycles) => table.calibration * (cycles / Math.max(whole, Number.MIN_VALUE)) ** (power - 1),
  );
  const weigh = (cycles: ChunkCycles): number =>
    cycles.reduce((sum, value, chunk) => sum + value * (slopes[chunk] ?? 0), 0);
  const layers = shares.map(({ candidates, bits }, layer): LayerSlopes => {
    const weighed = (table.cycles[layer] ?? []).map((widths) => widths.map(weigh));
    const byBits = bits.map((_, j) =>
      candidates.reduce((sum, share, i) => sum + share * (weighed[i]?.[j] ?? 0), 0),
    );
    const byCandidate = candidates.map((_, i) =>
      bits.reduce((sum, width, j) => sum + width * (weighed[i]?.[j] ?? 0), 0),
    );
    return { candidates: byCandidate, bits: byBits };
  });
  const chunks = total.map((cycles, chunk) => ({ cycles, slope: slopes[chunk] ?? 0 }));
  return { epochCycles, chunks, layers };
}

type LayerNetworks = readonly (readonly (readonly (Network | undefined)[])[])[];

/** Solves gamma* for choices and tabulates what every other choice would cost on it. */
export class CostModel<Gamma> {
  private readonly space: SearchSpace;
  private readonly oracle: HardwareOracle<Gamma>;
  private readonly alone: LayerNetworks;
  private readonly solved = new Map<string, GammaStar<Gamma>>();

  constructor(space: SearchSpace, oracle: HardwareOracle<Gamma>) {
    this.space = space;
    this.oracle = oracle;
    this.alone = layersOf(space).map(({ index, candidates }) =>
      candidates.map((block) =>
        space.bits.map((bits) => describeLayer(space, index, { block, bits })),
      ),
    );
  }

  get multipliers(): number {
    return this.oracle.multipliers;
  }

  /** gamma* of a network; the same network is solved once. */
  solve(choices: Choices): GammaStar<Gamma> {
    const key = pointName(choices);
    const known =
      this.solved.get(key) ??
      this.oracle.refresh(describeNetwork(this.space, choices, 'candidate'));
    this.solved.set(key, known);
    return known;
  }

  /** Costs of all choices on gamma* of the given ones. */
  tabulate(choices: Choices): CostTable {
    const { gamma, epochCycles } = this.solve(choices);
    return this.tabulateBy(
      choices,
      (network) => this.oracle.chunkCycles(gamma, network),
      epochCycles,
    );
  }

  /**
   * Costs of all choices, each on gamma* of the network it would make: one layer's choice exchanged at a time. E is then
   * the standing network's epoch plus what the exchanges add or save.
   */
  tabulateExchanges(choices: Choices): CostTable {
    const { epochCycles } = this.solve(choices);
    const layers = layersOf(this.space);
    const cycles = layers.map(({ index, candidates }) =>
      candidates.map((block) =>
        this.space.bits.map((bits) => {
          const exchanged = choices.map((choice, l) => (l === index ? { block, bits } : choice));
          return [this.solve(exchanged).epochCycles];
        }),
      ),
    );
    const fixed = [epochCycles * (1 - layers.length)];
    return { cycles, fixed, power: 1, calibration: 1, epochCycles };
  }

  /** Costs of all choices by any measure of a network; calibrated so that the given choices cost `epochCycles`, if given. */
  tabulateBy(
    choices: Choices,
    cyclesOf: (network: Network) => ChunkCycles,
    epochCycles?: number,
  ): CostTable {
    const cycles = this.alone.map((candidates) =>
      candidates.map((widths) =>
        widths.map((layer) => (layer === undefined ? [] : cyclesOf(layer))),
      ),
    );
    const whole = cyclesOf(describeNetwork(this.space, choices, 'candidate'));
    const fixed = [...whole];
    layersOf(this.space).forEach(({ index, candidates }) => {
      const { block, bits } = choices[index] ?? { block: 'skip', bits: 0 };
      const chosen = cycles[index]?.[candidates.indexOf(block)]?.[this.space.bits.indexOf(bits)];
      addTo(fixed, chosen ?? [], -1);
    });
    // A layer alone is costed with another output width than in its network, so a difference may pass below zero.
    const positive = fixed.map((value) => Math.max(0, value));
    const power = this.oracle.power ?? usualPower;
    const uncalibrated = { cycles, fixed: positive, power, calibration: 1, epochCycles: 0 };
    const shares = layersOf(this.space).map(({ index, candidates }): LayerShares => {
      const choice = choices[index];
      return {
        candidates: candidates.map((name) => Number(name === choice?.block)),
        bits: this.space.bits.map((width) => Number(width === choice?.bits)),
      };
    });
    const expected = expectedCost(uncalibrated, shares).epochCycles;
    const epoch = epochCycles ?? expected;
    return { ...uncalibrated, calibration: epoch / expected, epochCycles: epoch };
  }
}
