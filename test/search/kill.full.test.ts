// A search that is killed without warning and resumed ends with the bytes of one that was left alone.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, expect, test } from 'vitest';
import { readCheckpoint } from '../../src/search/checkpoint.ts';
import { projectRoot } from '../../src/util/paths.ts';
import { createRng } from '../../src/util/rng.ts';
import { makeIdxFolder } from '../support/idx-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'autonba-kill-'));
afterAll(() => rmSync(root, { recursive: true }));

const dataset = makeIdxFolder(join(root, 'images'));
const trials = 5;

function start(folder: string, ...more: string[]) {
  const command = join(projectRoot, 'bin', 'autonba.mjs');
  const words = ['search', '--preset', 'nano', '--dataset', dataset, '--out', folder, '--quiet'];
  return execa(process.execPath, [command, ...words, ...more], { reject: false });
}

/** Milliseconds from the first step to the end of a whole run, and what it left. */
let wholeTime = 0;
const whole = join(root, 'whole');

async function firstStep(folder: string): Promise<void> {
  const trace = join(folder, 'trace.jsonl');
  while (!existsSync(trace) || statSync(trace).size === 0) await sleep(5);
}

/** Every byte a run keeps but its checkpoint; times, memory and its own folder taken out of the document. */
function remains(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => name !== 'checkpoint.bin');
  return Object.fromEntries(
    names.map((name) => {
      const bytes = readFileSync(join(folder, name));
      if (name !== 'search.json') return [name, bytes.toString('latin1')];
      const document: Record<string, unknown> = JSON.parse(bytes.toString('utf8'));
      for (const key of ['design', 'searchSeconds', 'trainingSeconds', 'peakResidentBytes'])
        delete document[key];
      return [name, JSON.stringify(document)];
    }),
  );
}

test('a whole run', async () => {
  const run = start(whole);
  await firstStep(whole);
  const begun = performance.now();
  expect((await run).exitCode).toBe(0);
  wholeTime = performance.now() - begun;
  expect(Object.keys(remains(whole))).toContain('design.json');
});

test.each(Array.from({ length: trials }, (_, trial) => trial))(
  'trial %i: killed at a random step, resumed to the same design',
  async (trial) => {
    const rng = createRng(trial);
    // A kill that came too late is no trial.
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const folder = join(root, `trial-${trial}-${attempt}`);
      const run = start(folder);
      await firstStep(folder);
      await Promise.race([sleep(rng.next() * wholeTime), run]);
      run.kill('SIGKILL');
      const { signal } = await run;
      if (signal !== 'SIGKILL') continue;
      const facts = readCheckpoint<{ stage: string; epoch: number }>(
        join(folder, 'checkpoint.bin'),
      );
      process.stderr.write(
        `trial ${trial}: killed after ${facts?.facts.stage ?? 'search'} epoch ${facts?.facts.epoch ?? 0}\n`,
      );
      expect((await start(folder, '--resume')).exitCode).toBe(0);
      expect(remains(folder)).toEqual(remains(whole));
      return;
    }
    throw new Error('no kill came in time');
  },
);
