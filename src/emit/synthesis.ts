// The yosys script of one chunk on one family of FPGAs.

import type { HardwarePlan } from '../lower/plan.ts';
import { benchFiles } from './bench.ts';
import { chunkParameters, moduleNames } from './netlist.ts';
import { defineTemplate } from './template.ts';

const render = defineTemplate<{
  readonly designName: string;
  readonly hash: string;
  readonly index: number;
  readonly part: string;
  readonly command: string;
  readonly stem: string;
  readonly isPlaced: boolean;
  readonly rtl: readonly { readonly path: string }[];
  readonly parameters: readonly { readonly name: string; readonly value: number }[];
}>('syn/chunk.ys.hbs');

/** How yosys maps to each family, and whether nextpnr goes on from there. */
const mappings = {
  xc7: {
    part: 'a Xilinx 7 series part',
    command: 'synth_xilinx -family xc7 -noiopad -flatten -top nba_chunk',
    isPlaced: false,
  },
  ecp5: { part: 'a Lattice ECP5', command: 'synth_ecp5 -abc9 -top nba_chunk', isPlaced: true },
  ice40: {
    part: 'a Lattice iCE40 UltraPlus',
    command: 'synth_ice40 -dsp -top nba_chunk',
    isPlaced: true,
  },
} as const;

export type SynthesisFamily = keyof typeof mappings;
export const synthesisFamilies = Object.keys(mappings) as readonly SynthesisFamily[];

/** Path of a chunk's script without its ending; statistics and netlist are written beside it. */
export const synthesisStem = (index: number, family: SynthesisFamily): string =>
  `syn/chunk_${index}_${family}`;

/** The script, to be run in the generated directory. */
export function synthesisScript(
  plan: HardwarePlan,
  index: number,
  family: SynthesisFamily,
  stem = synthesisStem(index, family),
): string {
  const library = [...benchFiles(plan).keys()].filter((path) => path.startsWith('rtl/nba_'));
  return render({
    designName: moduleNames(plan).wrapper,
    hash: plan.hash,
    index,
    stem,
    ...mappings[family],
    rtl: library.map((path) => ({ path })),
    parameters: chunkParameters(plan, index),
  });
}
