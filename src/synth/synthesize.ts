// Every chunk of a generated directory through yosys: what it takes of an FPGA against what was predicted.

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  addResources,
  chunkResources,
  noResources,
  type ResourceName,
  type Resources,
  resourceNames,
} from '../cost/resources.ts';
import { lowerDesign } from '../lower/lower.ts';
import { defaultMemory } from '../schedule/memory.ts';
import { InvalidConfigError } from '../util/errors.ts';
import { pick } from '../util/pick.ts';
import { runTool } from '../util/tools.ts';
import { readGenerated } from '../verify/verify.ts';
import * as families from './families/index.ts';
import { type CellCounts, countLatches, countResources, type Family } from './family.ts';
import { parseStatistics } from './statistics.ts';

/** One resource as it was predicted and as it came out. */
export interface SynthesisRow {
  readonly resource: ResourceName;
  readonly predicted: number;
  readonly synthesized: number;
}

/** What synthesis found, as `autonba synth --json` prints it. */
export interface Synthesis {
  readonly family: string;
  /** Sums over the chunks; registers and epoch control beside them are not in either column. */
  readonly rows: readonly SynthesisRow[];
  readonly chunks: readonly { readonly name: string; readonly rows: readonly SynthesisRow[] }[];
  readonly latches: number;
  /** Known only after place and route. */
  readonly maxFrequencyMHz: number | null;
}

/** How synthesis is run. */
export interface SynthesisOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number, chunk: string) => void;
}

/**
 * Synthesizes each chunk of a generated directory.
 * @param folder what `autonba generate` wrote; statistics are left in its `syn/`
 * @throws UnknownNameError, ToolMissingError, ToolFailedError; InvalidConfigError where the directory is not whole
 */
export async function synthesize(
  folder: string,
  familyName: string,
  options: SynthesisOptions = {},
): Promise<Synthesis> {
  const family: Family = pick('family', families, familyName);
  const { design } = readGenerated(folder);
  // Latency of the memory changes cycles, not hardware.
  const plan = lowerDesign(design, defaultMemory);
  const chunks: { name: string; predicted: Resources; synthesized: Resources }[] = [];
  let latches = 0;
  for (const [index, room] of plan.chunks.entries()) {
    const { chunk } = room;
    options.onProgress?.(index, plan.chunks.length, chunk.name);
    const cells = await synthesizeChunk(folder, index, family, options.signal);
    latches += countLatches(family, cells);
    chunks.push({
      name: chunk.name,
      predicted: chunkResources(chunk, room, plan.busBits),
      synthesized: countResources(family, cells),
    });
  }
  const sum = (key: 'predicted' | 'synthesized') =>
    chunks.map((chunk) => chunk[key]).reduce(addResources, noResources);
  return {
    family: familyName,
    rows: rowsOf(sum('predicted'), sum('synthesized')),
    chunks: chunks.map(({ name, predicted, synthesized }) => ({
      name,
      rows: rowsOf(predicted, synthesized),
    })),
    latches,
    maxFrequencyMHz: null,
  };
}

function rowsOf(predicted: Resources, synthesized: Resources): SynthesisRow[] {
  return resourceNames.map((resource) => ({
    resource,
    predicted: predicted[resource],
    synthesized: synthesized[resource],
  }));
}

async function synthesizeChunk(
  folder: string,
  index: number,
  family: Family,
  signal: AbortSignal | undefined,
): Promise<CellCounts> {
  const stem = `syn/chunk_${index}_${family.suffix}`;
  const script = join(folder, `${stem}.ys`);
  if (!existsSync(script)) {
    throw new InvalidConfigError(`"${script}" is missing`, 'generate the directory again');
  }
  const statistics = join(folder, `${stem}.stat`);
  // What an earlier run left must not pass for this one's.
  rmSync(statistics, { force: true });
  await runTool('yosys', ['-q', `${stem}.ys`], {
    cwd: folder,
    remedy: `run \`yosys ${stem}.ys\` in ${folder} to see all it prints`,
    ...(signal === undefined ? {} : { signal }),
  });
  if (!existsSync(statistics)) {
    throw new InvalidConfigError(
      `"${script}" wrote no ${stem}.stat`,
      'generate the directory again',
    );
  }
  return parseStatistics(readFileSync(statistics, 'utf8'), statistics);
}
