// What a target is: it turns a lowered design into files.

import type { Design } from '../cost/design.ts';
import type { HardwarePlan } from '../lower/plan.ts';
import type { Memory } from '../schedule/memory.ts';
import type { SimulationCase } from './case-file.ts';
import type { SourceTree } from './source-tree.ts';

/** What a generated directory is made from. */
export interface TargetRequest {
  readonly design: Design;
  readonly plan: HardwarePlan;
  readonly memory: Memory;
  /** Runs that the generated benches repeat. */
  readonly cases: readonly SimulationCase[];
}

/** One entry of the registry `targets/index.ts`. */
export interface Target {
  readonly summary: string;
  /** Its own files, by path; what every directory has (emit/generate.ts) is not among them. */
  readonly emit: (request: TargetRequest) => SourceTree;
}
