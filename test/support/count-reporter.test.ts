import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, expect, test } from 'vitest';
import { projectRoot } from '../../src/util/paths.ts';
import { closingLine } from './count-reporter.ts';

const folder = mkdtempSync(join(tmpdir(), 'autonba-reporter-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the closing line names skipped tests only where there are any', () => {
  expect(closingLine({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed');
  expect(closingLine({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
});

/** Runs Vitest on its own over one test file, and gives the last line and the exit code. */
async function runVitest(name: string, text: string): Promise<[string | undefined, unknown]> {
  const project = join(folder, name);
  rmSync(project, { recursive: true, force: true });
  mkdirSync(project);
  symlinkSync(join(projectRoot, 'node_modules'), join(project, 'node_modules'));
  const reporter = JSON.stringify(join(projectRoot, 'test/support/count-reporter.ts'));
  writeFileSync(
    join(project, 'vitest.config.ts'),
    `import { CountReporter } from ${reporter};
     export default { test: { reporters: ['default', new CountReporter()] } };`,
  );
  writeFileSync(join(project, 'a.test.ts'), `import { test, beforeAll } from 'vitest';\n${text}`);
  const vitest = join(projectRoot, 'node_modules/vitest/vitest.mjs');
  const run = await execa(process.execPath, [vitest, 'run'], {
    cwd: project,
    reject: false,
    env: { VITEST: undefined, VITEST_WORKER_ID: undefined, VITEST_POOL_ID: undefined },
  });
  return [run.stdout.trimEnd().split('\n').at(-1), run.exitCode];
}

test('passing, failing and skipped tests are counted', async () => {
  const text = `test('a', () => {}); test.skip('b', () => {}); test.todo('d');
    test('c', () => { throw new Error('no') });`;
  expect(await runVitest('mixed', text)).toEqual(['1 passed, 1 failed, 2 skipped', 1]);
});

test('what is good ends with 0', async () => {
  expect(await runVitest('good', `test('a', () => {});`)).toEqual(['1 passed, 0 failed', 0]);
});

test('a file that cannot be loaded is a failure', async () => {
  expect(await runVitest('broken', `throw new Error('no');`)).toEqual(['0 passed, 1 failed', 1]);
});

test('a hook that fails is a failure', async () => {
  const text = `beforeAll(() => { throw new Error('no') }); test('a', () => {});`;
  const [line, exitCode] = await runVitest('hook', text);
  expect(line).toMatch(/, [1-9]\d* failed/);
  expect(exitCode).toBe(1);
});

test('an error outside all tests is a failure', async () => {
  const text = `test('a', async () => { Promise.reject(new Error('no')); });`;
  expect(await runVitest('stray', text)).toEqual(['1 passed, 1 failed', 1]);
});
