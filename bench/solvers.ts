// How far each solver stays from the proven optimum, at equal evaluations and at equal CPU time: the released Auto-NBA
// space and its demo's network, over many seeds. Writes runs/bench/solvers.json and, from 20 seeds on, docs/solvers.md.
//
// npm run bench:solvers -- [seeds] [seconds] [--json]

import { join } from 'node:path';
import { compatLayers } from '../src/cost/compat.ts';
import { compatProblem } from '../src/explore/compat.ts';
import { scoreOf } from '../src/explore/problem.ts';
import type { Effort, Solver } from '../src/explore/solver.ts';
import * as solvers from '../src/explore/solvers/index.ts';
import { autoNbaDemo } from '../src/network/networks/index.ts';
import { quartilesOf } from '../src/search/regret.ts';
import { defined } from '../src/util/errors.ts';
import { writeFileAtomic } from '../src/util/json.ts';
import { createRng } from '../src/util/rng.ts';
import { gapFigure } from './solver-figure.ts';

const words = process.argv.slice(2);
const isJson = words.includes('--json');
const [seeds = 20, seconds = 1] = words.filter((word) => !word.startsWith('-')).map(Number);
/** From so many seeds on, docs/solvers.md is written. */
const RECORDED_SEEDS = 20;
/** Whole accelerators that a solver may look at; a second is enough for more. */
const budgets = [300, 1000, 3000, 10_000];

const { problem } = compatProblem(compatLayers(autoNbaDemo.build()));
const proof = solvers.exact.solve(problem);
const optimum = scoreOf(defined(proof.point, 'the optimum').options, 'throughput');

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** best / optimum - 1; Infinity where nothing that fits was found. */
function gapOf(solver: Solver, effort: Effort): number {
  const { point } = solver.solve(problem, effort);
  if (point === undefined) return Number.POSITIVE_INFINITY;
  return scoreOf(point.options, 'throughput') / optimum - 1;
}

const opponents = Object.entries<Solver>(solvers).filter(([, one]) => !one.provesOptimality);
const rows = opponents.map(([name, solver]) => {
  const many = (effortOf: (seed: number) => Effort) =>
    quartilesOf(Array.from({ length: seeds }, (_, seed) => gapOf(solver, effortOf(seed + 1))));
  const byEvaluations = budgets.map((points) => many((seed) => ({ rng: createRng(seed), points })));
  const byTime = many((seed) => {
    const started = cpuSeconds();
    return {
      rng: createRng(seed),
      points: Number.POSITIVE_INFINITY,
      elapsed: () => (cpuSeconds() - started) / seconds,
    };
  });
  return { name, byEvaluations, byTime };
});
rows.sort((a, b) => a.byTime[1] - b.byTime[1]);

const percent = (gap: number): string =>
  gap === Number.POSITIVE_INFINITY ? 'none fits' : `${(100 * gap).toFixed(2)} %`;
const cell = ([low, middle, high]: readonly [number, number, number]): string =>
  `${percent(middle)} (${percent(low)} to ${percent(high)})`;
const lines = [
  `released Auto-NBA space, its demo's network of 70 layers on 10 chunks, 900 DSP and 700 block RAMs: optimum ${Math.round(optimum).toLocaleString('en-US')} cycles, proven`,
  `gap to it, median (quartiles) of ${seeds} seeds`,
  '',
  `| solver | ${seconds} CPU s | ${budgets.map((points) => `${points.toLocaleString('en-US')} looks`).join(' | ')} |`,
  `|---|---|${budgets.map(() => '---|').join('')}`,
  ...rows.map(
    ({ name, byTime, byEvaluations }) =>
      `| ${name} | ${cell(byTime)} | ${byEvaluations.map(cell).join(' | ')} |`,
  ),
  '',
  'a look is one whole accelerator; each alternative that das evaluates for its gradients is one',
];
const gammaOptimality = Object.fromEntries(
  rows.map(({ name, byTime: [lower, median, upper] }) => [name, { lower, median, upper }]),
);
process.stdout.write(
  isJson
    ? `${JSON.stringify({ gammaOptimality: { optimum, seeds, seconds, gaps: gammaOptimality } })}\n`
    : `${lines.join('\n')}\n`,
);
const folder = join('runs', 'bench');
writeFileAtomic(
  join(folder, 'solvers.json'),
  `${JSON.stringify({ optimum, seeds, seconds, budgets, rows }, null, 2)}\n`,
);
const figure = gapFigure(rows, seconds);
writeFileAtomic(join(folder, 'solvers.svg'), figure);
// Fewer seeds are for a look, not for the record.
if (seeds >= RECORDED_SEEDS) {
  const heading = [
    '# How far solvers stay from the optimum',
    '',
    `\`npm run bench:solvers -- ${seeds} ${seconds}\`:`,
  ];
  const text = [...heading, '', ...lines, '', '![gaps at equal CPU time](solver-gaps.svg)', ''];
  writeFileAtomic(join('docs', 'solvers.md'), text.join('\n'));
  writeFileAtomic(join('docs', 'solver-gaps.svg'), figure);
}
