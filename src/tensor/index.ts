// What other rooms may do with tensors; the library itself stays in here.

export {
  batchNorm,
  type Moments,
  momentsOf,
  varianceEpsilon,
} from './batch-norm.ts';
export { type BitMixture, mixActivations, mixWeights } from './composite.ts';
export {
  averageOverMap,
  convolve,
  convolveDepthwise,
  multiply,
  product,
  shuffleChannels,
  sliceKernel,
  sliceVector,
  sum,
} from './convolve.ts';
export { decodeImage } from './decode-image.ts';
export {
  type EngineRecord,
  engineRecord,
  isNative,
  keep,
  release,
  type Tensor,
  tensorBytes,
  tensorCount,
  tensorFrom,
  tidy,
  type Variable,
  valuesOf,
  variableFrom,
} from './engine.ts';
export { mixOutputs, selectFirst } from './gate.ts';
export { at, detached, gradientsOf, type LossGradients } from './gradient.ts';
export { learnedStep, learnedStepPerChannel } from './learned-step.ts';
export { type LevelForm, type Levels, levelsOf } from './levels.ts';
export { countCorrect, crossEntropy, predictions } from './loss.ts';
export {
  cosineRate,
  createAdam,
  createMomentum,
  type Optimizer,
  type OptimizerState,
} from './optimizer.ts';
export { relu6 } from './relu6.ts';
