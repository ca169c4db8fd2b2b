// The real commands, as processes of their own.

import { describe, expect, test } from 'vitest';
import { catalogues } from '../../src/cli/catalogues.ts';
import { commands } from '../../src/cli/commands.ts';
import { runCli } from '../support/run-cli.ts';

test('every command can be loaded, and is named as its usage says', async () => {
  for (const [name, { usage, summary, load }] of Object.entries(commands)) {
    expect(usage.split(' ')[0]).toBe(name);
    expect(summary).not.toBe('');
    const { positionals } = await load();
    const named = [...usage.matchAll(/[<[]([a-z-]+)/g)].map((match) => match[1]);
    expect(Object.keys(positionals)).toEqual(named);
  }
});

test.each(Object.keys(catalogues))('list %s', async (kind) => {
  const { stdout, exitCode } = await runCli(['list', kind, '--json']);
  const { entries } = JSON.parse(stdout);
  expect(exitCode).toBe(0);
  expect(entries.length).toBeGreaterThan(0);
  for (const entry of entries) {
    expect(entry).toMatchObject({ name: expect.any(String), summary: expect.any(String) });
  }
});

describe('the binary', () => {
  test('works from any folder', async () => {
    const { stdout, exitCode } = await runCli(['list', 'datasets'], { cwd: '/' });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^fashion-mnist +60,000/);
  });

  test('suggests the nearest name', async () => {
    expect(await runCli(['list', 'datsets'])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining('did you mean "datasets"?'),
    });
  });

  test('prints a completion script', async () => {
    const { stdout, exitCode } = await runCli(['completion']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('autonba');
  });

  test('completes names of commands', async () => {
    const { stdout, exitCode } = await runCli(['--get-yargs-completions', 'autonba', 'doc'], {
      env: { SHELL: '/bin/bash' },
    });
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toContain('doctor');
  });
});

test('doctor names every check, and only a missing necessity is a failure', async () => {
  const { stdout, exitCode } = await runCli(['doctor', '--json']);
  const { ok, checks } = JSON.parse(stdout);
  expect(exitCode).toBe(ok ? 0 : 3);
  const names = checks.map(({ name }: { name: string }) => name);
  expect(names).toEqual(expect.arrayContaining(['node', 'tensorflow', 'verilator', 'yosys']));
  for (const check of checks) {
    if (!check.ok) expect(check.remedy).not.toBe('');
  }
});
