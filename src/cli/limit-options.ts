// Options of `explore` that say what is allowed, and what they mean in the units that solvers count in.

import type { Device } from '../accelerator/device.ts';
import { FEMTO_PER_MILLI } from '../cost/energy.ts';
import { fixedResources } from '../cost/resources.ts';
import { areaFigure, areaUnits } from '../cost/silicon.ts';
import type { Limits } from '../explore/figures.ts';
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
} as const;

type LimitArguments = Readonly<Partial<Record<keyof typeof limitOptions, number | undefined>>>;

/**
 * Limits as solvers count them.
 * @param layers of the network: what stands beside the chunks takes area too
 * @throws InvalidConfigError (exit code 2) where a limit is not positive
 */
export function limitsFrom(args: LimitArguments, device: Device, layers: number): Limits {
  for (const name of Object.keys(limitOptions) as (keyof typeof limitOptions)[]) {
    const value = args[name];
    if (value !== undefined && !(value > 0))
      throw new InvalidConfigError(`--${name} is ${value}`, 'give a number above 0');
  }
  const hertz = device.clockMegahertz * 1e6;
  const milliseconds = (cycles: number): number => (cycles / hertz) * 1e3;
  const most = (keeps: (value: number) => boolean): number => largestFrom(-1, keeps);
  const limits: { -readonly [name in keyof Limits]: number } = {};
  const fps = args['min-fps'];
  const latency = args['max-latency-ms'];
  const energy = args['max-energy-mj'];
  const edp = args['max-edp'];
  const area = args['max-area'];
  if (fps !== undefined)
    limits.throughput = most((cycles) => hertz / Math.max(1, cycles + BARRIER_CYCLES) >= fps);
  if (latency !== undefined) limits.latency = most((cycles) => milliseconds(cycles) <= latency);
  if (energy !== undefined) limits.energy = most((units) => units / FEMTO_PER_MILLI <= energy);
  if (edp !== undefined) limits.edp = (edp * FEMTO_PER_MILLI * hertz) / 1e3;
  if (area !== undefined) {
    const fixed = areaUnits(undefined, fixedResources(layers), device);
    limits.area = most((units) => areaFigure(units + fixed, device) <= area);
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
  const hertz = device.clockMegahertz * 1e6;
  const fixed = areaUnits(undefined, fixedResources(layers), device);
  const [option, read]: [keyof typeof limitOptions, (value: number) => number] =
    objective === 'throughput'
      ? ['min-fps', (cycles) => hertz / (cycles + BARRIER_CYCLES)]
      : objective === 'latency'
        ? ['max-latency-ms', (cycles) => (cycles / hertz) * 1e3]
        : objective === 'energy'
          ? ['max-energy-mj', (units) => units / FEMTO_PER_MILLI]
          : objective === 'edp'
            ? ['max-edp', (product) => (product * 1e3) / FEMTO_PER_MILLI / hertz]
            : ['max-area', (units) => areaFigure(units + fixed, device)];
  const asked = args[option];
  if (reachable === undefined)
    return `--${option} ${asked}: without it nothing keeps the rest either`;
  const exact = read(reachable);
  const round = option === 'min-fps' ? Math.floor : Math.ceil;
  const scale = 10 ** (5 - Math.ceil(Math.log10(exact)));
  const kept = round(exact * scale) / scale;
  const by = (100 * Math.abs(kept - (asked ?? kept))) / (asked ?? kept);
  return `--${option} ${asked}: missed by ${by.toFixed(1)} %; with all else as it is, --${option} ${kept} fits`;
}
