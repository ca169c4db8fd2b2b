// The part and clock that a design was made for, for scripts of tools that must be told.

import type { Device } from '../accelerator/device.ts';
import * as devices from '../accelerator/devices/index.ts';
import type { Design } from '../cost/design.ts';
import { nameOf } from '../util/pick.ts';

/** What vendor scripts take as their default. */
export interface Board {
  readonly device: string;
  readonly part: string;
  readonly clockMegahertz: number;
  /** Nanoseconds with three digits, as constraint files take it. */
  readonly periodNanoseconds: string;
}

/** The design's own device, or a Zynq where it names none that can be bought. */
export function boardOf(design: Design): Board {
  const known = Object.entries<Device>(devices);
  const own = known.find(([key, device]) => nameOf(key, device) === design.provenance.device);
  const [key, device] = own?.[1].part === undefined ? (['pynqZ2', devices.pynqZ2] as const) : own;
  const { part = devices.pynqZ2.part, clockMegahertz } = device as Device;
  return {
    device: nameOf(key, device),
    part,
    clockMegahertz,
    periodNanoseconds: (1000 / clockMegahertz).toFixed(3),
  };
}
