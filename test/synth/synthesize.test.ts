import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../support/run-cli.ts';
import { writeTinyDirectory } from './tiny-directory.ts';

const root = mkdtempSync(join(tmpdir(), 'autonba-synth-'));
const generated = join(root, 'generated');
const tools = join(root, 'tools');
beforeAll(() => writeTinyDirectory(generated));
afterAll(() => rmSync(root, { recursive: true }));

/** Puts a shell script called yosys before everything else on PATH. */
function standIn(script: string): Record<string, string> {
  const path = join(mkdtempSync(`${tools}-`), 'yosys');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return { PATH: `${dirname(path)}${delimiter}${process.env.PATH ?? ''}` };
}

const writesStatistics = (cells: string, total: number) =>
  standIn(
    `printf '   Number of cells: ${total}\\n${cells}' > "$(echo "$2" | sed 's/ys$/stat/')"; echo "$2" >> ${root}/calls`,
  );

test('runs the script of every chunk and adds up', async () => {
  const env = writesStatistics('     DSP48E1  8\\n     FDRE  9\\n', 17);
  const run = await runCli(['synth', generated, '--json', '--quiet'], { env });
  expect(run.stderr).toBe('');
  expect(readFileSync(join(root, 'calls'), 'utf8')).toBe(
    'syn/chunk_0_xc7.ys\nsyn/chunk_1_xc7.ys\n',
  );
  const document = JSON.parse(run.stdout);
  expect(document).toMatchObject({ family: 'xc7', latches: 0, maxFrequencyMHz: null });
  expect(document.rows[0]).toEqual({ resource: 'dsp', predicted: 8 + 4, synthesized: 16 });
  expect(document.rows.map((row: { resource: string }) => row.resource)).toEqual([
    'dsp',
    'bram18',
    'lut',
    'ff',
  ]);
  expect(document.chunks).toHaveLength(2);
  expect(run.exitCode).toBe(0);
});

test('a latch is an answer that is no', async () => {
  const env = writesStatistics('     LDCE  1\\n', 1);
  const run = await runCli(['synth', generated, '--quiet'], { env });
  expect(run.exitCode).toBe(1);
  expect(run.stdout).toMatch(/\n2 latches$/);
});

test('a yosys that fails is quoted with its last 20 lines', async () => {
  const env = standIn('for n in $(seq 30); do echo "line $n" >&2; done; exit 1');
  const run = await runCli(['synth', generated, '--quiet'], { env });
  expect(run.exitCode).toBe(3);
  expect(run.stderr).toMatch(
    /^autonba: `yosys -q syn\/chunk_0_xc7.ys` exited with 1\nline 11\n.*line 30\n/s,
  );
});

test('statistics of an earlier run do not pass for this one', async () => {
  await runCli(['synth', generated, '--quiet'], { env: writesStatistics('     FDRE  1\\n', 1) });
  const run = await runCli(['synth', generated, '--quiet'], { env: standIn('exit 0') });
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toMatch(/wrote no syn\/chunk_0_xc7.stat/);
});

test('a missing yosys is said to be missing', async () => {
  const run = await runCli(['synth', generated, '--quiet'], { env: { PATH: root } });
  expect(run.stderr).toMatch(/^autonba: yosys was not found\n {2}install yosys/);
  expect(run.exitCode).toBe(3);
});

test('an unknown family and a folder that is none are named', async () => {
  const family = await runCli(['synth', generated, '--family', 'xc8']);
  expect(family.stderr).toMatch(/^autonba: unknown family "xc8"\n {2}did you mean "xc7"\?/);
  expect(family.exitCode).toBe(2);
  const folder = await runCli(['synth', join(root, 'nothing')]);
  expect(folder.exitCode).toBe(2);
  expect(folder.stderr).toMatch(/nothing/);
});
