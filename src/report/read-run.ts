// A run folder as the report's data: design.json, and whatever else the run has left so far.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as devices from '../accelerator/devices/index.ts';
import { readDesign } from '../cost/design-file.ts';
import { rulesOf } from '../cost/part-rules.ts';
import { acceleratorResources } from '../cost/resources.ts';
import { lowerDesign } from '../lower/lower.ts';
import { networkHash } from '../network/hash.ts';
import { defaultMemory, type Memory } from '../schedule/memory.ts';
import type { TraceRecord } from '../search/trace.ts';
import type { Choices } from '../supernet/space.ts';
import { projectRoot } from '../util/paths.ts';
import { namesOf, pick } from '../util/pick.ts';
import { readPictures } from './picture-file.ts';
import type { ReportData } from './report-data.ts';
import {
  manifestSchema,
  packageSchema,
  readLines,
  readOptional,
  searchSchema,
  synthesisSchema,
  traceSchema,
  verificationSchema,
} from './run-files.ts';

/** What may lie in a run, in the order of the links; missing files are not linked. */
const linked = [
  'generated/README.md',
  'generated/manifest.json',
  'generated/docs/registers.md',
  'generated/docs/memory-map.md',
  'generated/rtl',
  'design.json',
  'search.json',
  'verify.json',
  'synth.json',
  'trace.jsonl',
] as const;

/**
 * Reads a run.
 * @throws InvalidConfigError naming the file that is missing or cannot be what it should be
 */
export function readRun(folder: string, memory: Memory = defaultMemory): ReportData {
  const design = readDesign(join(folder, 'design.json'));
  const plan = lowerDesign(design, memory);
  const search = readOptional(join(folder, 'search.json'), searchSchema);
  const trace = readLines(join(folder, 'trace.jsonl'), traceSchema);
  const manifest = readOptional(join(folder, 'generated/manifest.json'), manifestSchema);
  const toolkit = readOptional(join(projectRoot, 'package.json'), packageSchema);
  const { device: name } = design.provenance;
  const device = namesOf(devices).includes(name) ? pick('device', devices, name) : undefined;
  return {
    design,
    prediction: plan.prediction,
    memory,
    device: device === undefined ? undefined : { ...device, name },
    resources: acceleratorResources(
      design.accelerator,
      plan.chunks,
      rulesOf(device ?? { family: 'xc7' }).count,
    ),
    synthesis: readOptional(join(folder, 'synth.json'), synthesisSchema),
    // Names of blocks are shown, not looked up: a run of a later version stays readable.
    search: search && { ...search, choices: search.choices as Choices | undefined },
    // JSON has no NaN: a loss that was one is null, and no point of the chart.
    trace: trace?.map((record) => ({ ...record, loss: record.loss ?? Number.NaN })) as
      | TraceRecord[]
      | undefined,
    verification: readOptional(join(folder, 'verify.json'), verificationSchema),
    pictures: readPictures(join(folder, 'images.json')),
    origins: [
      ['network SHA-256', networkHash(design.network)],
      ['design SHA-256', plan.hash],
      ...(manifest === undefined || manifest.hash === plan.hash
        ? []
        : [['generated/ is of another design', manifest.hash] as const]),
      ...(search?.engine === undefined
        ? []
        : [['training engine', `${search.engine.backend} ${search.engine.version}`] as const]),
      ['autonba', toolkit?.version ?? 'unknown'],
      ['node', process.version],
    ],
    files: linked.filter((path) => existsSync(join(folder, path))),
  };
}
