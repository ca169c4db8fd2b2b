// Set-up as `npm start` and `npm test` call it; fetching itself is tried by every fresh clone.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { checkFashionMnist } from '../../setup/datasets.mjs';
import { checkOptionalTools } from '../../setup/optional.mjs';
import { checkNode } from '../../setup/packages.mjs';
import { checkCompiler, checkVerilator } from '../../setup/verilator.mjs';
import { cacheFolder, projectRoot } from '../../src/util/paths.ts';
import { readToolsFile } from '../../src/util/tools.ts';

test.each([
  ['18.20.0', false],
  ['20.18.1', false],
  ['20.19.0', true],
  ['22.0.0', true],
  ['26.1.0', true],
])('Node %s: %s', (version, ok) => {
  expect(checkNode(version).ok).toBe(ok);
});

test('an old Node is told what to install', () => {
  expect(checkNode('18.20.0')).toMatchInlineSnapshot(`
    {
      "detail": "Node 18.20.0 is too old",
      "name": "node",
      "ok": false,
      "remedy": "install Node 20.19 or newer from https://nodejs.org",
      "required": true,
    }
  `);
});

test('every check that fails says what to do', () => {
  const checks = [
    checkVerilator(),
    ...checkCompiler(),
    checkFashionMnist(),
    ...checkOptionalTools(),
  ];
  for (const { ok, detail, remedy } of checks) {
    expect(detail).not.toBe('');
    if (!ok) expect(remedy).toMatch(/\w/);
  }
});

// Set-up leaves no stamp where something could not be fetched, and says so itself.
describe.skipIf(!existsSync(join(cacheFolder, 'stamp.json')))('a second run', () => {
  test('takes less than two seconds, fetches nothing and says nothing', async () => {
    const start = performance.now();
    // An empty PATH: no npm, no pip, no compiler can be called.
    const run = await execa(process.execPath, ['setup.mjs'], {
      cwd: projectRoot,
      env: { PATH: '' },
      all: true,
    });
    expect(performance.now() - start).toBeLessThan(2000);
    expect([run.exitCode, run.all]).toEqual([0, '']);
  });

  test('has written down what the other rooms use', () => {
    expect(readToolsFile()).toMatchObject({
      verilator: { path: expect.any(String), version: expect.stringMatching(/^\d+\.\d+/) },
      cxx: { path: expect.any(String) },
      make: { path: expect.any(String) },
      tensorflow: { native: expect.any(Boolean) },
      data: { 'fashion-mnist': { folder: expect.any(String) } },
    });
  });
});
