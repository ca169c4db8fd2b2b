// One run of a strategy on a space whose optimum nobody knows: up to a trained network and its accelerator.

import type { Device } from '../accelerator/device.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Choices } from '../supernet/space.ts';
import { createRng } from '../util/rng.ts';
import { exploredHardware, type HardwareOptions } from './explored-hardware.ts';
import { CostModel } from './hardware.ts';
import { rewardOf } from './objective.ts';
import type { Preset } from './preset.ts';
import { relativeCost } from './reference.ts';
import { searchChoices } from './search-choices.ts';
import type { Strategy } from './strategy.ts';
import { trainPoint } from './truth.ts';

/** What came of a run; times are this process's own. */
export interface TrainedRun {
  readonly choices: Choices;
  /** Share of all test images, trained from scratch by the preset's recipe. */
  readonly accuracy: number;
  /** On the best accelerator of the device. */
  readonly epochCycles: number;
  /** accuracy x (E / E_T)^-0.07 of MnasNet, E_T that of the space's largest network. */
  readonly reward: number;
  readonly cpuSeconds: number;
}

/**
 * Searches, trains what was found and solves its accelerator exactly.
 * @param options how the search itself finds gamma*
 */
export async function runTrained(
  preset: Preset,
  strategy: Strategy,
  dataset: Dataset,
  seed: number,
  device: Device,
  options: HardwareOptions = {},
): Promise<TrainedRun> {
  const started = process.cpuUsage();
  const exact = new CostModel(preset.space, exploredHardware(device));
  const costModel = new CostModel(preset.space, exploredHardware(device, options));
  const cost = relativeCost(preset, exact);
  const rng = createRng(seed);
  const { choices } = await searchChoices({ preset, strategy, dataset, costModel, cost, rng });
  const accuracy = await trainPoint(
    preset,
    choices,
    dataset,
    createRng(`${seed} trained`),
    dataset.test.count,
  );
  const { epochCycles } = exact.solve(choices);
  const { user, system } = process.cpuUsage(started);
  return {
    choices,
    accuracy,
    epochCycles,
    reward: rewardOf(accuracy, epochCycles, cost),
    cpuSeconds: (user + system) / 1e6,
  };
}
