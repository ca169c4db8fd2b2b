// Loads TensorFlow once, with everything pinned that could change a sum's order between two runs.

import { createRequire } from 'node:module';
import type * as tfjs from '@tensorflow/tfjs-node';
import { supplyRemovedNodeFunctions } from '../util/node-compat.ts';

export type Tensor = tfjs.Tensor;
export type Variable = tfjs.Variable;

/**
 * The library reads these when the addon loads, so they are set before it does. One value set by the user wins, and is
 * recorded: another thread count, or oneDNN, sums in another order and gives other weights from the same seed.
 */
const pinned = {
  TF_NUM_INTRAOP_THREADS: '2',
  TF_NUM_INTEROP_THREADS: '1',
  TF_ENABLE_ONEDNN_OPTS: '0',
  TF_CPP_MIN_LOG_LEVEL: '2',
} as const;

/** What limits reproduction of a run's bytes: backend, library version and thread settings. */
export interface EngineRecord {
  readonly backend: string;
  readonly version: string;
  readonly intraThreads: string;
  readonly interThreads: string;
  readonly oneDnn: string;
}

function pinEnvironment(): void {
  for (const [name, value] of Object.entries(pinned)) process.env[name] ??= value;
  supplyRemovedNodeFunctions();
}

function load(): { readonly library: typeof tfjs; readonly native: boolean } {
  pinEnvironment();
  const require = createRequire(import.meta.url);
  try {
    return { library: require('@tensorflow/tfjs-node') as typeof tfjs, native: true };
  } catch (cause) {
    if (process.env.AUTONBA_REQUIRE_NATIVE === '1') throw cause;
    // The pure JavaScript backend is about 125 times slower: enough for tests, not for a search.
    const beside = createRequire(require.resolve('@tensorflow/tfjs-node/package.json'));
    return { library: beside('@tensorflow/tfjs') as typeof tfjs, native: false };
  }
}

const loaded = load();

/** The library; only this room names it. */
export const tf = loaded.library;

/** False on the slow pure JavaScript fallback, where every native operation takes its plain form. */
export const isNative = loaded.native;

/** The settings this process runs under, to be kept with a run's results. */
export function engineRecord(): EngineRecord {
  return {
    backend: tf.getBackend(),
    version: tf.version['tfjs-core'],
    intraThreads: process.env.TF_NUM_INTRAOP_THREADS ?? '',
    interThreads: process.env.TF_NUM_INTEROP_THREADS ?? '',
    oneDnn: process.env.TF_ENABLE_ONEDNN_OPTS ?? '',
  };
}

/** Tensors alive; constant from step to step when nothing leaks. */
export function tensorCount(): number {
  return tf.memory().numTensors;
}

/** Bytes of all tensors alive. */
export function tensorBytes(): number {
  return tf.memory().numBytes;
}

/** Runs `work`, frees every tensor it made but those in what it returns. */
export function tidy<T>(work: () => T): T {
  return tf.tidy(work as () => tfjs.TensorContainer) as T;
}

/** Exempts a tensor from the tidy around it; whoever keeps it must release it. */
export function keep(tensor: Tensor): Tensor {
  return tf.keep(tensor);
}

/** Frees tensors and variables. */
export function release(tensors: readonly Tensor[]): void {
  for (const tensor of tensors) tensor.dispose();
}

/** A tensor from numbers. */
export function tensorFrom(values: Float32Array | Int32Array, shape: readonly number[]): Tensor {
  return tf.tensor(values, [...shape], values instanceof Int32Array ? 'int32' : 'float32');
}

/** A trainable tensor from numbers. */
export function variableFrom(values: Float32Array, shape: readonly number[]): Variable {
  return tf.tidy(() => tf.variable(tf.tensor(values, [...shape], 'float32')));
}

/** Numbers of a tensor. */
export function valuesOf(tensor: Tensor): Float32Array {
  return tensor.dataSync<'float32'>();
}
