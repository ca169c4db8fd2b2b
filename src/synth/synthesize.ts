// Every chunk of a generated directory through yosys, and nextpnr where asked: what it takes of an FPGA against what was
// predicted, and how fast it can be clocked.

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { noRegisters, type PipelineRegisters } from '../accelerator/accelerator.ts';
import {
  addResources,
  missingOf,
  noResources,
  type ResourceName,
  type Resources,
  resourceNames,
} from '../cost/resources.ts';
import { type SynthesisFamily, synthesisScript, synthesisStem } from '../emit/synthesis.ts';
import { lowerDesign } from '../lower/lower.ts';
import type { HardwarePlan } from '../lower/plan.ts';
import { defaultMemory } from '../schedule/memory.ts';
import { DoesNotFitError, defined, InvalidConfigError } from '../util/errors.ts';
import { writeFileAtomic } from '../util/json.ts';
import { pick } from '../util/pick.ts';
import { runTool } from '../util/tools.ts';
import { readGenerated } from '../verify/verify.ts';
import * as families from './families/index.ts';
import {
  type CellCounts,
  countLatches,
  countResources,
  type Family,
  type Placer,
} from './family.ts';
import { type Placement, placeChunk } from './place.ts';
import { withOneMore } from './registers.ts';
import { parseStatistics } from './statistics.ts';

/** One resource as it was predicted and as it came out. */
export interface SynthesisRow {
  readonly resource: ResourceName;
  readonly predicted: number;
  readonly synthesized: number;
}

/** One chunk. */
export interface SynthesizedChunk {
  readonly name: string;
  /** Multipliers of its array. */
  readonly lanes: number;
  readonly rows: readonly SynthesisRow[];
  /** Only where asked for; the registers are the first that reach the target, or the last that helped. */
  readonly placement?: Placement;
}

/** What synthesis found, as `autonba synth --json` prints it. */
export interface Synthesis {
  readonly family: string;
  /** Sums over the chunks; registers and epoch control beside them are not in either column. */
  readonly rows: readonly SynthesisRow[];
  readonly chunks: readonly SynthesizedChunk[];
  readonly latches: number;
  /** Of the slowest chunk; known only after place and route. */
  readonly maxFrequencyMHz: number | null;
}

/** How synthesis is run. */
export interface SynthesisOptions {
  /** Stops where DSP blocks and memories are mapped: LUTs and flip-flops are then not known. */
  readonly countsOnly?: boolean;
  /** Place and route as well. */
  readonly place?: boolean;
  /** Clock for which chunks are given pipeline registers, as long as one shortens the critical path. */
  readonly targetMHz?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number, chunk: string) => void;
}

/**
 * Synthesizes each chunk of a generated directory.
 * @param folder what `autonba generate` wrote; statistics are left in its `syn/`
 * @throws UnknownNameError, ToolMissingError, ToolFailedError; DoesNotFitError where a chunk is too large for the part;
 *   InvalidConfigError where the directory is not whole or nothing places for the family
 */
export async function synthesize(
  folder: string,
  familyName: string,
  options: SynthesisOptions = {},
): Promise<Synthesis> {
  const family: Family = pick('family', families, familyName);
  const name = familyName as SynthesisFamily;
  const { placer } = family;
  if (options.place === true && placer === undefined) {
    const others = Object.entries<Family>(families).filter(([, other]) => other.placer);
    throw new InvalidConfigError(
      `nothing here places and routes for ${familyName}`,
      `choose --family ${others.map(([other]) => other).join(' or ')}, or take the generated project to the vendor's tool`,
    );
  }
  const { design } = readGenerated(folder);
  // Latency of the memory changes cycles, not hardware.
  const plan = lowerDesign(design, defaultMemory);
  const chunks: (SynthesizedChunk & { readonly taken: Resources; readonly wanted: Resources })[] =
    [];
  let latches = 0;
  for (const [index, room] of plan.chunks.entries()) {
    const { chunk } = room;
    options.onProgress?.(index, plan.chunks.length, chunk.name);
    const stem = synthesisStem(index, name);
    const cells = await synthesizeChunk(folder, stem, options.signal, options.countsOnly);
    latches += countLatches(family, cells);
    const taken = countResources(family, cells);
    const wanted = family.predict(chunk, room, plan.busBits);
    const placement =
      options.place === true && placer !== undefined
        ? await closeTiming(folder, plan, index, name, placer, taken, options)
        : undefined;
    chunks.push({
      name: chunk.name,
      lanes: chunk.rows * chunk.outputs * chunk.inputs,
      rows: rowsOf(wanted, taken),
      ...(placement === undefined ? {} : { placement }),
      taken,
      wanted,
    });
  }
  const sum = (key: 'taken' | 'wanted') =>
    chunks.map((chunk) => chunk[key]).reduce(addResources, noResources);
  const clocks = chunks.flatMap(({ placement }) => placement?.maxFrequencyMHz ?? []);
  return {
    family: familyName,
    rows: rowsOf(sum('wanted'), sum('taken')),
    chunks: chunks.map(({ taken: _taken, wanted: _wanted, ...chunk }) => chunk),
    latches,
    maxFrequencyMHz: clocks.length === 0 ? null : Math.min(...clocks),
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
  stem: string,
  signal: AbortSignal | undefined,
  countsOnly = false,
): Promise<CellCounts> {
  const script = join(folder, `${stem}.ys`);
  if (!existsSync(script)) {
    throw new InvalidConfigError(`"${script}" is missing`, 'generate the directory again');
  }
  const statistics = join(folder, `${stem}.stat`);
  // What an earlier run left must not pass for this one's.
  rmSync(statistics, { force: true });
  const run = countsOnly ? `${stem}.counts.ys` : `${stem}.ys`;
  if (countsOnly)
    writeFileAtomic(
      join(folder, run),
      readFileSync(script, 'utf8')
        .replace(/^synth_.*$/m, '$& -run begin:map_ffram')
        // Bits of products that no one reads are not swept yet; what matters was checked before mapping.
        .replace(/^check -assert\n(tee .*\n)(?:.*\n)*/m, '$1'),
    );
  await runTool('yosys', ['-q', run], {
    cwd: folder,
    remedy: `run \`yosys ${run}\` in ${folder} to see all it prints`,
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

/** Places a chunk; below the target, once more with a register at the end of its critical path, while that helps. */
async function closeTiming(
  folder: string,
  plan: HardwarePlan,
  index: number,
  family: SynthesisFamily,
  placer: Placer,
  taken: Resources,
  { targetMHz, signal, onProgress }: SynthesisOptions,
): Promise<Placement> {
  const { chunk } = defined(plan.chunks[index], 'chunk');
  const missing = missingOf(taken, placer.has);
  if (Object.keys(missing).length > 0)
    throw new DoesNotFitError(
      `chunk "${chunk.name}" on the ${placer.part}`,
      missing,
      'choose a larger family (--family ecp5), fewer lanes or smaller buffers',
    );
  let pipeline: PipelineRegisters = chunk.pipeline ?? noRegisters;
  let best: Placement | undefined;
  for (;;) {
    const counts = Object.values(pipeline).join('');
    let stem = synthesisStem(index, family);
    if (best !== undefined) {
      stem = `${stem}_p${counts}`;
      const changed = plan.chunks.map((entry, k) =>
        k === index ? { ...entry, chunk: { ...entry.chunk, pipeline } } : entry,
      );
      const script = synthesisScript({ ...plan, chunks: changed }, index, family, stem);
      writeFileAtomic(join(folder, `${stem}.ys`), script);
      await synthesizeChunk(folder, stem, signal);
    }
    onProgress?.(index, plan.chunks.length, `${chunk.name}: place and route, registers ${counts}`);
    const found = await placeChunk(folder, stem, placer, targetMHz, signal);
    const placement = { ...found, part: placer.part, pipeline };
    if (best === undefined || placement.maxFrequencyMHz > best.maxFrequencyMHz) best = placement;
    if (targetMHz === undefined || best.maxFrequencyMHz >= targetMHz) return best;
    const next = withOneMore(pipeline, placement.criticalPath.to);
    if (next === undefined) return best;
    pipeline = next;
  }
}
