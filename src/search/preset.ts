// A space together with the numbers to search and train it; one data file per preset in presets/.

import type { Augmentation } from '../data/augment.ts';
import type { SearchSpace } from '../supernet/space.ts';
import type { TrainingOptions } from '../supernet/train-network.ts';
import type { AdamOptions } from './architecture.ts';

/** Numbers of the joint loop; every one can be overridden by a configuration. */
export interface SearchSettings {
  /** Training images used, half of them for weights and half for logits. */
  readonly images: number;
  readonly batchSize: number;
  /** Epochs of weights alone in floating point, then of weights alone with bits, then of both. */
  readonly floatEpochs: number;
  readonly quantizedEpochs: number;
  readonly searchEpochs: number;
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
  /** Adam's rate on the logarithms of activation clips. */
  readonly clipLearningRate: number;
  readonly logits: AdamOptions;
  readonly temperature: number;
  /** Factor on the temperature after each epoch of the joint part. */
  readonly temperatureDecay: number;
  /** K: paths that block logits learn from in one step. */
  readonly paths: number;
  /** lambda. */
  readonly costWeight: number;
  /** How cycles count where no target is given: by themselves, or by their logarithm. */
  readonly costForm: 'linear' | 'log';
  /** Architecture steps between solutions of gamma*, beside the one at each epoch's start; 0 for none. */
  readonly refreshSteps: number;
  /** Costs of choices are those of their own accelerators, not of gamma*: where a solution takes milliseconds. */
  readonly exchanges?: boolean;
  /** Likeliest networks that are tuned for an epoch and compared, in place of taking the likeliest. */
  readonly finalists?: number;
  /** How images that weights learn from are changed at random; not at all where absent. */
  readonly augment?: Augmentation;
}

/** A space, how its candidates own weights, how it is searched and how the result is trained. */
export interface Preset {
  readonly name: string;
  readonly summary: string;
  /** Data set that is taken where none is named. */
  readonly dataset: string;
  readonly space: SearchSpace;
  readonly encoding: string;
  readonly search: SearchSettings;
  readonly training: TrainingOptions;
}
