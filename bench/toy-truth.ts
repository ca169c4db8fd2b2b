// `npm run bench:toy-truth`: trains every point of the preset `toy`, looks at every accelerator for it, and writes what is
// then known to src/search/toy-truth.json. It can be stopped at any time: called again it goes on from
// runs/toy-truth/points.jsonl.

import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Option } from '../src/explore/problem.ts';
import type { Solver } from '../src/explore/solver.ts';

// One thread: these networks are too small for two, and the figures are then the same on every machine of a kind.
process.env.TF_NUM_INTRAOP_THREADS ??= '1';
const { fashionMnist14 } = await import('../src/data/datasets/index.ts');
const { explore } = await import('../src/explore/explore.ts');
const { fitsIn, scoreOf, sizeOf, totalResources } = await import('../src/explore/problem.ts');
const { toy } = await import('../src/search/presets/index.ts');
const { toyDevice, toyRecipe, toySpace } = await import('../src/search/toy-problem.ts');
const { allPoints, trainPoint } = await import('../src/search/truth.ts');
const { describeNetwork } = await import('../src/supernet/describe.ts');
const { pointName } = await import('../src/supernet/space.ts');
const { createRng } = await import('../src/util/rng.ts');
const { hashOf, writeJson } = await import('../src/util/json.ts');

/** Trainings of every point; the truth is their mean. */
const seeds = Array.from({ length: Number(process.argv[2] ?? 2) }, (_, i) => i + 1);
/** Test images that judge a point. */
const testImages = 5000;

const path = fileURLToPath(new URL('../runs/toy-truth/points.jsonl', import.meta.url));
const result = fileURLToPath(new URL('../src/search/toy-truth.json', import.meta.url));

interface Trained {
  readonly recipe: string;
  readonly seed: number;
  readonly point: string;
  readonly accuracy: number;
}

const recipe = hashOf(toyRecipe(testImages)).slice(0, 12);
mkdirSync(dirname(path), { recursive: true });
const known = (existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [])
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Trained)
  .filter((trained) => trained.recipe === recipe);
const accuracies = new Map(known.map((one) => [`${one.seed} ${one.point}`, one.accuracy]));
const points = allPoints(toy.space);
const dataset = fashionMnist14.load();
const started = performance.now();
const missing = seeds.flatMap((seed) =>
  points
    .map((choices) => ({ seed, choices, point: pointName(choices) }))
    .filter(({ point }) => !accuracies.has(`${seed} ${point}`)),
);

for (const [index, { seed, choices, point }] of missing.entries()) {
  const accuracy = await trainPoint(
    toy,
    choices,
    dataset,
    createRng(`${seed} ${point}`),
    testImages,
  );
  appendFileSync(path, `${JSON.stringify({ recipe, seed, point, accuracy })}\n`);
  accuracies.set(`${seed} ${point}`, accuracy);
  const minutes = (performance.now() - started) / 60_000;
  const left = ((missing.length - index - 1) * minutes) / (index + 1);
  if (index % 10 === 9)
    process.stderr.write(
      `${index + 1} of ${missing.length}, ${point} ${accuracy}, ${left.toFixed(1)} min left\n`,
    );
}

/** Looks at every accelerator of a space, one after the other. */
function census(): Solver & { readonly seen: { fitting: number; all: number } } {
  const seen = { fitting: 0, all: 0 };
  return {
    seen,
    summary: 'every design',
    provesOptimality: true,
    solve({ alternatives, budget, objective }) {
      let best: { alternative: number; options: readonly Option[] } | undefined;
      alternatives.forEach(({ chunks }, alternative) => {
        let designs: Option[][] = [[]];
        for (const chunk of chunks) {
          const options = Array.from({ length: sizeOf(chunk) }, (_, i) => chunk.at(i));
          const legal = options.filter((option) => option !== undefined);
          designs = designs.flatMap((before) => legal.map((option) => [...before, option]));
        }
        seen.all += designs.length;
        for (const options of designs) {
          if (!fitsIn(totalResources(options), budget)) continue;
          seen.fitting += 1;
          if (best === undefined || scoreOf(options, objective) < scoreOf(best.options, objective))
            best = { alternative, options };
        }
      });
      return best === undefined ? {} : { point: best };
    },
  };
}

const entries = points.map((choices) => {
  const network = describeNetwork(toy.space, choices, 'point');
  const everyone = census();
  const { epochCycles } = explore(network, toyDevice, { space: toySpace, solver: everyone });
  const solved = explore(network, toyDevice, { space: toySpace });
  if (solved.epochCycles !== epochCycles)
    throw new Error(`${pointName(choices)}: solved ${solved.epochCycles}, of all ${epochCycles}`);
  const point = pointName(choices);
  return {
    point,
    accuracies: seeds.map((seed) => accuracies.get(`${seed} ${point}`) ?? 0),
    accelerators: everyone.seen.fitting,
    epochCycles,
  };
});
writeJson(result, { recipe, testImages, points: entries });
const joint = entries.reduce((sum, { accelerators }) => sum + accelerators, 0);
process.stdout.write(
  `${points.length} networks x ${seeds.length} trainings; ${joint} networks on accelerators that fit; ` +
    'the exact solver found the best of all accelerators for every network\n',
);
