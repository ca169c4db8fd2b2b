// The joint loop: weights on one half of the training images, logits on the other, gamma* refreshed as it goes.

import { setImmediate } from 'node:timers/promises';
import type { ImageSet } from '../data/dataset.ts';
import { augmentingOf, indexRange, shuffledBatches } from '../supernet/batches.ts';
import type { Choices, SearchSpace } from '../supernet/space.ts';
import type { LayerPath, Supernet } from '../supernet/supernet.ts';
import { divergedError } from '../supernet/train-network.ts';
import { at, cosineRate, tensorCount, tidy } from '../tensor/index.ts';
import type { Rng } from '../util/rng.ts';
import { type Architecture, deriveChoices } from './architecture.ts';
import { drawSamples, type LayerSample, mixedPath } from './architecture-step.ts';
import { uniformPath } from './draws.ts';
import type { CostModel, CostTable } from './hardware.ts';
import type { CostTerm } from './objective.ts';
import type { SearchSettings } from './preset.ts';
import { largestChoices } from './reference.ts';
import type { Axes, Strategy } from './strategy.ts';
import type { TraceRecord } from './trace.ts';
import { WeightTrainer } from './weight-step.ts';

/** Shared weights and moments after an epoch; the architecture is the caller's own. */
export interface LoopState {
  readonly epoch: number;
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
export interface LoopSetup {
  readonly space: SearchSpace;
  readonly settings: SearchSettings;
  readonly strategy: Strategy;
  /** Stepped in place. */
  readonly architecture: Architecture;
  readonly supernet: Supernet;
  readonly costModel: CostModel<unknown>;
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

/** A step that leaves tensors behind would end a long search for want of memory. */
function assertSteady(before: number, step: number): void {
  const left = tensorCount() - before;
  if (left !== 0) throw new Error(`step ${step + 1} left ${left} tensors behind`);
}

/** What learns in an epoch: stages share the joint epochs, and warm-up belongs to the first. */
function axesOf({ stages }: Strategy, settings: SearchSettings, epoch: number): Axes {
  const joint = epoch - settings.floatEpochs - settings.quantizedEpochs;
  const stage = Math.floor((Math.max(0, joint) * stages.length) / settings.searchEpochs);
  return at(stages, Math.min(stage, stages.length - 1));
}

/** Trains shared weights and logits to the end, or from where `resume` left off. */
export async function runJointLoop(setup: LoopSetup, hooks: LoopHooks = {}): Promise<void> {
  const { space, settings, strategy, supernet, rng, architecture } = setup;
  const trainer = new WeightTrainer(supernet, settings);
  const half = Math.floor(settings.images / 2);
  const halves = [indexRange(0, half), indexRange(half, 2 * half)] as const;
  const epochs = settings.floatEpochs + settings.quantizedEpochs + settings.searchEpochs;
  const stepsPerEpoch = Math.floor(half / settings.batchSize);
  const steps = epochs * stepsPerEpoch;
  const largest = largestChoices(space);
  let table: CostTable | undefined;

  const weightPaths = (
    phase: TraceRecord['phase'],
    axes: Axes,
    temperature: number,
    chance: Rng,
  ): LayerPath[] => {
    const { mixed, weights } = strategy.paths;
    const path = phase === 'joint' || mixed ? weights : uniformPath;
    const draws = { path, bits: strategy.bits.weights };
    const samples = drawSamples(space, architecture, axes, draws, temperature, chance);
    return samples.map((sample, layer) => {
      const { candidates } = at(supernet.layers, layer);
      const { active } = sample.path;
      const blocks = (mixed ? active : active.slice(0, 1)).map((index) => at(candidates, index));
      const drawn = { blocks, ...mixedPath(sample, mixed) };
      if (phase === 'float') return drawn;
      return { ...drawn, mixture: { widths: space.bits, shares: sample.bits.forward } };
    });
  };

  const tableAt = (index: number): CostTable | undefined => {
    const { cost } = strategy;
    if (cost === undefined) return undefined;
    const { refreshSteps } = settings;
    const due = {
      always: true,
      scheduled: index === 0 || (refreshSteps > 0 && index % refreshSteps === 0),
      once: false,
    }[cost.renewal];
    if (due || table === undefined) {
      const choices = { standing: deriveChoices(space, architecture), largest };
      const { own } = architecture;
      table = cost.tabulate(setup.costModel, choices, own, settings.exchanges ?? false);
    }
    return table;
  };

  const architectureStep = (
    index: number,
    axes: Axes,
    indices: readonly number[],
    temperature: number,
    chance: Rng,
  ): Partial<TraceRecord> => {
    if (strategy.step === undefined) return {};
    const current = tableAt(index);
    const outcome = strategy.step(
      { ...setup, axes, table: current, adam: settings.logits, paths: settings.paths },
      indices,
      temperature,
      chance,
    );
    const { logits: own } = architecture.own;
    return {
      validationLoss: rounded(outcome.loss),
      expectedCycles: rounded(outcome.expectedCycles),
      penalty: rounded(outcome.penalty),
      ...(current === undefined ? {} : { epochCycles: current.epochCycles }),
      sampled: nameOf(space, supernet, outcome.samples),
      derived: namesOf(deriveChoices(space, architecture)),
      ...(own.length === 0 ? {} : { own: own.map(rounded) }),
    };
  };

  try {
    if (hooks.resume !== undefined) trainer.restore(hooks.resume.arrays);
    for (let epoch = hooks.resume?.epoch ?? 0; epoch < epochs; epoch += 1) {
      // A stream of its own per epoch, so that resuming needs no generator's state.
      const chance = rng.fork(`epoch ${epoch}`);
      const phase = phaseOf(settings, epoch);
      const axes = axesOf(strategy, settings, epoch);
      const { blocks, bits } = architecture.settled;
      if (phase === 'joint' && strategy.step !== undefined)
        architecture.settled = { blocks: blocks || axes.blocks, bits: bits || axes.bits };
      const jointEpoch = Math.max(0, epoch - settings.floatEpochs - settings.quantizedEpochs);
      const temperature = settings.temperature * settings.temperatureDecay ** jointEpoch;
      const [training, validation] = halves.map((indices) =>
        shuffledBatches(indices, settings.batchSize, chance),
      );
      const augmenting = augmentingOf(settings.augment, chance);
      for (const [b, indices] of (training ?? []).entries()) {
        const step = epoch * stepsPerEpoch + b;
        const rates = {
          weights: cosineRate(settings.learningRate, step, steps),
          clips: cosineRate(settings.clipLearningRate, step, steps),
        };
        for (const half of [training, phase === 'joint' ? validation : undefined])
          void setup.images.reader?.prefetch(half?.[b + 1] ?? []);
        const before = tensorCount();
        const loss = tidy(() =>
          trainer.step(
            setup.images,
            indices,
            weightPaths(phase, axes, temperature, chance),
            rates,
            augmenting,
          ),
        );
        const learned =
          phase === 'joint'
            ? architectureStep(b, axes, at(validation ?? [], b), temperature, chance)
            : {};
        assertSteady(before, step);
        hooks.onTrace?.({
          step: step + 1,
          epoch: epoch + 1,
          phase,
          temperature: rounded(temperature),
          loss: rounded(loss),
          ...learned,
        });
        if (!Number.isFinite(loss + (learned.validationLoss ?? 0)))
          throw divergedError('search', epoch, 'search.learningRate and start again');
        hooks.onStep?.({ step: step + 1, steps, loss });
        // Signals and timers are served between steps; the steps themselves are synchronous.
        await setImmediate();
        hooks.signal?.throwIfAborted();
      }
      if (phase === 'joint' && strategy.step !== undefined)
        architecture.proposals.push(deriveChoices(space, architecture));
      hooks.onEpoch?.({ epoch: epoch + 1, arrays: trainer.state() });
    }
  } finally {
    trainer.dispose();
  }
}
