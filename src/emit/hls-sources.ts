// The HLS C++ of a plan: the static library, the chunks' shapes, and the top function.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HardwarePlan } from '../lower/plan.ts';
import { projectRoot } from '../util/paths.ts';
import { chunkLabel, chunkParameters, moduleNames } from './netlist.ts';
import { defineTemplate } from './template.ts';

interface ChunkView {
  readonly index: number;
  readonly label: string;
  /** Beats from the program window's start to this chunk's part. */
  readonly programBeat: number;
  readonly parameters: readonly { readonly name: string; readonly value: number }[];
}

interface DesignView {
  readonly designName: string;
  readonly hash: string;
  readonly topName: string;
  readonly busBits: number;
  readonly chunkCount: number;
  readonly chunks: readonly ChunkView[];
}

const renderHeader = defineTemplate<DesignView>('hls/design.hpp.hbs');
const renderSource = defineTemplate<DesignView>('hls/design.cpp.hbs');

/** Bytes of one chunk's part of the program window (hw/rtl/nba_csr.sv). */
const CHUNK_WINDOW_BYTES = 2 ** 19;

/** The library of hw/hls: file name -> text. */
export function readHlsLibrary(): ReadonlyMap<string, string> {
  const folder = join(projectRoot, 'hw', 'hls');
  const names = readdirSync(folder).filter((name) => /\.[ch]pp$/.test(name));
  return new Map(names.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** Name of the function that HLS makes an IP of. */
export const hlsTop = (plan: HardwarePlan): string => `${moduleNames(plan).wrapper}_hls`;

/** Everything that C simulation compiles, by path within the generated directory. */
export function hlsSources(plan: HardwarePlan): ReadonlyMap<string, string> {
  const view: DesignView = {
    designName: moduleNames(plan).wrapper,
    hash: plan.hash,
    topName: hlsTop(plan),
    busBits: plan.busBits,
    chunkCount: plan.chunks.length,
    chunks: plan.chunks.map(({ chunk }, index) => ({
      index,
      label: chunkLabel(chunk),
      programBeat: (index * CHUNK_WINDOW_BYTES * 8) / plan.busBits,
      parameters: [
        ...chunkParameters(plan, index),
        { name: 'FabricMultiply', value: chunk.multiplier === 'lut' ? 1 : 0 },
      ],
    })),
  };
  const files = [...readHlsLibrary()].map(([name, text]) => [`hls/${name}`, text] as const);
  return new Map([
    ...files,
    ['hls/design.hpp', renderHeader(view)],
    ['hls/design.cpp', renderSource(view)],
  ]);
}
