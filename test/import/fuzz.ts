// Damaged model files: whatever is done to one, it is refused with a cure or makes a network that runs.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { importBytes } from '../../src/import/import-model.ts';
import { runInteger } from '../../src/integer/run.ts';
import { elementsOf, rangeOf, totalMacs } from '../../src/network/geometry.ts';
import { tensorOf } from '../../src/network/network.ts';
import { AutoNbaError } from '../../src/util/errors.ts';

type Mutate = (bytes: Uint8Array) => Uint8Array;

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const at = (bytes: Uint8Array, where: number): number =>
  Math.max(0, Math.floor(where * bytes.length));

/** Most of a model is weights; what describes it lies at the ends. */
const interesting = fc.oneof(
  place,
  place.map((where) => where ** 6),
  place.map((where) => 1 - where ** 6 - 1e-9),
);

const flip = fc.tuple(interesting, fc.integer({ min: 0, max: 7 })).map(
  ([where, bit]): Mutate =>
    (bytes) => {
      const index = at(bytes, where);
      bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
      return bytes;
    },
);

const truncate = interesting.map(
  (where): Mutate =>
    (bytes) =>
      bytes.subarray(0, at(bytes, where)),
);

const swap = fc.tuple(interesting, interesting, fc.constantFrom(1, 2, 4, 8)).map(
  ([from, to, width]): Mutate =>
    (bytes) => {
      const [a, b] = [at(bytes, from), at(bytes, to)];
      const kept = bytes.slice(a, a + width);
      bytes.copyWithin(a, b, b + width);
      bytes.set(kept.subarray(0, bytes.length - b), b);
      return bytes;
    },
);

const overwrite = fc
  .tuple(interesting, fc.constantFrom(0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 30, 65_535, 127))
  .map(
    ([where, value]): Mutate =>
      (bytes) => {
        const index = Math.min(at(bytes, where), bytes.length - 4);
        if (index >= 0) new DataView(bytes.buffer, bytes.byteOffset).setInt32(index, value, true);
        return bytes;
      },
  );

const mutations = fc.array(fc.oneof(flip, flip, swap, overwrite, truncate), {
  minLength: 1,
  maxLength: 4,
});

const read = (name: string): Uint8Array =>
  readFileSync(fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url)));

/** A model file of each format. */
export const fuzzedFiles = {
  tflite: read('mlperf-tiny-resnet8/resnet8.tflite'),
  onnx: read('qonnx-tfc-2w2a/tfc_2w2a.onnx'),
};

/** What became of all damaged files. */
export interface FuzzResult {
  readonly refused: number;
  readonly imported: number;
  readonly slowestMilliseconds: number;
}

/** Damages files and imports them; anything but a refusal with a cure or a network that runs is thrown. */
export function fuzz(files: readonly Uint8Array[], runs: number, seed: number): FuzzResult {
  let [refused, imported, slowestMilliseconds] = [0, 0, 0];
  fc.assert(
    fc.property(fc.nat({ max: files.length - 1 }), mutations, (chosen, steps) => {
      let damaged: Uint8Array = Uint8Array.from(files[chosen] ?? []);
      for (const step of steps) damaged = step(damaged);
      const started = performance.now();
      try {
        const { network } = importBytes(damaged, 'damaged');
        imported += 1;
        slowestMilliseconds = Math.max(slowestMilliseconds, performance.now() - started);
        // A damaged shape may ask for much work, which is no fault of the importer's.
        if (totalMacs(network) > 3e7) return;
        const input = tensorOf(network, network.input);
        if (elementsOf(input.shape) > 1e6) return;
        const { low, high } = rangeOf(input);
        const image = new Int32Array(elementsOf(input.shape)).map(
          (_, index) => low + (index % (high - low + 1)),
        );
        if (imported % 8 === 0) runInteger(network, image);
      } catch (error) {
        slowestMilliseconds = Math.max(slowestMilliseconds, performance.now() - started);
        if (!(error instanceof AutoNbaError) || error.exitCode !== 2) throw error;
        if (error.message === '' || error.remedy === '')
          throw new Error('a refusal without a cure');
        refused += 1;
      }
    }),
    { numRuns: runs, seed, endOnFailure: true },
  );
  return { refused, imported, slowestMilliseconds };
}
