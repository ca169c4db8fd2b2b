// The part and clock that a design was made for, for scripts of tools that must be told.

import type { Device } from '../accelerator/device.ts';
import * as devices from '../accelerator/devices/index.ts';
import type { Design } from '../cost/design.ts';
import { nameOf } from '../util/pick.ts';

/** What vendor scripts take as their default. */
export interface Board {
  /** For Vivado and Vitis HLS. */
  readonly xilinxPart: string;
  readonly clockMegahertz: number;
  /** Nanoseconds with three digits, as constraint files take it. */
  readonly periodNanoseconds: string;
}

/** The design's own device; a Zynq's part where it names none that Vivado knows. */
export function boardOf(design: Design): Board {
  const own = Object.entries<Device>(devices).find(
    ([key, device]) => nameOf(key, device) === design.provenance.device,
  );
  const { part, clockMegahertz } = own?.[1] ?? devices.pynqZ2;
  return {
    xilinxPart: part?.startsWith('xc') ? part : devices.pynqZ2.part,
    clockMegahertz,
    periodNanoseconds: (1000 / clockMegahertz).toFixed(3),
  };
}
