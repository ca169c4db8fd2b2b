// The static SystemVerilog library: its files in compile order.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../util/paths.ts';

const folder = join(projectRoot, 'hw', 'rtl');

/** File name -> text; the package first, then alphabetical, because modules may come in any order. */
export function readLibrary(): ReadonlyMap<string, string> {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.sv'))
    .sort((a, b) => Number(b === 'nba_pkg.sv') - Number(a === 'nba_pkg.sv') || (a < b ? -1 : 1));
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** Lint waivers of the library, each with its reason. */
export function readWaivers(): string {
  return readFileSync(join(projectRoot, 'hw', 'lint', 'verilator.vlt'), 'utf8');
}

/** The simulation harness. */
export function readHarness(): string {
  return readFileSync(join(projectRoot, 'sim', 'harness', 'harness.cpp'), 'utf8');
}
