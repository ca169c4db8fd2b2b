// A design becomes a directory: predictions first, simulation never before them.

import { createHash } from 'node:crypto';
import type { Design } from '../cost/design.ts';
import { designFiles } from '../cost/design-file.ts';
import { runInteger } from '../integer/run.ts';
import { lowerDesign } from '../lower/lower.ts';
import { randomImages } from '../network/random-network.ts';
import type { Memory } from '../schedule/memory.ts';
import { pick } from '../util/pick.ts';
import { createRng } from '../util/rng.ts';
import { commonFiles } from './documents.ts';
import { manifestText } from './manifest.ts';
import type { SourceTree } from './source-tree.ts';
import type { Target, TargetRequest } from './target.ts';
import * as targetRegistry from './targets/index.ts';

/** Images in the bench of a generated directory: enough to fill the pipeline of chunks and see it steady. */
const BENCH_IMAGES = 6;

/**
 * Emits the directory of a design, nothing on disk yet.
 * @param images stored integers of the input tensor for the bench; random ones where there are none
 * @param targets names from `targets/index.ts`
 * @throws UnknownNameError for a target there is not; AutoNbaError (exit code 1) for a design that cannot be lowered
 */
export function generateDirectory(
  design: Design,
  memory: Memory,
  images?: Int32Array | Uint8Array,
  targets: readonly string[] = ['verilog'],
): SourceTree {
  const chosen = targets.map((name): Target => pick('target', targetRegistry, name));
  const plan = lowerDesign(design, memory);
  const bench = images ?? randomImages(createRng(1), design.network, BENCH_IMAGES);
  const tensors = runInteger(design.network, bench, BENCH_IMAGES);
  const perImage = Math.max(plan.prediction.latencyCycles, plan.prediction.epochCycles);
  const common = {
    plan,
    memory,
    tensors,
    limitCycles: 100_000 + 8 * perImage * (BENCH_IMAGES + plan.depth),
  };
  const request: TargetRequest = {
    design,
    plan,
    memory,
    cases: [
      { ...common, mode: 'latency', images: 2 },
      { ...common, mode: 'throughput', images: BENCH_IMAGES },
    ],
  };
  const files = new Map(commonFiles(request, targets));
  for (const target of chosen)
    for (const [path, content] of target.emit(request)) files.set(path, content);
  for (const [path, content] of designFiles('design.json', design)) files.set(path, content);
  const hashes = Object.fromEntries(
    [...files]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, content]) => [path, createHash('sha256').update(content).digest('hex')]),
  );
  files.set('manifest.json', manifestText(request, hashes));
  return files;
}
