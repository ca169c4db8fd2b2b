// Does `npm test` notice? Applies one change at a time to a copy of the tree and runs tests until one fails.
//
// usage: npm run mutate [-- NAME ...]      only mutations whose names hold one of the words
// An interrupted run goes on where it was: what was caught is kept as long as nothing changes that the test depends on.

import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { hashOf } from '../../src/util/json.ts';
import { cacheFolder, projectRoot } from '../../src/util/paths.ts';
import { sourcesHash } from '../support/resumable.ts';
import { type Mutation, mutations, type Suspect, suspects } from './mutations.ts';

const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const allSuspects = Object.keys(suspects) as Suspect[];

/** A copy of every file that git knows or would add, with packages and tools linked. */
function copyTree(): string {
  const copy = mkdtempSync(join(tmpdir(), 'autonba-mutate-'));
  const listing = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const files = execFileSync('git', listing, { cwd: projectRoot, encoding: 'utf8' });
  for (const file of files.split('\n').filter(Boolean)) {
    if (!existsSync(join(projectRoot, file))) continue;
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(projectRoot, file), join(copy, file));
  }
  symlinkSync(join(projectRoot, 'node_modules'), join(copy, 'node_modules'));
  // Simulators of changed hardware must not stay: only those that are there already are linked.
  for (const folder of ['', 'simulators', 'units']) {
    mkdirSync(join(copy, '.autonba', folder), { recursive: true });
    const from = join(cacheFolder, folder);
    for (const name of existsSync(from) ? readdirSync(from) : [])
      if (folder !== '' || !['simulators', 'units', 'long-runs'].includes(name))
        symlinkSync(join(from, name), join(copy, '.autonba', folder, name));
  }
  return copy;
}

interface TestRun {
  readonly failed: boolean;
  /** The first test that failed. */
  readonly what: string;
  readonly seconds: number;
}

async function runSuspect(copy: string, suspect: Suspect): Promise<TestRun> {
  const [file, pattern] = suspects[suspect];
  const started = performance.now();
  const report = join(copy, '.autonba', 'report.json');
  rmSync(report, { force: true });
  const vitest = join(copy, 'node_modules', 'vitest', 'vitest.mjs');
  const args = [vitest, 'run', file, '--bail', '1', '--reporter', 'json', '--outputFile', report];
  const run = await execa(process.execPath, pattern === '' ? args : [...args, '-t', pattern], {
    cwd: copy,
    reject: false,
    timeout: 1_800_000,
  });
  const seconds = (performance.now() - started) / 1000;
  if (run.timedOut) return { failed: true, what: 'no end after half an hour', seconds };
  if (!existsSync(report)) throw new Error(`${file} did not run:\n${run.stdout}\n${run.stderr}`);
  const results = JSON.parse(readFileSync(report, 'utf8')) as {
    numPassedTests: number;
    testResults: {
      message: string;
      assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
    }[];
  };
  const tests = results.testResults.flatMap((one) => one.assertionResults);
  const first = tests.find(({ status }) => status === 'failed');
  const text = first?.failureMessages.join('\n') ?? '';
  if (/%Error|error: .*\.cpp|SyntaxError/.test(text))
    throw new Error(`the change does not compile:\n${text}`);
  if (first === undefined && results.numPassedTests === 0 && run.exitCode === 0)
    throw new Error(`no test of ${file} matches "${pattern}"`);
  const broken = results.testResults.find(({ message }) => message !== '')?.message ?? '';
  return {
    failed: run.exitCode !== 0,
    what: first?.fullName.trim() ?? broken.slice(0, 80),
    seconds,
  };
}

/** Applies a change; returns what puts the file right again. */
function apply(copy: string, { name, file, find, replace }: Mutation): () => void {
  const path = join(copy, file);
  const text = readFileSync(path, 'utf8');
  const found = text.split(find).length - 1;
  if (found !== 1) throw new Error(`"${name}": its text is in ${file} ${found} times, not once`);
  writeFileSync(
    path,
    text.replace(find, () => replace),
  );
  return () => writeFileSync(path, text);
}

interface Caught {
  readonly suspect: Suspect;
  readonly what: string;
}

/** Kept lines: results by the hash of change and sources, catchers by mutation for the order of a later run. */
const keptFile = join(cacheFolder, 'long-runs', 'mutations.jsonl');
interface KeptLine extends Caught {
  readonly sources: string;
  readonly name: string;
}

/** Hash of a change and of all that the suspected test depends on. */
function changeHash({ find, replace }: Mutation, suspect: Suspect): string {
  const [path, pattern] = suspects[suspect];
  const tests = path.endsWith('.ts')
    ? [path]
    : readdirSync(join(projectRoot, path)).map((name) => `${path}/${name}`);
  return hashOf({ find, replace, pattern, sources: sourcesHash(...tests) }).slice(0, 24);
}

function readKept(): readonly KeptLine[] {
  if (!existsSync(keptFile)) return [];
  const lines = readFileSync(keptFile, 'utf8').split('\n');
  return lines.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line) as KeptLine);
}

async function main(): Promise<number> {
  const words = process.argv.slice(2);
  const wanted = mutations.filter(
    ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
  );
  const copy = copyTree();
  const healthy = new Set<Suspect>();
  const rows: { readonly mutation: Mutation; readonly caught: Caught | undefined }[] = [];
  try {
    // Texts first: a stale one should not cost an hour.
    for (const mutation of wanted) apply(copy, mutation)();
    for (const mutation of wanted) {
      const kept = readKept().filter(({ name }) => name === mutation.name);
      const before = kept.find(
        ({ suspect, sources }) => suspect in suspects && sources === changeHash(mutation, suspect),
      );
      if (before !== undefined) {
        rows.push({ mutation, caught: before });
        continue;
      }
      const learned = kept
        .map(({ suspect }) => suspect)
        .filter((suspect) => suspect in suspects)
        .reverse();
      const order = [...new Set([...learned, ...mutation.tests, ...allSuspects])];
      let caught: Caught | undefined;
      for (const suspect of order) {
        // A test that fails without the change catches nothing.
        if (!healthy.has(suspect)) {
          const { failed, what } = await runSuspect(copy, suspect);
          if (failed) throw new Error(`"${what}" fails without any change`);
          healthy.add(suspect);
        }
        const restore = apply(copy, mutation);
        const { failed, what, seconds } = await runSuspect(copy, suspect).finally(restore);
        say(
          `${mutation.name}: ${suspect} ${failed ? 'notices' : 'does not'}, ${Math.round(seconds)} s`,
        );
        if (!failed) continue;
        caught = { suspect, what };
        break;
      }
      rows.push({ mutation, caught });
      if (caught === undefined) continue;
      mkdirSync(dirname(keptFile), { recursive: true });
      const sources = changeHash(mutation, caught.suspect);
      appendFileSync(keptFile, `${JSON.stringify({ sources, name: mutation.name, ...caught })}\n`);
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
  const width = Math.max(...rows.map(({ mutation }) => mutation.name.length));
  for (const { mutation, caught } of rows)
    say(
      `${mutation.name.padEnd(width)}  ${mutation.file.padEnd(32)}  ${caught === undefined ? 'NOT CAUGHT' : caught.what}`,
    );
  const missed = rows.filter(({ caught }) => caught === undefined).length;
  say(`${rows.length} mutations, ${rows.length - missed} caught, ${missed} not`);
  return missed === 0 ? 0 : 1;
}

process.exitCode = await main();
