// Commands on PATH in the place of vendors' tools: they check what they are called with and run the script for its
// order and its files. No vendor tool is part of the tests.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

/** The tool's command line, as a pattern of the shell with SCRIPT where the script is named, and its commands. */
interface StandIn {
  readonly pattern: string;
  readonly commands: readonly string[];
}

const standIns = {
  // UG835.
  vivado: {
    pattern: '-mode batch -nojournal -log * -source SCRIPT',
    commands: [
      ...['create_project', 'add_files', 'set_property', 'current_fileset', 'update_compile_order'],
      ...['launch_runs', 'wait_on_run', 'get_runs', 'get_property', 'open_run'],
      ...['report_utilization', 'report_timing_summary', 'get_timing_paths'],
      ...['ipx::package_project', 'ipx::current_core', 'ipx::infer_bus_interface'],
      ...['ipx::get_bus_interfaces', 'ipx::associate_bus_interfaces', 'ipx::create_xgui_files'],
      ...['ipx::update_checksums', 'ipx::check_integrity', 'ipx::save_core'],
    ],
  },
  // Quartus Prime's scripting reference.
  quartus_sh: {
    pattern: '-t SCRIPT',
    commands: [
      ...['load_package', 'project_new', 'set_global_assignment', 'set_instance_assignment'],
      ...['execute_flow', 'project_close'],
    ],
  },
  // UG1399.
  vitis_hls: {
    pattern: '-f SCRIPT',
    commands: [
      ...['open_project', 'set_top', 'add_files', 'open_solution', 'set_part', 'create_clock'],
      ...['csim_design', 'csynth_design', 'export_design'],
    ],
  },
} as const satisfies Readonly<Record<string, StandIn>>;

/** What came of a make target. */
export interface VendorRun {
  readonly exitCode: number;
  readonly output: string;
  /** Commands of the script in order, and an ERROR line where it failed. */
  readonly journal: readonly string[];
}

/** Runs `make` in a folder with the stand-in on PATH, or with no vendor tool at all. */
export async function makeWith(
  tool: keyof typeof standIns | null,
  folder: string,
  target: string,
  slack = '0.125',
): Promise<VendorRun> {
  const bin = join(folder, 'stand-ins');
  mkdirSync(bin, { recursive: true });
  const journal = join(bin, 'journal');
  writeFileSync(journal, '');
  const tcl = fileURLToPath(new URL('./stand-ins/vendor.tcl', import.meta.url));
  let environment = {};
  if (tool !== null) {
    const { pattern, commands } = standIns[tool];
    // The last word is the script.
    const text = [
      '#!/bin/sh',
      `case "$*" in ${pattern.replace('SCRIPT', '*.tcl').replaceAll(' ', '\\ ')}) ;;`,
      `*) echo "unknown arguments: $*" >&2; exit 2;; esac`,
      'for last in "$@"; do :; done',
      `STAND_IN_SCRIPT="$last" exec yosys -Q -q -c ${tcl}`,
      '',
    ].join('\n');
    writeFileSync(join(bin, tool), text, { mode: 0o755 });
    environment = {
      STAND_IN_COMMANDS: commands.join(','),
      STAND_IN_JOURNAL: journal,
      STAND_IN_SLACK: slack,
    };
  }
  const run = await execa('make', ['-C', folder, ...target.split(' ')], {
    env: { PATH: [bin, process.env.PATH].join(delimiter), ...environment },
    reject: false,
    all: true,
  });
  return {
    exitCode: run.exitCode ?? -1,
    output: run.all,
    journal: existsSync(journal) ? readFileSync(journal, 'utf8').trim().split('\n') : [],
  };
}
