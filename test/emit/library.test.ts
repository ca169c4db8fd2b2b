// The library and its index: nothing is emitted that hw/README.md does not list, and no bench is forgotten.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readLibrary } from '../../src/emit/library.ts';
import { projectRoot } from '../../src/util/paths.ts';

const modules = [...readLibrary().keys()].map((file) => file.replace(/\.sv$/, '')).sort();
const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8');

test('the package comes first, so that any tool compiles the files in this order', () => {
  expect([...readLibrary().keys()][0]).toBe('nba_pkg.sv');
});

test('hw/README.md has one row for every module', () => {
  const rows = [...read('hw/README.md').matchAll(/^\| `(nba_\w+)` \|/gm)].map(([, name]) => name);
  expect(rows.sort()).toEqual(modules);
});

test('a file holds the one module it is named for, and begins with its contract', () => {
  for (const name of modules) {
    const text = read(`hw/rtl/${name}.sv`);
    const declared = [...text.matchAll(/^(?:module|package) (\w+)/gm)].map(([, found]) => found);
    expect(declared).toEqual([name]);
    expect(`${name}: ${text.startsWith('// ')}`).toBe(`${name}: true`);
  }
});

test('every bench in sim/unit is for a module, and is run', () => {
  const benches = readdirSync(join(projectRoot, 'sim/unit'))
    .filter((file) => file.endsWith('.cpp'))
    .map((file) => file.replace(/\.cpp$/, ''));
  expect(benches.filter((name) => !modules.includes(name))).toEqual([]);
  const run = new Set(
    [...read('test/rtl/unit.test.ts').matchAll(/module: '(\w+)'/g)].map(([, name]) => name),
  );
  expect([...run].sort()).toEqual(benches.sort());
});
