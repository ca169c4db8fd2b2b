// Every benchmark in turn, each in a process of its own: `npm run bench`, with `-- --json` as one document.
//
// A benchmark is a script `bench:<name>` of package.json. Those that need hours or yosys are named, not run, unless
// asked for, and some then take more seeds: `npm run bench -- speed resources`. Absolute times fail nothing.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { projectRoot } from '../src/util/paths.ts';

/** Long ones, run only by name. */
const long = ['lanes', 'resources', 'memory', 'toy-truth', 'regret'];
/** What is run with fewer seeds or images unless asked for by name. */
const short: Readonly<Record<string, readonly string[]>> = {
  solvers: ['3', '0.5'],
  simulation: ['20', '1'],
};
/** Keys of benchmarks' documents that stand at the top, where docs and scripts look for them. */
const lifted = [
  'designEvaluationsPerSecond',
  'exactSolverSeconds',
  'gammaOptimality',
  'searchMemoryBytes',
  'simulation',
];

const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};
const known = Object.keys(scripts)
  .filter((name) => name.startsWith('bench:'))
  .map((name) => name.slice('bench:'.length));
const words = process.argv.slice(2);
const isJson = words.includes('--json');
const asked = words.filter((word) => !word.startsWith('-'));
const chosen = asked.length > 0 ? asked : known.filter((name) => !long.includes(name));
for (const name of chosen)
  if (!known.includes(name)) throw new Error(`no benchmark "${name}" among ${known.join(', ')}`);

const document: Record<string, unknown> = {};
for (const name of chosen) {
  if (!isJson) console.log(`== ${name}`);
  const { stdout, exitCode } = await execa(
    'npm',
    [
      ...['run', '-s', `bench:${name}`, '--'],
      ...(asked.length > 0 ? [] : (short[name] ?? [])),
      ...(isJson ? ['--json'] : []),
    ],
    {
      cwd: projectRoot,
      reject: false,
      stdout: isJson ? 'pipe' : 'inherit',
      stderr: 'inherit',
    },
  );
  if (exitCode !== 0) process.exitCode = 1;
  if (!isJson) continue;
  let answer: unknown = stdout;
  try {
    answer = JSON.parse(stdout ?? '');
  } catch {
    // A benchmark without a document gives its text.
  }
  for (const [key, value] of Object.entries(answer ?? {}))
    if (lifted.includes(key)) document[key] = value;
  document[name] = answer;
}
if (isJson) console.log(JSON.stringify(document));
else {
  const left = known.filter((name) => !chosen.includes(name));
  if (left.length > 0) console.log(`not run: ${left.map((name) => `bench:${name}`).join(', ')}`);
}
