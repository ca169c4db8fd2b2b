// `explore` and `estimate` as processes of their own.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { parseCommandLine } from '../../src/cli/parse.ts';
import { writeNetwork } from '../../src/network/network-file.ts';
import { AutoNbaError } from '../../src/util/errors.ts';
import { tiny } from '../network/tiny.ts';
import { runCli } from '../support/run-cli.ts';
import { silent } from '../support/silent.ts';

let folder = '';
let network = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'explore-'));
  network = join(folder, 'tiny.json');
  writeNetwork(network, tiny);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const documentKeys = [
  'fits',
  'missing',
  'provenOptimal',
  'solver',
  'evaluations',
  'seconds',
  'framesPerSecond',
  'epochCycles',
  'latencyMilliseconds',
  'energyMillijoules',
  'resources',
  'chunks',
  'layers',
  'design',
];

test('explore writes a design, and estimate says the same of it', async () => {
  const out = join(folder, 'design.json');
  const explored = await runCli([
    'explore',
    network,
    '--device',
    'pynq-z2',
    '--out',
    out,
    '--json',
  ]);
  expect(explored.exitCode).toBe(0);
  const found = JSON.parse(explored.stdout);
  expect(Object.keys(found)).toEqual(expect.arrayContaining(documentKeys));
  expect(found).toMatchObject({ fits: true, provenOptimal: true, solver: 'exact', design: out });
  expect(found.layers.map((layer: { name: string }) => layer.name)).toEqual([
    'conv',
    'pool',
    'classes',
  ]);

  const estimated = await runCli(['estimate', out, '--json']);
  expect(estimated.exitCode).toBe(0);
  const figures = JSON.parse(estimated.stdout);
  expect(Object.keys(figures)).toEqual(expect.arrayContaining(documentKeys));
  for (const key of ['epochCycles', 'resources', 'chunks', 'layers', 'device'])
    expect(figures[key]).toEqual(found[key]);

  const slower = await runCli(['estimate', out, '--memory', '60,2,4', '--json']);
  expect(JSON.parse(slower.stdout).epochCycles).toBeGreaterThan(found.epochCycles);
});

test('estimate of a network estimates its best design', async () => {
  const { stdout, exitCode } = await runCli(['estimate', network, '--json']);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ provenOptimal: true, solver: 'exact', design: null });
});

test('the released model answers by its own profile', async () => {
  const words = ['explore', 'auto-nba-demo', '--profile', 'autonba-compat', '--comp-mode', '1'];
  const parsed = await parseCommandLine(words, commands);
  if (parsed.kind !== 'run') throw new Error('it should run');
  const { document, text, exitCode } = await parsed.command.run(parsed.args, silent);
  expect(document).toMatchObject({ fits: true, provenOptimal: true, cycles: 1_131_204 });
  expect(text).toContain('176.8 frames/s');
  expect(exitCode ?? 0).toBe(0);
});

async function answer(words: readonly string[]) {
  const parsed = await parseCommandLine(words, commands);
  if (parsed.kind !== 'run') throw new Error('it should run');
  const { document, text, exitCode } = await parsed.command.run(parsed.args, silent);
  return { document: document as Record<string, number & boolean>, text, exitCode: exitCode ?? 0 };
}

const fastest = async (words: readonly string[]): Promise<number> =>
  (await answer(words)).document.framesPerSecond ?? 0;

test('limits are kept, and where none can be, each says how far it is missed', async () => {
  const out = join(folder, 'limited.json');
  const words = ['explore', network, '--device', 'pynq-z2', '--out', out];
  const free = await answer([...words, '--objective', 'energy']);
  const fps = 1.2 * (free.document.framesPerSecond ?? 0);
  const fast = await answer([...words, '--objective', 'energy', '--min-fps', `${fps}`]);
  expect(fast.exitCode).toBe(0);
  expect(fast.document.provenOptimal).toBe(true);
  expect(fast.document.framesPerSecond).toBeGreaterThanOrEqual(fps);
  expect(fast.document.energyMillijoules).toBeGreaterThanOrEqual(
    free.document.energyMillijoules ?? 0,
  );
  rmSync(out);
  const less = `${(free.document.energyMillijoules ?? 0) / 2}`;
  const none = await answer([...words, '--max-energy-mj', less]);
  expect(none.exitCode).toBe(1);
  expect(none.document).toMatchObject({ fits: false, provenOptimal: false, design: null });
  const kept = /missed by [\d.]+ %; with all else as it is, --max-energy-mj (\S+) fits/.exec(
    none.text,
  );
  expect(existsSync(out)).toBe(false);
  expect((await answer([...words, '--max-energy-mj', kept?.[1] ?? ''])).exitCode).toBe(0);
  // A faster clock is all it takes.
  const slow = await answer([...words, '--min-fps', `${1.1 * (await fastest(words))}`]);
  expect(slow.exitCode).toBe(1);
  expect(slow.document).toMatchObject({ nearestDevice: 'ultra96-v2' });
});

test('a limit on a resource counts all that the design takes, what stands beside the chunks too', async () => {
  const words = ['explore', network, '--device', 'pynq-z2', '--out', join(folder, 'small.json')];
  const taken = async (...limit: string[]) =>
    (await answer([...words, ...limit])).document.resources as unknown as Record<string, number>;
  for (const name of ['dsp', 'lut', 'ff']) {
    const most = ((await taken())[name] ?? 0) - 1;
    expect((await taken(`--max-${name}`, `${most}`))[name]).toBeLessThanOrEqual(most);
  }
  expect((await taken('--max-bram18', '0')).bram18).toBe(0);
  const none = await answer([...words, '--max-dsp', '0']);
  expect(none.exitCode).toBe(1);
  expect(none.document).not.toHaveProperty('nearestDevice');
  expect(none.text).toContain('no device of the list keeps them');
  const kept =
    /missed by \d+; with all else as it is, --max-dsp (\d+) fits/.exec(none.text)?.[1] ?? '';
  expect((await taken('--max-dsp', kept)).dsp).toBe(Number(kept));
});

test('a front is a design a point, and each is worse in one objective and better in the other', async () => {
  const words = ['explore', network, '--device', 'pynq-z2', '--pareto', 'fps,dsp'];
  const front = await answer([...words, '--points', '4', '--out', join(folder, 'front.json')]);
  const { designs } = front.document as unknown as {
    designs: { framesPerSecond: number; resources: { dsp: number }; design: string }[];
  };
  expect(designs.length).toBeGreaterThan(1);
  expect(designs.length).toBeLessThanOrEqual(4);
  for (const [n, { framesPerSecond, resources, design }] of designs.entries()) {
    expect(design).toBe(join(folder, `front-${n + 1}.json`));
    const estimated = await answer(['estimate', design, '--device', 'pynq-z2']);
    expect(estimated.document).toMatchObject({ framesPerSecond, resources });
    const before = designs[n - 1];
    if (before === undefined) continue;
    expect(framesPerSecond).toBeLessThan(before.framesPerSecond);
    expect(resources.dsp).toBeLessThan(before.resources.dsp);
  }
  const none = await answer([...words, '--max-dsp', '1', '--out', join(folder, 'no.json')]);
  expect(none.exitCode).toBe(1);
  expect(none.text).toContain('with all else as it is, --max-dsp');
  expect(existsSync(join(folder, 'no-1.json'))).toBe(false);
});

/** What a command line that makes no sense is answered; all of them end with exit code 2. */
async function complaint(words: readonly string[]): Promise<string> {
  try {
    const parsed = await parseCommandLine(words, commands);
    if (parsed.kind === 'run') await parsed.command.run(parsed.args, silent);
    return 'no complaint';
  } catch (error) {
    if (!(error instanceof AutoNbaError)) throw error;
    expect(error.exitCode).toBe(2);
    return `${error.message}; ${error.remedy}`;
  }
}

test('a wrong request is one sentence and exit code 2, and nothing is written', async () => {
  const out = join(folder, 'never.json');
  const broken = join(folder, 'broken.json');
  writeFileSync(broken, '{"format": "autonba-design", "version": 1}');
  for (const [words, message] of [
    [['explore', network, '--device', 'zc70'], 'did you mean "zc706"?'],
    [['explore', network, '--solver', 'exac'], 'did you mean "exact"?'],
    [['explore', network, '--budget', '0'], '--budget is 0'],
    [['explore', network, '--min-fps', '-3'], '--min-fps is -3; give a number above 0'],
    [['explore', network, '--max-area', 'much'], '--max-area needs a number'],
    [['explore', network, '--pareto', 'dsp'], '--pareto is "dsp"; name two different objectives'],
    [['explore', network, '--pareto', 'dsp,lutt'], 'did you mean "lut"?'],
    [
      ['explore', network, '--pareto', 'dsp,lut', '--solver', 'das'],
      '--pareto is found by --solver exact',
    ],
    [
      ['explore', network, '--profile', 'autonba-compat', '--max-edp', '1'],
      '--max-edp is not of the released model',
    ],
    [
      ['explore', network, '--profile', 'autonba-compat', '--comp-mode', '3'],
      '--comp-mode is 3; give 0, 1 or 2',
    ],
    [['explore', join(folder, 'none.json')], 'cannot be read'],
    [['explore', 'model.tflite'], '"model.tflite": is no file; name a .tflite or .onnx file'],
    [['explore', 'model.pb'], 'is no network file'],
    [['estimate', broken], 'name: Invalid input'],
  ] as const) {
    const output = words[0] === 'explore' ? ['--out', out] : [];
    expect(await complaint([...words, ...output])).toContain(message);
  }
  expect(await complaint(['explore', network, '--out', join(folder, 'never')])).toContain(
    'name a file that ends in .json',
  );
  expect(existsSync(out)).toBe(false);
});
