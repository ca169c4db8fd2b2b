// One step of the shared weights along one sampled path.

import type { ImageSet } from '../data/dataset.ts';
import { type Augmenting, loadBatch } from '../supernet/batches.ts';
import type { LayerPath, Supernet } from '../supernet/supernet.ts';
import {
  at,
  createAdam,
  createMomentum,
  crossEntropy,
  gradientsOf,
  type Optimizer,
  tensorFrom,
  tidy,
  type Variable,
  valuesOf,
} from '../tensor/index.ts';
import type { SearchSettings } from './preset.ts';

/** Shared weights with their optimizers. */
export class WeightTrainer {
  private readonly supernet: Supernet;
  private readonly weights: readonly Variable[];
  private readonly clips: readonly Variable[];
  private readonly momentum: Optimizer;
  private readonly adam: Optimizer;

  constructor(supernet: Supernet, settings: SearchSettings) {
    this.supernet = supernet;
    const variables = supernet.weightVariables();
    this.weights = variables.map(({ variable }) => variable);
    this.clips = supernet.clipVariables();
    const decays = variables.map(({ isKernel }) => (isKernel ? settings.weightDecay : 0));
    this.momentum = createMomentum(this.weights, settings.momentum, decays);
    this.adam = createAdam(this.clips, 0.9, 0.999);
  }

  /** Cross-entropy before the step. Clips learn only where something is quantized. */
  step(
    set: ImageSet,
    indices: readonly number[],
    paths: readonly LayerPath[],
    rates: { readonly weights: number; readonly clips: number },
    augmenting?: Augmenting,
  ): number {
    const quantize = paths[0]?.mixture !== undefined;
    return tidy(() => {
      const { images, labels } = loadBatch(set, indices, augmenting);
      const { loss, gradients } = gradientsOf(
        () => crossEntropy(this.supernet.forward(images, paths), labels),
        quantize ? [...this.weights, ...this.clips] : this.weights,
      );
      this.momentum.step(gradients.slice(0, this.weights.length), rates.weights);
      if (quantize) this.adam.step(gradients.slice(this.weights.length), rates.clips);
      return valuesOf(loss)[0] ?? Number.NaN;
    });
  }

  /** Weights and moments, to go on from. */
  state(): Float32Array[] {
    const variables = [...this.weights, ...this.clips].map((variable) =>
      valuesOf(variable).slice(),
    );
    return [...variables, ...this.momentum.state(), ...this.adam.state()];
  }

  restore(arrays: readonly Float32Array[]): void {
    const variables = [...this.weights, ...this.clips];
    tidy(() => {
      variables.forEach((variable, i) => {
        variable.assign(tensorFrom(at(arrays, i), variable.shape));
      });
    });
    const rest = arrays.slice(variables.length);
    this.momentum.restore(rest.slice(0, 1));
    this.adam.restore(rest.slice(1));
  }

  dispose(): void {
    this.momentum.dispose();
    this.adam.dispose();
  }
}
