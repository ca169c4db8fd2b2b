// Where nothing fits: the smallest device of the list that would do.

import type { Device } from '../accelerator/device.ts';
import * as devices from '../accelerator/devices/index.ts';
import { missingOf } from '../cost/resources.ts';
import { type ExploreOptions, type ExploreResult, explore } from '../explore/explore.ts';
import type { Network } from '../network/network.ts';
import { portsOf } from '../schedule/ports.ts';
import { nameOf } from '../util/pick.ts';
import { type LimitArguments, limitsFrom } from './limit-options.ts';

const bySize = (): [string, Device][] =>
  Object.entries<Device>(devices).sort(([, left], [, right]) => left.dsp - right.dsp);

/** The smallest device of the list that holds the nearest design as it is; a smaller one may hold another design. */
export function deviceThatHolds({ resources, chunks }: ExploreResult): string | undefined {
  const found = bySize().find(
    ([, device]) =>
      device.ports >= portsOf(chunks).length &&
      Object.keys(missingOf(resources, device)).length === 0,
  );
  return found === undefined ? undefined : nameOf(found[0], found[1]);
}

/** Whether a device has more of anything that limits may hang on. */
const isMore = (device: Device, than: Device): boolean =>
  (['dsp', 'bram18', 'lut', 'ff', 'ports', 'clockMegahertz'] as const).some(
    (name) => device[name] > than[name],
  );

/**
 * The smallest device of the list on which an accelerator keeps all limits, by the exact solver; undefined where none
 * does. An FPGA is not answered with a chip, nor the other way round.
 * @param onDevice called before each is tried
 */
export function deviceThatKeeps(
  network: Network,
  asked: Device,
  args: LimitArguments,
  layers: number,
  options: Omit<ExploreOptions, 'limits' | 'solver'>,
  onDevice: (name: string) => void,
): string | undefined {
  const isChip = asked.family === 'asic';
  const candidates = bySize().filter(
    ([, device]) => (device.family === 'asic') === isChip && isMore(device, asked),
  );
  for (const [key, device] of candidates) {
    const name = nameOf(key, device);
    onDevice(name);
    const limits = limitsFrom(args, device, layers);
    if (explore(network, device, { ...options, limits, relaxes: false }).fits) return name;
  }
  return undefined;
}
