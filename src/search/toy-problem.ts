// The hardware side of the preset `toy`: a device so small that its accelerators can all be looked at.

import type { Accelerator } from '../accelerator/accelerator.ts';
import type { Device } from '../accelerator/device.ts';
import { defaultSpace, type Space, streaming } from '../explore/space.ts';
import { exploredHardware, type HardwareOptions } from './explored-hardware.ts';
import type { HardwareOracle } from './hardware.ts';
import { toy } from './presets/toy.ts';

/** Three eighths of a PYNQ-Z2: room for some pairs of the arrays below, not for all. */
export const toyDevice: Device = {
  summary: 'three eighths of an XC7Z020',
  source: 'Xilinx DS190 (Zynq-7000 overview), times three eighths',
  family: 'xc7',
  dsp: 82,
  bram18: 105,
  lut: 19_950,
  ff: 39_900,
  ports: 2,
  portBits: 64,
  clockMegahertz: 100,
};

/** One dense and one depthwise chunk, some shapes of array each. */
export const toySpace: Space = {
  ...defaultSpace,
  rows: [1, 2, 4],
  outputs: [2, 4, 8],
  inputs: [1, 2, 4],
  requantizers: [1],
  accumulatorBuffers: [1],
  levels: [{ input: 1024, weights: 1024, accumulators: 512 }],
  residencies: [streaming],
  rowParts: [1],
  columnParts: [1],
  outputParts: [1, 2],
  inputParts: [1],
  maxPartitions: 1,
};

/** gamma* of the toy, by the exact solver where no other is named. */
export function toyHardware(options: HardwareOptions = {}): HardwareOracle<Accelerator> {
  return exploredHardware(toyDevice, { space: toySpace, ...options });
}

/** What a training of a point follows from: points of a smaller space are points of a larger one. */
export function toyRecipe(testImages: number): object {
  const { stem, layers, headChannels, input } = toy.space;
  return { stem, layers, headChannels, input, training: toy.training, testImages };
}
