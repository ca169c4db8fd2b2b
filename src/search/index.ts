// What the rest of the toolkit may ask of the search.

export { exploredHardware, type HardwareOptions } from './explored-hardware.ts';
export type { Figure } from './figures.ts';
export * as figures from './figures.ts';
export type { Accuracy } from './final-training.ts';
export { type TrainedDesign, trainDesign } from './final-training.ts';
export type { GammaStar, HardwareOracle } from './hardware.ts';
export type { Preset, SearchSettings } from './preset.ts';
export * as presets from './presets/index.ts';
export {
  type SearchCallbacks,
  type SearchOptions,
  type SearchProgress,
  type SearchResult,
  searchDesign,
} from './search-design.ts';
export * as strategies from './strategies/index.ts';
export type { Strategy } from './strategy.ts';
export type { TraceRecord } from './trace.ts';
export { type WeightSource, weightSources } from './weight-sources.ts';
