// What programs that embed the toolkit may use.

export type { Accelerator, Chunk, Placement, Tile } from './accelerator/accelerator.ts';
export type { Device } from './accelerator/device.ts';
export * as devices from './accelerator/devices/index.ts';
export { type Design, type Prediction, planDesign, predict } from './cost/design.ts';
export { readDesign, writeDesign } from './cost/design-file.ts';
export { generateDirectory } from './emit/generate.ts';
export { type SourceTree, writeSourceTree } from './emit/source-tree.ts';
export { type ExploreResult, explore } from './explore/explore.ts';
export { accuracy, classify, runInteger } from './integer/run.ts';
export type { Network, Operator, Tensor } from './network/network.ts';
export { readNetwork, writeNetwork } from './network/network-file.ts';
export { findDesign, runWholePath, type SearchProblem, type Watcher } from './pipeline.ts';
export { defaultMemory, type Memory } from './schedule/memory.ts';
export { selfcheck } from './verify/selfcheck.ts';
export { readGenerated, type Verdict, verifyGenerated } from './verify/verify.ts';
