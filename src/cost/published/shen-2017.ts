import { exactly, type PublishedPoint, type PublishedSet, roundedTo } from '../published.ts';
import {
  alexnetHalves,
  FLOAT_DSP,
  type TiledLayer,
  tiledCycles,
  tiledMacs,
} from '../published-formulas.ts';
import { type ClpRules, solveMultiClp } from '../published-multi-clp.ts';

/** One array of a published design: its halves of layers, by number. */
interface Array {
  readonly tn: number;
  readonly tm: number;
  readonly halves: readonly number[];
  /** Thousands of cycles where they are recalled of this array. */
  readonly kilocycles?: number;
}

interface Design {
  readonly name: string;
  readonly dsp: number;
  readonly epochKilocycles: number;
  readonly utilizationPercent: number;
  readonly arrays: readonly Array[];
}

const all = [1, 1, 2, 2, 3, 3, 4, 4, 5, 5];

const designs: readonly Design[] = [
  {
    name: '485T, single (7,64)',
    dsp: 2240,
    epochKilocycles: 2006,
    utilizationPercent: 74.1,
    arrays: [{ tn: 7, tm: 64, halves: all }],
  },
  {
    name: '690T, single (9,64)',
    dsp: 2880,
    epochKilocycles: 1769,
    utilizationPercent: 65.4,
    arrays: [{ tn: 9, tm: 64, halves: all }],
  },
  {
    name: '485T, four arrays',
    dsp: 2240,
    epochKilocycles: 1558,
    utilizationPercent: 95.4,
    arrays: [
      { tn: 2, tm: 64, halves: [5, 5, 4, 4], kilocycles: 1460 },
      { tn: 1, tm: 96, halves: [3, 3], kilocycles: 1558 },
      { tn: 3, tm: 24, halves: [1, 1], kilocycles: 1464 },
      { tn: 8, tm: 19, halves: [2, 2], kilocycles: 1531 },
    ],
  },
  {
    name: '690T, six arrays',
    dsp: 2880,
    epochKilocycles: 1168,
    utilizationPercent: 99,
    arrays: [
      { tn: 1, tm: 64, halves: [5, 5], kilocycles: 1168 },
      { tn: 1, tm: 96, halves: [4, 4], kilocycles: 1168 },
      { tn: 2, tm: 64, halves: [3, 3], kilocycles: 1168 },
      { tn: 1, tm: 48, halves: [1], kilocycles: 1098 },
      { tn: 1, tm: 48, halves: [1], kilocycles: 1098 },
      { tn: 3, tm: 64, halves: [2, 2], kilocycles: 1166 },
    ],
  },
];

const layerOf = (half: number): TiledLayer | undefined => alexnetHalves[half - 1];

function kilocyclesOf({ tn, tm, halves }: Array): number {
  const cycles = halves.reduce((sum, half) => {
    const layer = layerOf(half);
    return sum + (layer === undefined ? 0 : tiledCycles(layer, tm, tn));
  }, 0);
  return cycles / 1e3;
}

const usefulMacs = 2 * alexnetHalves.reduce((sum, layer) => sum + tiledMacs(layer), 0);

function pointsOf({ name, dsp, epochKilocycles, utilizationPercent, arrays }: Design) {
  const multipliers = arrays.reduce((sum, { tn, tm }) => sum + tn * tm, 0);
  const epoch = Math.max(...arrays.map(kilocyclesOf));
  const point = (what: string, unit: string, published: number, ours: number): PublishedPoint => ({
    ...{ what: `${name}: ${what}`, unit, published, ours, mark: 'A' },
    bounds: roundedTo(unit === '%' ? 0.1 : 1, published),
  });
  return [
    point('epoch', 'kcycles', epochKilocycles, epoch),
    { ...point('DSP', 'DSP', dsp, FLOAT_DSP * multipliers), bounds: exactly },
    point('useful work', '%', utilizationPercent, usefulMacs / (epoch * 10 * multipliers)),
    ...arrays
      .filter(({ kilocycles }) => kilocycles !== undefined)
      .map((array) =>
        point(
          `(${array.tn},${array.tm}) on ${array.halves.join(' ')}`,
          'kcycles',
          array.kilocycles ?? 0,
          kilocyclesOf(array),
        ),
      ),
  ];
}

/** The bare problem, searched: multipliers of the budget, and nothing of memory and bandwidth. */
function searched(): PublishedPoint[] {
  const small = 2240 / FLOAT_DSP;
  const large = 2880 / FLOAT_DSP;
  const search = (
    what: string,
    published: number,
    rules: ClpRules,
    rest: Partial<PublishedPoint> = {},
  ): PublishedPoint => ({
    what: `searched: ${what}`,
    unit: 'kcycles',
    published,
    mark: 'A',
    ours: solveMultiClp(alexnetHalves, rules).epochCycles / 1e3,
    bounds: roundedTo(1, published),
    ...rest,
  });
  const better = {
    bounds: [0.95, 1],
    note: 'proven optimum of the bare problem; the publication also keeps to memory and bandwidth',
  } as const;
  const four = [
    [0, 0],
    [1, 1],
    [2, 2],
    [3, 3, 4, 4],
  ];
  const six = [[0], [1, 1], [2, 2], [3, 3], [4, 4]];
  return [
    search('485T, one array', 2006, { multipliers: small, maxArrays: 1 }),
    search('690T, one array', 1769, { multipliers: large, maxArrays: 1 }),
    search('485T, shared out as published', 1558, {
      ...{ multipliers: small, maxArrays: 4, groups: four },
    }),
    search('690T, shared out as published', 1168, {
      ...{ multipliers: large, maxArrays: 6, groups: six },
    }),
    search('485T, any whole layers', 1558, { multipliers: small, maxArrays: 6 }, better),
    search(
      '485T, any halves',
      1558,
      { multipliers: small, maxArrays: 6, splitHalves: true },
      better,
    ),
    search(
      '690T, any halves',
      1168,
      { multipliers: large, maxArrays: 6, splitHalves: true },
      better,
    ),
  ];
}

export const shen2017 = {
  name: 'shen-isca-2017',
  summary: 'AlexNet in single precision on one or several arrays that run different layers',
  source:
    'Y. Shen, M. Ferdman, P. Milder, Maximizing CNN accelerator efficiency through resource partitioning, ISCA 2017',
  points: () => [...designs.flatMap(pointsOf), ...searched()],
} as const satisfies PublishedSet;
