// TFC-2W2A: the imported integers against the graph evaluated in floating point.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { importBytes } from '../../src/import/import-model.ts';
import { runOutput } from '../../src/integer/run.ts';
import { isWeighted, rangeOf } from '../../src/network/geometry.ts';
import { tensorOf } from '../../src/network/network.ts';
import { createRng } from '../../src/util/rng.ts';
import { loadFixtureImages } from '../support/fixture-images.ts';
import { evaluator } from './qonnx-evaluator.ts';

const path = fileURLToPath(new URL('../fixtures/qonnx-tfc-2w2a/tfc_2w2a.onnx', import.meta.url));
const file = readFileSync(path);
const size = 28 * 28;

/** Photographs of clothes, then strokes and noise: grey levels from 0 to 1. */
function images(): Float64Array[] {
  const set = loadFixtureImages();
  const photographs = Array.from({ length: 256 }, (_, image) =>
    Float64Array.from(
      set.images.subarray(image * size, (image + 1) * size),
      (pixel) => pixel / 255,
    ),
  );
  const rng = createRng('tfc');
  const drawn = Array.from({ length: 800 }, () => {
    const picture = new Float64Array(size);
    for (let stroke = rng.integer(1, 6); stroke > 0; stroke--) {
      let [row, column] = [rng.integer(4, 23), rng.integer(4, 23)];
      for (let step = rng.integer(5, 40); step > 0; step--) {
        picture[row * 28 + column] = 0.5 + rng.next() / 2;
        row = Math.min(27, Math.max(0, row + rng.integer(-1, 1)));
        column = Math.min(27, Math.max(0, column + rng.integer(-1, 1)));
      }
    }
    return picture;
  });
  const noise = Array.from({ length: 144 }, () => new Float64Array(size).map(() => rng.next()));
  return [...photographs, ...drawn, ...noise];
}

test('all outputs of 1,200 images are equal', () => {
  const { network, output, host, notes } = importBytes(file, 'tfc');
  const evaluate = evaluator(file);
  const input = tensorOf(network, network.input);
  const { low, high } = rangeOf(input);
  const all = images();
  expect(all.length).toBe(1200);
  const stored = new Int8Array(all.length * size);
  all.forEach((image, index) => {
    // The host's part: 2 x - 1, to the nearest of -1, 0, 1.
    image.forEach((pixel, at) => {
      const code = Math.min(1, Math.max(-1, Math.round(2 * pixel - 1))) + 0;
      stored[index * size + at] = Math.min(high, Math.max(low, code));
    });
  });
  const integers = runOutput(network, stored);
  let largest = 0;
  const classes = new Set<number>();
  all.forEach((image, index) => {
    const expected = evaluate(image);
    const got = Float64Array.from(
      integers.subarray(index * 10, (index + 1) * 10),
      (value) => output.scale * (value - output.zero),
    );
    classes.add(expected.indexOf(Math.max(...expected)));
    expected.forEach((value, at) => {
      largest = Math.max(largest, Math.abs(value - (got[at] ?? 0)));
    });
  });
  // One step of the output is far more than the rounding of doubles.
  expect(largest).toBeLessThan(output.scale * 1e-6);
  expect(classes.size).toBeGreaterThan(5);
  expect(host.map(({ operator, place }) => `${operator} ${place}`)).toEqual([
    'Mul before',
    'Sub before',
    'Quant before',
  ]);
  expect(notes).toEqual([]);
  for (const operator of network.operators.filter(isWeighted)) expect(operator.weightBits).toBe(2);
});
