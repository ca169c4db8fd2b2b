// `npm run bench:toy-truth`: trains every point of the preset `toy` and writes what is known of it to
// src/search/toy-truth.json. It can be stopped at any time: called again it goes on from runs/toy-truth/points.jsonl.

import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

// One thread: these networks are too small for two, and the figures are then the same on every machine of a kind.
process.env.TF_NUM_INTRAOP_THREADS ??= '1';
const { fashionMnist14 } = await import('../src/data/datasets/index.ts');
const { toy } = await import('../src/search/presets/index.ts');
const { allPoints, trainPoint } = await import('../src/search/truth.ts');
const { pointName } = await import('../src/supernet/space.ts');
const { createRng } = await import('../src/util/rng.ts');
const { hashOf, writeJson } = await import('../src/util/json.ts');

/** Trainings of every point; the truth is their mean. */
const seeds = [1, 2];
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

const recipe = hashOf({ space: toy.space, training: toy.training, testImages }).slice(0, 12);
mkdirSync(dirname(path), { recursive: true });
const known = (existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [])
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Trained)
  .filter((trained) => trained.recipe === recipe);
const accuracies = new Map(known.map((one) => [`${one.seed} ${one.point}`, one.accuracy]));
const points = allPoints(toy.space);
const dataset = fashionMnist14.load();
const started = performance.now();
const total = seeds.length * points.length;
let trained = 0;

for (const seed of seeds)
  for (const choices of points) {
    const point = pointName(choices);
    const key = `${seed} ${point}`;
    if (accuracies.has(key)) continue;
    const rng = createRng(`${seed} ${point}`);
    const accuracy = await trainPoint(toy, choices, dataset, rng, testImages);
    appendFileSync(path, `${JSON.stringify({ recipe, seed, point, accuracy })}\n`);
    accuracies.set(key, accuracy);
    trained += 1;
    const minutes = (performance.now() - started) / 60_000;
    const left = ((total - accuracies.size) * minutes) / trained;
    if (trained % 10 === 0)
      process.stderr.write(
        `${accuracies.size} of ${total}, ${point} ${accuracy}, ${left.toFixed(1)} min left\n`,
      );
  }

writeJson(result, {
  recipe,
  testImages,
  seeds: seeds.length,
  accuracies: Object.fromEntries(
    points.map((choices) => {
      const point = pointName(choices);
      return [point, seeds.map((seed) => accuracies.get(`${seed} ${point}`) ?? 0)];
    }),
  ),
});
process.stdout.write(`${result}: ${points.length} points x ${seeds.length} seeds\n`);
