// The figures of a design that a search can be told to reach, and how each is made of its layers'.

import type { Device } from '../accelerator/device.ts';
import type { ExploreResult } from '../explore/explore.ts';
import type { Objective } from '../explore/problem.ts';

/** A figure to be made small; cycles of an epoch, cycles of an image, or nanojoules of an image. */
export interface Figure {
  /** As a target is asked for on the command line. */
  readonly option: string;
  readonly unit: string;
  /** What the accelerator is explored for. */
  readonly objective: Objective;
  /** q of the cost proxy (hardware.ts): 1 where chunks add up, more where the busiest counts. */
  readonly power: number;
  /** A layer costs what it costs alone on its best accelerator; otherwise its cycles on gamma*'s own chunks. */
  readonly alone: boolean;
  costOf(design: ExploreResult, device: Device): number;
  /** The cost that a target in the user's unit allows. */
  allowed(target: number, device: Device): number;
  /** Whether a design reaches a target in the user's unit. */
  reached(design: ExploreResult, target: number): boolean;
}

const kilohertz = ({ clockMegahertz }: Device): number => clockMegahertz * 1e3;

export const throughput: Figure = {
  option: 'target-fps',
  unit: 'frames/s',
  objective: 'throughput',
  power: 4,
  alone: false,
  costOf: ({ epochCycles }) => epochCycles,
  allowed: (target, device) => (kilohertz(device) * 1e3) / target,
  reached: ({ framesPerSecond }, target) => framesPerSecond >= target,
};

export const latency: Figure = {
  option: 'target-latency-ms',
  unit: 'ms',
  objective: 'latency',
  power: 1,
  alone: false,
  costOf: ({ latencyMilliseconds }, device) => latencyMilliseconds * kilohertz(device),
  allowed: (target, device) => target * kilohertz(device),
  reached: ({ latencyMilliseconds }, target) => latencyMilliseconds <= target,
};

export const energy: Figure = {
  option: 'target-energy-mj',
  unit: 'mJ',
  objective: 'throughput',
  power: 1,
  alone: true,
  costOf: ({ energyMillijoules }) => energyMillijoules * 1e6,
  allowed: (target) => target * 1e6,
  reached: ({ energyMillijoules }, target) => energyMillijoules <= target,
};
