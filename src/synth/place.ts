// nextpnr on one synthesized chunk: its clock, its critical path and what it fills, read from the report by field names.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { PipelineRegisters } from '../accelerator/accelerator.ts';
import { InvalidConfigError, ToolMissingError } from '../util/errors.ts';
import { runTool } from '../util/tools.ts';
import type { Placer } from './family.ts';

/** What place and route made of a chunk. */
export interface Placement {
  readonly part: string;
  readonly maxFrequencyMHz: number;
  readonly criticalPath: {
    /** Cells as yosys names them: instances from the chunk downwards, joined by dots. */
    readonly from: string;
    readonly to: string;
    readonly nanoseconds: number;
  };
  /** Per kind of cell of the part. */
  readonly utilization: Readonly<
    Record<string, { readonly used: number; readonly available: number }>
  >;
  readonly pipeline: PipelineRegisters;
}

const end = z.object({ cell: z.string() });
const report = z.object({
  fmax: z.record(z.string(), z.object({ achieved: z.number() })),
  critical_paths: z.array(
    z.object({
      from: z.string(),
      path: z.array(z.object({ delay: z.number(), from: end, to: end })).min(1),
    }),
  ),
  utilization: z.record(z.string(), z.object({ used: z.number(), available: z.number() })),
});

/** @throws InvalidConfigError where the text is not a report with a clock and its critical path */
export function parseReport(text: string, file: string): Omit<Placement, 'part' | 'pipeline'> {
  const remedy = 'nextpnr 0.11 is known to work; report other versions that do not';
  const parsed = report.safeParse(JSON.parse(text));
  if (!parsed.success)
    throw new InvalidConfigError(
      `${file} is no timing report: ${parsed.error.issues[0]?.message}`,
      remedy,
    );
  const { fmax, critical_paths: paths, utilization } = parsed.data;
  const [clock] = Object.entries(fmax).sort(([, a], [, b]) => a.achieved - b.achieved);
  // Paths from and to pins have other names: a chunk's own begin and end at its clock.
  const path = paths.find(({ from }) => clock !== undefined && from.endsWith(clock[0]))?.path;
  const [first] = path ?? [];
  const last = path?.[path.length - 1];
  if (clock === undefined || path === undefined || first === undefined || last === undefined)
    throw new InvalidConfigError(`${file} names no clock with a critical path`, remedy);
  return {
    maxFrequencyMHz: clock[1].achieved,
    criticalPath: {
      from: first.from.cell,
      to: last.to.cell,
      nanoseconds: path.reduce((sum, { delay }) => sum + delay, 0),
    },
    utilization,
  };
}

/** Places and routes what a chunk's script left beside it. */
export async function placeChunk(
  folder: string,
  stem: string,
  placer: Placer,
  targetMHz: number | undefined,
  signal?: AbortSignal,
): Promise<Omit<Placement, 'part' | 'pipeline'>> {
  const file = `${stem}_timing.json`;
  const args = [
    ...placer.args,
    ...['--json', `${stem}.json`, '--report', file, '--quiet', '--seed', '1'],
    // A missed target is an answer, not a failure.
    ...['--timing-allow-fail', ...(targetMHz === undefined ? [] : ['--freq', String(targetMHz)])],
  ];
  const options = {
    cwd: folder,
    remedy: `run \`${placer.tool} ${args.join(' ')}\` in ${folder} to see all it prints`,
    ...(signal === undefined ? {} : { signal }),
  };
  try {
    await runTool(placer.tool, args, options);
  } catch (error) {
    if (!(error instanceof ToolMissingError)) throw error;
    await runTool(`yowasp-${placer.tool}`, args, options).catch((second: unknown) => {
      if (!(second instanceof ToolMissingError)) throw second;
      throw new ToolMissingError(
        placer.tool,
        `install it, or \`pip install yowasp-${placer.tool}\`, and put it on PATH`,
      );
    });
  }
  return parseReport(readFileSync(join(folder, file), 'utf8'), file);
}
