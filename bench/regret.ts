// `npm run bench:regret`: runs every strategy on the toy with ten seeds and one budget, and sets what each found beside the
// truth. Writes bench/toy-runs.json, docs/toy.md and docs/toy-regret.svg; runs that are known already are not made again.
// A number on the command line is the count of seeds, names after it are the strategies.

import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { regretTable, renderFigure, type ToyRecord } from './regret-report.ts';

process.env.TF_NUM_INTRAOP_THREADS ??= '1';
const { fashionMnist14 } = await import('../src/data/datasets/index.ts');
const { toy } = await import('../src/search/presets/index.ts');
const { truthFile } = await import('./toy-truth-file.ts');
const { toyDevice, toySpace } = await import('../src/search/toy-problem.ts');
const { runToy, toyTruth } = await import('../src/search/toy-runs.ts');
const strategies = await import('../src/search/strategies/index.ts');
const { hashOf, writeJson } = await import('../src/util/json.ts');
const { namesOf, pick } = await import('../src/util/pick.ts');

const [count = '10', ...asked] = process.argv.slice(2);
const names = asked.length > 0 ? asked : namesOf(strategies);
const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const path = at('../runs/toy-regret/runs.jsonl');
const kept = at('toy-runs.json');

const { space, search, encoding, training } = toy;
const hardware = { toyDevice, toySpace };
const request = hashOf({ space, search, encoding, training, hardware }).slice(0, 12);
mkdirSync(dirname(path), { recursive: true });
const lines = existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
const committed = existsSync(kept) ? (JSON.parse(readFileSync(kept, 'utf8')) as ToyRecord[]) : [];
const known = new Map(
  [
    ...committed,
    ...lines.filter((line) => line !== '').map((line) => JSON.parse(line) as ToyRecord),
  ]
    .filter((run) => run.request === request)
    .map((run) => [`${run.seed} ${run.strategy}`, run]),
);
const dataset = fashionMnist14.load();

for (let seed = 1; seed <= Number(count); seed += 1)
  for (const name of names) {
    if (known.has(`${seed} ${name}`)) continue;
    const run = await runToy(toy, pick('strategy', strategies, name), dataset, seed);
    const record: ToyRecord = { request, strategy: name, seed, ...run };
    appendFileSync(path, `${JSON.stringify(record)}\n`);
    known.set(`${seed} ${name}`, record);
    process.stderr.write(`seed ${seed}, ${name}: ${run.cpuSeconds.toFixed(1)} s\n`);
  }

const truth = truthFile();
if (truth === undefined) {
  process.stderr.write('no truth yet: run `npm run bench:toy-truth`, then this again\n');
} else {
  const records = [...known.values()].sort(
    (a, b) => a.seed - b.seed || (a.strategy < b.strategy ? -1 : 1),
  );
  writeJson(kept, records);
  const rows = regretTable(toyTruth(truth.points, toy), records);
  writeFileSync(at('../docs/toy-regret.svg'), renderFigure(rows));
  const head = [
    '| strategy | reward: median % | quartiles | hypervolume: median % | quartiles | seeds | CPU s |',
    '| :-- | --: | --: | --: | --: | --: | --: |',
  ];
  const table = [...head, ...rows.map(({ line }) => line)].join('\n');
  const page = readFileSync(at('../docs/toy.md'), 'utf8');
  const place = /(<!-- strategies -->\n)[\s\S]*(<!-- \/strategies -->)/;
  writeFileSync(at('../docs/toy.md'), page.replace(place, `$1${table}\n$2`));
  process.stdout.write(`${table}\n`);
}
