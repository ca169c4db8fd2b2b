// Options of `explore` that say what is allowed, and what they mean in the units that solvers count in.

import type { Device } from '../accelerator/device.ts';
import { FEMTO_PER_MILLI } from '../cost/energy.ts';
import { fixedResources, type ResourceName, resourceNames } from '../cost/resources.ts';
import { areaFigure, areaUnits } from '../cost/silicon.ts';
import type { Limits, Objective } from '../explore/figures.ts';
import type { Relaxation } from '../explore/relaxation.ts';
import { BARRIER_CYCLES } from '../schedule/timing.ts';
import { InvalidConfigError } from '../util/errors.ts';
import { largestFrom } from '../util/largest.ts';

const amount = (describe: string) => ({ type: 'number', describe }) as const;

/** Limits on an accelerator. */
export const limitOptions = {
  'min-fps': amount('at least so many frames per second'),
  'max-latency-ms': amount('at most so many milliseconds for one image alone'),
  'max-energy-mj': amount('at most so many millijoules an image'),
  'max-edp': amount('at most so much energy times latency, in mJ x ms'),
  'max-area': amount("at most so much area: mm2 of a chip, percent of an FPGA's DSP, RAM and LUTs"),
  'max-dsp': amount('at most so many DSPs'),
  'max-bram18': amount('at most so many block RAMs of 18 Kib'),
  'max-lut': amount('at most so many LUTs'),
  'max-ff': amount('at most so many flip-flops'),
} as const;

export type LimitArguments = Readonly<
  Partial<Record<keyof typeof limitOptions, number | undefined>>
>;

interface Reading {
  readonly option: keyof typeof limitOptions;
  /** The option's value of what solvers count. */
  readonly read: (counted: number) => number;
}

/** How each limit reads on a device, by what solvers count; of throughput they count an image's cycles. */
function readingsOf(device: Device, layers: number): Readonly<Record<Objective, Reading>> {
  const hertz = device.clockMegahertz * 1e6;
  const beside = fixedResources(layers);
  const fixedArea = areaUnits(undefined, beside, device);
  const resource = (name: ResourceName): Reading => ({
    option: `max-${name}`,
    read: (taken) => taken + beside[name],
  });
  return {
    throughput: {
      option: 'min-fps',
      read: (cycles) => hertz / Math.max(1, cycles + BARRIER_CYCLES),
    },
    latency: { option: 'max-latency-ms', read: (cycles) => (cycles / hertz) * 1e3 },
    energy: { option: 'max-energy-mj', read: (units) => units / FEMTO_PER_MILLI },
    edp: { option: 'max-edp', read: (product) => (product * 1e3) / FEMTO_PER_MILLI / hertz },
    area: { option: 'max-area', read: (units) => areaFigure(units + fixedArea, device) },
    dsp: resource('dsp'),
    bram18: resource('bram18'),
    lut: resource('lut'),
    ff: resource('ff'),
  };
}

/**
 * Limits as solvers count them.
 * @param layers of the network: what stands beside the chunks takes area too
 * @throws InvalidConfigError (exit code 2) where a limit is not positive
 */
export function limitsFrom(args: LimitArguments, device: Device, layers: number): Limits {
  const limits: { -readonly [name in keyof Limits]: number } = {};
  const readings = Object.entries(readingsOf(device, layers)) as [Objective, Reading][];
  for (const [objective, { option, read }] of readings) {
    const asked = args[option];
    if (asked === undefined) continue;
    const isCount = resourceNames.some((name) => name === objective);
    if (!(asked > 0 || (isCount && asked === 0)))
      throw new InvalidConfigError(
        `--${option} is ${asked}`,
        `give a number ${isCount ? 'from' : 'above'} 0`,
      );
    // A product of energy and time exceeds the whole numbers that a search for the largest can walk.
    if (objective === 'edp') limits.edp = asked / read(1);
    else
      limits[objective] = largestFrom(-1, (counted) =>
        option === 'min-fps' ? read(counted) >= asked : read(counted) <= asked,
      );
  }
  return limits;
}

/** What a relaxation means to who set the limit; figures are rounded so that they can be kept. */
export function relaxationText(
  { objective, reachable }: Relaxation,
  args: LimitArguments,
  device: Device,
  layers: number,
): string {
  const { option, read } = readingsOf(device, layers)[objective];
  const asked = args[option];
  if (reachable === undefined)
    return `--${option} ${asked}: without it nothing keeps the rest either`;
  const exact = read(reachable);
  const round = option === 'min-fps' ? Math.floor : Math.ceil;
  const scale = 10 ** (5 - Math.ceil(Math.log10(exact)));
  const kept = round(exact * scale) / scale;
  const by = Math.abs(kept - (asked ?? kept));
  const missed = asked === 0 ? `${by}` : `${((100 * by) / (asked ?? kept)).toFixed(1)} %`;
  return `--${option} ${asked}: missed by ${missed}; with all else as it is, --${option} ${kept} fits`;
}
