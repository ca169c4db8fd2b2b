// What accelerators are judged by: figures that add up over chunks, objectives made of them, and limits on these.

import { noResources, type ResourceName, type Resources } from '../cost/resources.ts';

/** Figures of one design, or of several together. */
export interface Figures extends Resources {
  /** Of the slowest chunk. */
  readonly paceCycles: number;
  /** Of one image alone. */
  readonly latencyCycles: number;
  /** Of one image; 0 where nobody asked. */
  readonly femtojoules: number;
  /** Units of src/cost/silicon.ts; 0 where nobody asked. */
  readonly area: number;
}

/**
 * What is to be made small. `throughput`: the slowest chunk counts. `latency`: the sum counts. `energy`, `edp`, `area`:
 * energy of an image, that times its latency, and what chip or device is taken.
 */
export type Objective = 'throughput' | 'latency' | 'energy' | 'edp' | 'area' | ResourceName;

/** The most of each objective that is allowed, in the units of `objectiveValue`. */
export type Limits = Partial<Record<Objective, number>>;

/** What every figure of nothing is. */
export const noFigures: Figures = {
  ...noResources,
  paceCycles: 0,
  latencyCycles: 0,
  femtojoules: 0,
  area: 0,
};

/** Figures that each objective is made of. */
const made: Readonly<Record<Objective, readonly (keyof Figures)[]>> = {
  throughput: ['paceCycles'],
  latency: ['latencyCycles'],
  energy: ['femtojoules'],
  edp: ['femtojoules', 'latencyCycles'],
  area: ['area'],
  dsp: ['dsp'],
  bram18: ['bram18'],
  lut: ['lut'],
  ff: ['ff'],
};

/** Figures that some objectives are made of. */
export const figuresIn = (asked: readonly Objective[]): (keyof Figures)[] => [
  ...new Set(asked.flatMap((objective) => made[objective])),
];

/** How each objective follows from the figures; none gets smaller where a figure grows. */
const values: Readonly<Record<Objective, (figures: Figures) => number>> = {
  throughput: ({ paceCycles }) => paceCycles,
  latency: ({ latencyCycles }) => latencyCycles,
  energy: ({ femtojoules }) => femtojoules,
  // A rounded product still never falls where a factor grows, so that orders made of it are sound.
  edp: ({ femtojoules, latencyCycles }) => femtojoules * latencyCycles,
  area: ({ area }) => area,
  dsp: ({ dsp }) => dsp,
  bram18: ({ bram18 }) => bram18,
  lut: ({ lut }) => lut,
  ff: ({ ff }) => ff,
};

export const objectives = Object.keys(values) as Objective[];

/** The figure that an objective makes small. */
export const objectiveValue = (objective: Objective, figures: Figures): number =>
  values[objective](figures);

/** Figures of designs side by side. */
export const addFigures = (left: Figures, right: Figures): Figures => ({
  paceCycles: Math.max(left.paceCycles, right.paceCycles),
  latencyCycles: left.latencyCycles + right.latencyCycles,
  femtojoules: left.femtojoules + right.femtojoules,
  area: left.area + right.area,
  dsp: left.dsp + right.dsp,
  bram18: left.bram18 + right.bram18,
  lut: left.lut + right.lut,
  ff: left.ff + right.ff,
});

/** Limits in a list, for those who look at them often. */
export const limitsOf = (limits: Limits | undefined): readonly (readonly [Objective, number])[] =>
  Object.entries(limits ?? {}) as [Objective, number][];

/** Whether figures keep every limit. */
export const keeps = (
  figures: Figures,
  limits: readonly (readonly [Objective, number])[],
): boolean => limits.every(([objective, limit]) => objectiveValue(objective, figures) <= limit);

/** Whether any of these objectives is about energy, so that designs must know theirs. */
export const asksForEnergy = (asked: readonly Objective[]): boolean =>
  asked.some((objective) => objective === 'energy' || objective === 'edp');
