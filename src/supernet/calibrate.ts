// What training leaves to be measured: where quantization steps start, batch norm's moments, the logits' step.

import type { ImageSet } from '../data/dataset.ts';
import { momentsOf, tensorFrom, tidy, valuesOf } from '../tensor/index.ts';
import { defined } from '../util/errors.ts';
import type { Affines, ChannelMoments } from './affine.ts';
import { loadBatch } from './batches.ts';
import { bestStep, thin } from './best-step.ts';
import type { TrainableNetwork, TrainedOperator } from './trainable-network.ts';

/** Values of a map that are enough to place a step. */
const sampleCount = 8192;

function setLogStep(variable: TrainedOperator['logStep'], steps: readonly number[]): void {
  tidy(() => variable.assign(tensorFrom(Float32Array.from(steps, Math.log), variable.shape)));
}

/** Weight steps of least squared error, channel by channel. */
export function startWeightSteps(trainable: TrainableNetwork): void {
  for (const trained of trainable.operators.values()) {
    const channels = trained.logStep.size;
    const values = tidy(() => valuesOf(trainable.kernelOf(trained, false)));
    const steps = Array.from({ length: channels }, (_, channel) => {
      const own = values.filter((_value, i) => i % channels === channel);
      return bestStep(own, trained.levels);
    });
    setLogStep(trained.logStep, steps);
  }
}

/** Tensor steps of least squared error on the float network's own values. */
export function startTensorSteps(
  trainable: TrainableNetwork,
  set: ImageSet,
  indices: readonly number[],
): void {
  tidy(() => {
    const { images } = loadBatch(set, indices);
    trainable.forward(images, {
      quantize: false,
      observe: (kind, name, value) => {
        const tensor = trainable.tensors.get(name);
        const operator = trainable.network.operators.find(({ output }) => output === name);
        // Pool and shuffle share the quantizer of what they read.
        if (kind !== 'tensor' || tensor === undefined || operator?.kind === 'globalAveragePool')
          return;
        setLogStep(tensor.logStep, [bestStep(thin(valuesOf(value), sampleCount), tensor.levels)]);
      },
    });
  });
}

/**
 * Moments of every convolution's sums over the given batches, all layers normalizing by their batch meanwhile. The
 * variance is that of all values together: the batches' variances plus the variance of their means.
 */
export function measureMoments(
  trainable: TrainableNetwork,
  set: ImageSet,
  batches: readonly (readonly number[])[],
  quantize: boolean,
): Map<string, ChannelMoments> {
  const totals = new Map<string, { mean: Float64Array; square: Float64Array }>();
  for (const indices of batches) {
    tidy(() => {
      const { images } = loadBatch(set, indices);
      const observe = (
        kind: string,
        name: string,
        value: Parameters<typeof momentsOf>[0],
      ): void => {
        if (kind !== 'sums') return;
        const { mean, variance } = momentsOf(value);
        const [means, variances] = [valuesOf(mean), valuesOf(variance)];
        const total = totals.get(name) ?? {
          mean: new Float64Array(means.length),
          square: new Float64Array(means.length),
        };
        means.forEach((m, i) => {
          total.mean[i] = (total.mean[i] ?? 0) + m / batches.length;
          total.square[i] = (total.square[i] ?? 0) + ((variances[i] ?? 0) + m * m) / batches.length;
        });
        totals.set(name, total);
      };
      trainable.forward(images, { quantize, observe });
    });
  }
  const moments = new Map<string, ChannelMoments>();
  for (const [name, { mean, square }] of totals) {
    const variance = square.map((value, i) => Math.max(0, value - (mean[i] ?? 0) ** 2));
    moments.set(name, { mean, variance });
  }
  return moments;
}

/** Sets the logits' step so that the largest seen on these batches just fits. */
export function placeLogitStep(
  trainable: TrainableNetwork,
  set: ImageSet,
  batches: readonly (readonly number[])[],
  affines: Affines,
): void {
  const logits = defined(trainable.tensors.get(trainable.network.output), 'logits');
  const largest = batches.map((indices) => {
    const values = tidy(() => {
      const { images } = loadBatch(set, indices);
      return valuesOf(trainable.forward(images, { quantize: true, affines }));
    });
    return values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
  });
  setLogStep(logits.logStep, [Math.max(...largest) / logits.levels.high]);
}
