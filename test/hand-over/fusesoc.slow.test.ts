// The generated FuseSoC core: every target is set up, lint and simulation really run.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateDirectory } from '../../src/emit/generate.ts';
import { writeSourceTree } from '../../src/emit/source-tree.ts';
import { defaultMemory } from '../../src/schedule/memory.ts';
import { projectRoot } from '../../src/util/paths.ts';
import { findTool, readToolsFile } from '../../src/util/tools.ts';
import { goldenDesign } from '../emit/golden-design.ts';

const timeout = 1_200_000;
const entry = readToolsFile().fusesoc as { path: string; pythonPath: string | null } | undefined;
const core = 'autonba:generated:layer_x:1.0.0';
const build = 'build/autonba_generated_layer_x_1.0.0';

describe.skipIf(entry === undefined)('FuseSoC', () => {
  let folder = '';
  let predicted: readonly { readonly cycles: number }[] = [];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'autonba-fusesoc-'));
    const tree = generateDirectory(goldenDesign('Layer X'), defaultMemory);
    writeSourceTree(folder, tree);
    const manifest = JSON.parse(String(tree.get('manifest.json'))) as {
      predicted: { layers: typeof predicted };
    };
    predicted = manifest.predicted.layers;
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs FuseSoC on one target of the core; `--setup` leaves the tool's project and runs nothing. */
  function fusesoc(...args: readonly string[]) {
    const { path, pythonPath } = entry ?? { path: '', pythonPath: null };
    const verilator = findTool('verilator');
    const at = (place: string) => resolve(projectRoot, place);
    return execa(at(path), ['--cores-root', '.', 'run', ...args, core], {
      cwd: folder,
      env: {
        PATH: [dirname(verilator.path), process.env.PATH].join(delimiter),
        ...(pythonPath === null ? {} : { PYTHONPATH: at(pythonPath) }),
        ...(verilator.root === null ? {} : { VERILATOR_ROOT: verilator.root }),
      },
      all: true,
    });
  }

  test.each([
    ['vivado', 'vivado', ['read_xdc', 'rtl/layer_x.v', 'xc7z020clg400-1']],
    ['quartus', 'quartus-quartus', ['SDC_FILE', 'rtl/layer_x.v', 'Cyclone V']],
    ['icestorm', 'icestorm', ['nextpnr-ice40', 'layer_x.pcf', '--up5k']],
    ['trellis', 'trellis', ['nextpnr-ecp5', 'layer_x.lpf', '--um5g-85k']],
    ['sim', 'sim', ['rtl/layer_x.v', 'tb/harness.cpp', '--top-module layer_x']],
  ])('sets up %s', { timeout }, async (target, place, wanted) => {
    await fusesoc('--setup', `--target=${target}`);
    const project = join(folder, build, place);
    const texts = readdirSync(project)
      .filter((name) => /Makefile|\.tcl$|\.vc$/.test(name))
      .map((name) => readFileSync(join(project, name), 'utf8'));
    for (const word of wanted) expect(texts.join('\n')).toContain(word);
    expect(existsSync(join(project, 'src'))).toBe(true);
  });

  test('lints without a warning', { timeout }, async () => {
    const { all } = await fusesoc('--target=lint');
    expect(all).toContain('V e r i l a t i o n   R e p o r t');
    expect(all).not.toContain('%Warning');
  });

  test('simulates: every tensor, and the cycles of the manifest', { timeout }, async () => {
    const { all } = await fusesoc('--target=sim');
    expect(all).toMatch(/all equal, \d+ cycles/);
    expect(all).not.toMatch(/DIFFERENT|FAILED/);
    const rows = all.split('\n').filter((line) => /^ {2}conv /.test(line));
    const [cycles] = predicted.map((layer) => layer.cycles);
    expect(rows.map((row) => row.trim().split(/ +/))).toEqual(
      rows.map(() => ['conv', '0', String(cycles), String(cycles)]),
    );
    expect(rows).toHaveLength(2);
  });
});
