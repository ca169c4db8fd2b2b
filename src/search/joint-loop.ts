// The joint loop: weights on one half of the training images, logits on the other, gamma* refreshed as it goes.

import { setImmediate } from 'node:timers/promises';
import type { ImageSet } from '../data/dataset.ts';
import { indexRange, shuffledBatches } from '../supernet/batches.ts';
import type { Choices, SearchSpace } from '../supernet/space.ts';
import type { LayerPath, Supernet } from '../supernet/supernet.ts';
import { divergedError } from '../supernet/train-network.ts';
import { at, cosineRate } from '../tensor/index.ts';
import type { Rng } from '../util/rng.ts';
import { type Architecture, createArchitecture, deriveChoices } from './architecture.ts';
import { drawSamples, type LayerSample, stepArchitecture } from './architecture-step.ts';
import { uniformPath } from './draws.ts';
import type { CostModel, CostTable } from './hardware.ts';
import type { CostTerm } from './objective.ts';
import type { SearchSettings } from './preset.ts';
import type { Strategy } from './strategy.ts';
import type { TraceRecord } from './trace.ts';
import { WeightTrainer } from './weight-step.ts';

/** State after an epoch. */
export interface LoopState {
  readonly epoch: number;
  readonly architecture: Architecture;
  readonly arrays: readonly Float32Array[];
}

/** What the caller hears of the loop. */
export interface LoopHooks {
  readonly onTrace?: (record: TraceRecord) => void;
  readonly onStep?: (progress: {
    readonly step: number;
    readonly steps: number;
    readonly loss: number;
  }) => void;
  readonly onEpoch?: (state: LoopState) => void;
  readonly resume?: LoopState | undefined;
  /** Ends the loop before its next step; what the last epoch saved stays. */
  readonly signal?: AbortSignal | undefined;
}

/** All a search consists of. */
export interface LoopSetup<Gamma> {
  readonly space: SearchSpace;
  readonly settings: SearchSettings;
  readonly strategy: Strategy;
  readonly supernet: Supernet;
  readonly costModel: CostModel<Gamma>;
  readonly cost: CostTerm;
  readonly images: ImageSet;
  readonly rng: Rng;
}

const rounded = (value: number): number => Number(value.toPrecision(6));

function nameOf(space: SearchSpace, supernet: Supernet, samples: readonly LayerSample[]): string[] {
  return samples.map(({ path, bits }, layer) => {
    const block = at(at(supernet.layers, layer).candidates, at(path.active, 0));
    return `${block}:${space.bits[bits.forward.indexOf(1)] ?? 'mixed'}`;
  });
}

/** Short names of choices, as in the trace: `k3e6:4`. */
export function namesOf(choices: Choices): string[] {
  return choices.map(({ block, bits }) => `${block}:${bits}`);
}

function phaseOf(settings: SearchSettings, epoch: number): TraceRecord['phase'] {
  if (epoch < settings.floatEpochs) return 'float';
  return epoch < settings.floatEpochs + settings.quantizedEpochs ? 'quantized' : 'joint';
}

/** Runs to the end, or from where `resume` left off; returns the logits. */
export async function runJointLoop<Gamma>(
  setup: LoopSetup<Gamma>,
  hooks: LoopHooks = {},
): Promise<Architecture> {
  const { space, settings, strategy, supernet, rng } = setup;
  const trainer = new WeightTrainer(supernet, settings);
  const architecture = hooks.resume?.architecture ?? createArchitecture(space);
  const half = Math.floor(settings.images / 2);
  const halves = [indexRange(0, half), indexRange(half, 2 * half)] as const;
  const epochs = settings.floatEpochs + settings.quantizedEpochs + settings.searchEpochs;
  const stepsPerEpoch = Math.floor(half / settings.batchSize);
  const steps = epochs * stepsPerEpoch;
  let table: CostTable | undefined;

  const weightPaths = (
    phase: TraceRecord['phase'],
    temperature: number,
    chance: Rng,
  ): LayerPath[] => {
    const path = phase === 'joint' ? strategy.weightPath : uniformPath;
    const samples = drawSamples(
      architecture,
      { path, bits: strategy.weightBits },
      temperature,
      chance,
    );
    return samples.map(({ path: { active }, bits }, layer) => {
      const blocks = [at(at(supernet.layers, layer).candidates, at(active, 0))];
      if (phase === 'float') return { blocks };
      return { blocks, mixture: { widths: space.bits, shares: bits.forward } };
    });
  };

  const refresh = (): CostTable => {
    // Without the accelerator axis the table stays that of the first choices, whenever it is made.
    const { accelerator } = strategy.axes;
    if (table !== undefined && !accelerator) return table;
    const current = accelerator ? architecture : createArchitecture(space);
    table = setup.costModel.tabulate(deriveChoices(space, current));
    return table;
  };

  const architectureStep = (
    index: number,
    indices: readonly number[],
    temperature: number,
    chance: Rng,
  ): Partial<TraceRecord> => {
    const due = index === 0 || (settings.refreshSteps > 0 && index % settings.refreshSteps === 0);
    const current = due || table === undefined ? refresh() : table;
    const { cost } = setup;
    const context = { supernet, space, strategy, architecture, table: current, cost };
    const numbers = { adam: settings.logits, paths: settings.paths };
    const outcome = stepArchitecture(
      { ...context, ...numbers },
      setup.images,
      indices,
      temperature,
      chance,
    );
    return {
      validationLoss: rounded(outcome.loss),
      expectedCycles: rounded(outcome.expectedCycles),
      penalty: rounded(outcome.penalty),
      epochCycles: current.epochCycles,
      sampled: nameOf(space, supernet, outcome.samples),
      derived: namesOf(deriveChoices(space, architecture)),
    };
  };

  try {
    if (hooks.resume !== undefined) trainer.restore(hooks.resume.arrays);
    for (let epoch = hooks.resume?.epoch ?? 0; epoch < epochs; epoch += 1) {
      // A stream of its own per epoch, so that resuming needs no generator's state.
      const chance = rng.fork(`epoch ${epoch}`);
      const phase = phaseOf(settings, epoch);
      const jointEpoch = Math.max(0, epoch - settings.floatEpochs - settings.quantizedEpochs);
      const temperature = settings.temperature * settings.temperatureDecay ** jointEpoch;
      const [training, validation] = halves.map((indices) =>
        shuffledBatches(indices, settings.batchSize, chance),
      );
      for (const [b, indices] of (training ?? []).entries()) {
        const step = epoch * stepsPerEpoch + b;
        const rates = {
          weights: cosineRate(settings.learningRate, step, steps),
          clips: cosineRate(settings.clipLearningRate, step, steps),
        };
        const loss = trainer.step(
          setup.images,
          indices,
          weightPaths(phase, temperature, chance),
          rates,
        );
        const learned =
          phase === 'joint'
            ? architectureStep(b, at(validation ?? [], b), temperature, chance)
            : {};
        hooks.onTrace?.({
          step: step + 1,
          epoch: epoch + 1,
          phase,
          temperature: rounded(temperature),
          loss: rounded(loss),
          ...learned,
        });
        if (!Number.isFinite(loss + (learned.validationLoss ?? 0)))
          throw divergedError('search', epoch);
        hooks.onStep?.({ step: step + 1, steps, loss });
        // Signals and timers are served between steps; the steps themselves are synchronous.
        await setImmediate();
        hooks.signal?.throwIfAborted();
      }
      hooks.onEpoch?.({ epoch: epoch + 1, architecture, arrays: trainer.state() });
    }
    return architecture;
  } finally {
    trainer.dispose();
  }
}
