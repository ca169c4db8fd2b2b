// One run of a strategy on the toy: up to its choices, which the truth then judges.

import type { Dataset } from '../data/dataset.ts';
import type { Choices } from '../supernet/space.ts';
import { createRng } from '../util/rng.ts';
import type { HardwareOptions } from './explored-hardware.ts';
import { CostModel } from './hardware.ts';
import type { Preset } from './preset.ts';
import { relativeCost } from './reference.ts';
import { type KnownPoint, type Truth, truthOf } from './regret.ts';
import { searchChoices } from './search-choices.ts';
import type { Strategy } from './strategy.ts';
import { toyHardware } from './toy-problem.ts';

/** What came of a run; times are this process's own. */
export interface ToyRun {
  readonly choices: Choices;
  readonly proposals: readonly Choices[];
  readonly cpuSeconds: number;
}

/** The truth out of its committed table. */
export function toyTruth(known: readonly KnownPoint[], preset: Preset): Truth {
  return truthOf(known, relativeCost(preset, new CostModel(preset.space, toyHardware())));
}

/** Runs a strategy once. */
export async function runToy(
  preset: Preset,
  strategy: Strategy,
  dataset: Dataset,
  seed: number,
  hardware: HardwareOptions = {},
): Promise<ToyRun> {
  const started = process.cpuUsage();
  const costModel = new CostModel(preset.space, toyHardware(hardware));
  const { choices, architecture } = await searchChoices({
    ...{ preset, strategy, dataset, costModel },
    // The reward's scale is the true optimum's, whatever solver the run itself is given.
    cost: relativeCost(preset, new CostModel(preset.space, toyHardware())),
    rng: createRng(seed),
  });
  const { user, system } = process.cpuUsage(started);
  return { choices, proposals: architecture.proposals, cpuSeconds: (user + system) / 1e6 };
}
