import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ToolFailedError, ToolMissingError } from '../../src/util/errors.ts';
import { projectRoot } from '../../src/util/paths.ts';
import { findTool, runTool } from '../../src/util/tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'autonba-tools-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function failureOf(action: Promise<unknown>): Promise<unknown> {
  return action.then(
    () => undefined,
    (error: unknown) => error,
  );
}

test('gives what the program printed', async () => {
  const run = await runTool('node', ['-p', '6 * 7']);
  expect(run).toEqual({ command: 'node -p 6 * 7', exitCode: 0, stdout: '42', stderr: '' });
});

test('passes folder, environment and input on', async () => {
  const script = 'process.stdin.pipe(process.stdout); console.log(process.cwd(), process.env.X)';
  const run = await runTool('node', ['-e', script], { cwd: '/', env: { X: 'y' }, input: 'text' });
  expect(run.stdout).toBe('/ y\ntext');
});

test('a failure carries the command, its exit code and its last words', async () => {
  const script = 'for (let n = 0; n < 50; n += 1) console.error("line " + n); process.exit(4)';
  const error = await failureOf(runTool('node', ['-e', script], { remedy: 'count less' }));
  if (!(error instanceof ToolFailedError)) throw error;
  expect(error.failure.exitCode).toBe(4);
  expect(error.failure.tail.split('\n')).toHaveLength(20);
  expect(error.message).toMatch(/^`node -e .*` exited with 4\nline 30\n/);
  expect(error.message).toMatch(/line 49$/);
  expect(error.remedy).toBe('count less');
  expect(error.exitCode).toBe(3);
});

test('an exit code may be an answer', async () => {
  const run = await runTool('node', ['-e', 'process.exit(1)'], { acceptedExitCodes: [1] });
  expect(run.exitCode).toBe(1);
});

test('a program that is not there is missing, not broken', async () => {
  const error = await failureOf(runTool('no-such-program', []));
  expect(error).toBeInstanceOf(ToolMissingError);
  expect(String(error)).toMatchInlineSnapshot(`"ToolMissingError: no-such-program was not found"`);
});

test('a program that does not end is stopped', async () => {
  const endless = runTool('node', ['-e', 'setInterval(() => {}, 1000)'], { timeoutSeconds: 0.3 });
  const error = await failureOf(endless);
  if (!(error instanceof ToolFailedError)) throw error;
  expect(error.message).toMatch(/was stopped\nno end after 0.3 s$/);
});

test('an abort stops the program', async () => {
  const abort = new AbortController();
  const endless = runTool('node', ['-e', 'setInterval(() => {}, 1000)'], { signal: abort.signal });
  abort.abort();
  expect(await failureOf(endless)).toBeInstanceOf(ToolFailedError);
});

test('what set-up found is used, with its paths made absolute', () => {
  const verilator = { path: 'bin/verilator', version: '5.1', root: '.', makeFlags: ['-x'] };
  const content = JSON.stringify({ verilator, cxx: { path: '/usr/bin/g++' } });
  writeFileSync(join(folder, 'tools.json'), content);
  expect(findTool('verilator', folder)).toEqual({
    path: join(projectRoot, 'bin/verilator'),
    version: '5.1',
    root: projectRoot,
    makeFlags: ['-x'],
  });
  expect(findTool('g++', folder).path).toBe('/usr/bin/g++');
  expect(findTool('yosys', folder).path).toBe('yosys');
});
