// Random layers on random arrays under random memories: RTL against the integer model, bits and cycles, tolerance 0.

import type { NetlistRoom } from '../lower/lower.ts';
import { InvalidConfigError } from '../util/errors.ts';
import { type CoveredNetlist, planCovering } from './covering.ts';
import {
  type Netlist,
  namedNetlist,
  packableSlots,
  type ShapeName,
  selfcheckShapes,
} from './netlists.ts';
import { type RandomCase, randomCase } from './random-case.ts';
import {
  addTallies,
  type BusTrouble,
  emptyTally,
  type RunOptions,
  runCases,
  type Tally,
} from './run-cases.ts';

/** What `autonba selfcheck` prints. */
export interface SelfcheckResult extends Tally {
  readonly designs: number;
  readonly netlists: number;
  readonly seconds: number;
  /** How demanding the cases were. */
  readonly manyTiles: number;
  readonly manyRagged: number;
}

export interface SelfcheckOptions extends BusTrouble {
  readonly designs: number;
  readonly seed: number;
  readonly shapes?: readonly ShapeName[];
  /** One case of the only shape, as a failure named it. */
  readonly caseSeed?: number;
  readonly onProgress?: (done: number, total: number, what: string) => void;
  readonly signal?: AbortSignal;
}

/** Room for every layer that is drawn for a netlist, so that one build serves them all. */
export function roomOf({ shape }: Netlist): NetlistRoom {
  const slots = packableSlots(shape);
  return { layerCapacity: 8, tableDepth: 512, outputSlots: slots, operandSlots: slots };
}

/** Runs random cases of one netlist; `label` begins the one-line reproduction of each. */
export function runNetlist(
  netlist: Netlist,
  cases: readonly RandomCase[],
  label: (random: RandomCase, index: number) => string,
  options: RunOptions = {},
): Promise<Tally> {
  const runnable = cases.map((random, k) => ({ ...random, label: label(random, k) }));
  return runCases(runnable, roomOf(netlist), options);
}

/** Netlists and layers on each that `npm run test:full` runs. */
export const coveringSize = { netlists: 64, runs: 50 } as const;

/** Cases of one netlist of a covering plan. */
export function coveredCases({ netlist, wishes }: CoveredNetlist, seed: number): RandomCase[] {
  return wishes.map((wish, k) => randomCase(netlist, seed * 1000 + k, wish));
}

/** Repeats one case of the covering plan of a seed, as a failure named it. */
export async function repeatCovered(seed: number, name: string, index: number): Promise<Tally> {
  const { netlists } = planCovering(seed, coveringSize.netlists, coveringSize.runs);
  const covered = netlists.find(({ netlist }) => netlist.name === name);
  const wish = covered?.wishes[index];
  if (covered === undefined || wish === undefined)
    throw new InvalidConfigError(
      `the plan of seed ${seed} has no case ${index} on a netlist "${name}"`,
      `name one of n0 to n${netlists.length - 1} and a case from 0 to ${coveringSize.runs - 1}`,
    );
  const random = randomCase(covered.netlist, seed * 1000 + index, wish);
  return runNetlist(covered.netlist, [random], () => coveredLabel(seed, name, index));
}

/** The line that repeats a case of a covering plan. */
export const coveredLabel = (seed: number, name: string, index: number): string =>
  `autonba selfcheck --seed ${seed} --netlist ${name} --case ${index}`;

/** Runs `designs` random layers, spread evenly over the shapes. */
export async function selfcheck(options: SelfcheckOptions): Promise<SelfcheckResult> {
  const started = performance.now();
  const shapes = options.shapes ?? (Object.keys(selfcheckShapes) as ShapeName[]);
  const { designs, seed, caseSeed, onProgress } = options;
  let [done, manyTiles, manyRagged] = [0, 0, 0];
  let tally = emptyTally;
  for (const [s, shape] of shapes.entries()) {
    const count = Math.floor(designs / shapes.length) + (s < designs % shapes.length ? 1 : 0);
    if (count === 0) continue;
    onProgress?.(done, designs, shape);
    const netlist = namedNetlist(shape);
    const cases = Array.from({ length: count }, (_, k) =>
      randomCase(netlist, caseSeed ?? seed * 10_000 + s * 1000 + k),
    );
    const label = (random: RandomCase) =>
      `autonba selfcheck --shape ${shape} --case ${random.seed}`;
    tally = addTallies(tally, await runNetlist(netlist, cases, label, options));
    manyTiles += cases.filter(({ tiles }) => tiles >= 8).length;
    manyRagged += cases.filter(({ raggedDimensions }) => raggedDimensions >= 2).length;
    done += count;
    onProgress?.(done, designs, shape);
  }
  return {
    ...tally,
    designs: done,
    netlists: shapes.length,
    seconds: (performance.now() - started) / 1000,
    manyTiles,
    manyRagged,
  };
}
