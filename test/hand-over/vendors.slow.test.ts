// The scripts for vendors' tools, run against stand-ins: command lines, commands, files and their order.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateDirectory } from '../../src/emit/generate.ts';
import { writeSourceTree } from '../../src/emit/source-tree.ts';
import { defaultMemory } from '../../src/schedule/memory.ts';
import { goldenDesign } from '../emit/golden-design.ts';
import { makeWith } from './stand-ins.ts';

const hasYosys = execaSync('yosys', ['-V'], { reject: false }).exitCode === 0;
let folder = '';
let rtl: string[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'autonba-vendors-'));
  const targets = ['verilog', 'hls'];
  const tree = generateDirectory(goldenDesign('Layer X'), defaultMemory, undefined, targets);
  rtl = [...tree.keys()].filter((path) => path.startsWith('rtl/'));
  writeSourceTree(folder, tree);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Names of commands in the order in which each first appears. */
const order = (journal: readonly string[]): string[] => [
  ...new Set(journal.map((line) => line.split(' ')[0] ?? '')),
];

describe.skipIf(!hasYosys)('stand-ins, run by the Tcl of yosys', () => {
  test('vivado makes a project of every source and the clock, then reports', async () => {
    const run = await makeWith('vivado', folder, 'vivado');
    expect([run.exitCode, run.journal.filter((line) => line.startsWith('ERROR'))]).toEqual([0, []]);
    const sources = run.journal.find((line) => line.startsWith('add_files -norecurse')) ?? '';
    for (const path of rtl) expect(sources).toContain(path);
    expect(run.journal[0]).toMatch(/^create_project -force layer_x .* -part xc7z020clg400-1$/);
    expect(run.journal).toContain('set_property top layer_x {}');
    expect(order(run.journal)).toEqual([
      ...['create_project', 'add_files', 'current_fileset', 'set_property', 'update_compile_order'],
      ...['get_runs', 'launch_runs', 'wait_on_run', 'get_property', 'open_run'],
      ...['report_utilization', 'report_timing_summary', 'get_timing_paths'],
    ]);
  });

  test('missed timing is a failure that names the report', async () => {
    const run = await makeWith('vivado', folder, 'vivado', '-0.4');
    expect(run.exitCode).not.toBe(0);
    expect(run.journal.at(-1)).toBe('ERROR: timing is not met; see syn/vivado/timing.txt');
  });

  test('a source that is missing is noticed', async () => {
    const other = mkdtempSync(join(tmpdir(), 'autonba-vendors-'));
    const tree = new Map(generateDirectory(goldenDesign('Layer X'), defaultMemory));
    tree.delete('rtl/nba_store.sv');
    writeSourceTree(other, tree);
    const run = await makeWith('quartus_sh', other, 'quartus');
    rmSync(other, { recursive: true, force: true });
    expect(run.exitCode).not.toBe(0);
    expect(run.journal.at(-1)).toMatch(/^ERROR: no file ".*\/rtl\/nba_store.sv"$/);
  });

  test('the IP has its clock, its reset, its interrupt and every AXI interface', async () => {
    const run = await makeWith('vivado', folder, 'ip');
    expect([run.exitCode, run.journal.filter((line) => line.startsWith('ERROR'))]).toEqual([0, []]);
    const inferred = run.journal.filter((line) => line.startsWith('ipx::infer_bus_interface'));
    expect(inferred.map((line) => line.split(' ')[1])).toEqual(['aclk', 'aresetn', 'irq']);
    const buses = run.journal.filter((line) => line.startsWith('ipx::associate_bus_interfaces'));
    expect(buses.map((line) => line.split(' ')[2])).toEqual(['s_axi', 'm00_axi']);
    expect(order(run.journal).slice(-4)).toEqual([
      ...['ipx::create_xgui_files', 'ipx::update_checksums'],
      ...['ipx::check_integrity', 'ipx::save_core'],
    ]);
  });

  test('quartus gets every source once, and the clock', async () => {
    const run = await makeWith('quartus_sh', folder, 'quartus');
    expect([run.exitCode, run.journal.filter((line) => line.startsWith('ERROR'))]).toEqual([0, []]);
    const sources = run.journal.filter((line) => /_FILE /.test(line));
    expect(sources.length).toBe(rtl.length + 1);
    expect(run.journal).toContain('set_global_assignment -name TOP_LEVEL_ENTITY layer_x');
    expect(order(run.journal)).toEqual([
      ...['load_package', 'project_new', 'set_global_assignment', 'set_instance_assignment'],
      ...['execute_flow', 'project_close'],
    ]);
  });

  test('vitis_hls simulates, synthesizes, exports, in this order', async () => {
    const run = await makeWith('vitis_hls', join(folder, 'hls'), 'ip');
    expect([run.exitCode, run.journal.filter((line) => line.startsWith('ERROR'))]).toEqual([0, []]);
    expect(run.journal).toContain('set_top layer_x_hls');
    expect(run.journal).toContain('create_clock -period 10.000 -name default');
    expect(order(run.journal).slice(-3)).toEqual(['csim_design', 'csynth_design', 'export_design']);
  });
});

test.each([
  ['vivado', 'vivado was not found; install Vivado, or name it with VIVADO=PATH'],
  ['ip', 'vivado was not found; install Vivado, or name it with VIVADO=PATH'],
  ['quartus', 'quartus_sh was not found; install Quartus, or name it with QUARTUS=PATH'],
  ['-C hls ip', 'vitis_hls was not found; install Vitis HLS, or name it with VITIS_HLS=PATH'],
])('make %s without the tool is one sentence with the cure', async (target, sentence) => {
  const bare = mkdtempSync(join(tmpdir(), 'autonba-vendors-'));
  const targets = ['verilog', 'hls'];
  writeSourceTree(
    bare,
    generateDirectory(goldenDesign('Layer X'), defaultMemory, undefined, targets),
  );
  const run = await makeWith(null, bare, target);
  rmSync(bare, { recursive: true, force: true });
  expect(run.output).toContain(sentence);
  expect(run.output).toMatch(/Error 3/);
});
