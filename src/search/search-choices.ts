// From a preset to choices: shared weights and logits, then the strategy's ending; resumable at every epoch.

import { setImmediate } from 'node:timers/promises';
import type { Dataset } from '../data/dataset.ts';
import * as encodings from '../supernet/encodings/index.ts';
import { type Inheritance, inheritanceOf } from '../supernet/inherit.ts';
import type { Choices } from '../supernet/space.ts';
import { Supernet } from '../supernet/supernet.ts';
import { pick } from '../util/pick.ts';
import type { Rng } from '../util/rng.ts';
import { type Architecture, createArchitecture } from './architecture.ts';
import type { CostModel } from './hardware.ts';
import { type LoopHooks, runJointLoop } from './joint-loop.ts';
import type { CostTerm } from './objective.ts';
import type { Preset } from './preset.ts';
import type { Strategy } from './strategy.ts';

/** A search without the training of what it finds. */
export interface ChoiceSearch {
  readonly preset: Preset;
  readonly strategy: Strategy;
  readonly dataset: Dataset;
  readonly costModel: CostModel<unknown>;
  readonly cost: CostTerm;
  readonly rng: Rng;
}

/** What a search can go on from. */
export interface ChoiceState {
  readonly epoch: number;
  readonly architecture: Architecture;
  readonly arrays: readonly Float32Array[];
}

export interface ChoiceHooks extends Omit<LoopHooks, 'resume' | 'onEpoch'> {
  readonly resume?: ChoiceState | undefined;
  readonly onState?: (state: ChoiceState) => void;
}

/** The choices, and how they came about. */
export interface Settled {
  readonly choices: Choices;
  readonly architecture: Architecture;
  /** What the choices inherit; absent where no shared network was trained. */
  readonly inheritance?: Inheritance;
}

/**
 * Images a gradient is taken of in the whole search: one pass for weights, in joint epochs one more for logits; and what
 * comparing finalists costs, a pass without gradients counting as a third.
 */
export function imagePassesOf({ search }: Preset): number {
  const { floatEpochs, quantizedEpochs, searchEpochs, images, finalists = 0 } = search;
  const halves = floatEpochs + quantizedEpochs + 2 * searchEpochs + (4 / 3) * finalists;
  return Math.floor(halves * Math.floor(images / 2));
}

/** Runs a strategy up to its choices. */
export async function searchChoices(
  setup: ChoiceSearch,
  hooks: ChoiceHooks = {},
): Promise<Settled> {
  const { preset, strategy, dataset, costModel, cost, rng } = setup;
  const { space, search: settings } = preset;
  const architecture =
    hooks.resume?.architecture ?? createArchitecture(space, strategy.cost?.start?.(costModel));
  const encoding = pick('encoding', encodings, preset.encoding);
  const copies = strategy.bits.copies ? space.bits.length : 1;
  const supernet = strategy.supernet
    ? new Supernet(space, encoding, rng.fork('supernet'), copies)
    : undefined;
  let last: ChoiceState = hooks.resume ?? { epoch: 0, architecture, arrays: [] };
  const save = (): void => hooks.onState?.(last);
  try {
    if (supernet !== undefined)
      await runJointLoop(
        {
          ...{ space, settings, strategy, architecture, supernet, costModel, cost },
          images: dataset.train,
          rng: rng.fork('loop'),
        },
        {
          ...hooks,
          onEpoch: (state) => {
            last = { ...state, architecture };
            save();
          },
        },
      );
    const choices = await strategy.conclude({
      ...{ preset, architecture, supernet, costModel, cost, dataset, save },
      rng: rng.fork('conclusion'),
      imagePasses: imagePassesOf(preset),
      breathe: async () => {
        await setImmediate();
        hooks.signal?.throwIfAborted();
      },
    });
    const settled = { choices, architecture };
    return supernet === undefined
      ? settled
      : { ...settled, inheritance: inheritanceOf(supernet, choices) };
  } finally {
    supernet?.dispose();
  }
}
