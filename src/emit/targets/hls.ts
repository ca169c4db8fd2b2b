// The HLS C++ target: sources, testbench on the same cases as the RTL, and a script for vitis_hls.

import { boardOf } from '../board.ts';
import { estimateDesign } from '../hls-estimate.ts';
import { hlsSources, hlsTop, readHlsLibrary } from '../hls-sources.ts';
import { label } from '../identifier.ts';
import { moduleNames } from '../netlist.ts';
import type { SourceTree } from '../source-tree.ts';
import type { Target, TargetRequest } from '../target.ts';
import { defineTemplate } from '../template.ts';

interface Header {
  readonly designName: string;
  readonly hash: string;
  readonly topName: string;
}

const renderMakefile = defineTemplate<
  Header & { readonly headers: readonly { readonly name: string }[] }
>('hls/makefile.hbs');

const renderScript = defineTemplate<
  Header & { readonly xilinxPart: string; readonly periodNanoseconds: string }
>('hls/run_hls.tcl.hbs');

const renderEstimate = defineTemplate<{
  readonly latencyCycles: number;
  readonly epochCycles: number;
  readonly layers: readonly Readonly<
    Record<'name' | 'cycles' | 'read' | 'array' | 'store' | 'write', string | number>
  >[];
}>('hls/estimate.txt.hbs');

function emitHls({ design, plan }: TargetRequest): SourceTree {
  const header = {
    designName: moduleNames(plan).wrapper,
    hash: plan.hash,
    topName: hlsTop(plan),
  };
  const headers = [...readHlsLibrary().keys()].filter((name) => name.endsWith('.hpp'));
  const { layers, latencyCycles, epochCycles } = estimateDesign(plan);
  return new Map<string, string | Uint8Array>([
    ...hlsSources(plan),
    ['hls/Makefile', renderMakefile({ ...header, headers: headers.map((name) => ({ name })) })],
    ['hls/run_hls.tcl', renderScript({ ...header, ...boardOf(design) })],
    [
      'hls/estimate.txt',
      renderEstimate({
        latencyCycles,
        epochCycles,
        layers: layers.map((layer, l) => ({
          name: label(plan.layers[l]?.plan.layer.name ?? ''),
          cycles: layer.totalCycles,
          read: layer.readCycles,
          array: layer.arrayCycles,
          store: layer.storeCycles,
          write: layer.writeCycles,
        })),
      }),
    ],
  ]);
}

export const hls = {
  summary: 'C++ for high-level synthesis, with a C testbench on the same cases',
  emit: emitHls,
} as const satisfies Target;
