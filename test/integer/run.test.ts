import { expect, test } from 'vitest';
import {
  accumulatorRanges,
  checkAccumulators,
  loweredBias,
} from '../../src/integer/accumulators.ts';
import { accuracy, classify, runInteger, runOutput } from '../../src/integer/run.ts';
import { isWeighted } from '../../src/network/geometry.ts';
import { AutoNbaError, defined } from '../../src/util/errors.ts';
import { tiny, tinyParameters, withConv, withTensor } from '../network/tiny.ts';

const images = Int32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, -1, -2, -3, -4, -5, -6, -7, -8, -9);

function complaint(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof AutoNbaError) return `${error.message} => ${error.remedy}`;
    throw error;
  }
  return 'ran';
}

test('every tensor of a network worked out by hand', () => {
  const tensors = runInteger(tiny, images);
  expect([...tensors.keys()]).toEqual(['image', 'map', 'sum', 'mean', 'scores']);
  const map = images.map((value) => 2 * value + 1);
  expect(tensors.get('map')).toEqual(map);
  expect(tensors.get('sum')).toEqual(map.map((value, index) => value + (images[index] ?? 0)));
  expect(tensors.get('mean')).toEqual(Int32Array.of(16, -14));
  expect(tensors.get('scores')).toEqual(Int32Array.of(16, -16, -14, 14));
});

test('only the first images, where a count says so', () => {
  expect(runOutput(tiny, images, 1)).toEqual(Int32Array.of(16, -16));
});

test('classes and accuracy; equal scores give the lowest class', () => {
  const seen: number[] = [];
  expect(classify(tiny, images, undefined, (done) => seen.push(done))).toEqual(Int32Array.of(0, 1));
  expect(seen).toEqual([1, 2]);
  expect(accuracy(tiny, images, [0, 0])).toBe(0.5);
  const silent = { ...tinyParameters, bias: Int32Array.of(0) };
  expect(classify(withConv({ parameters: silent }), new Uint8Array(9))).toEqual(Int32Array.of(0));
});

test('sums are bounded, with the zero point in the lowered bias', () => {
  const network = withTensor('image', { zeroPoint: -3 });
  const conv = defined(network.operators.find(isWeighted), 'convolution');
  expect(accumulatorRanges(network, conv)).toEqual([{ low: 1 - 2 * 125, high: 1 + 2 * 130 }]);
  expect(loweredBias(network, conv)).toEqual(Float64Array.of(1 + 6));
});

test('a sum beyond 32 bits is refused, a left shift counted with it', () => {
  const bias = Int32Array.of(2 ** 31 - 200);
  expect(
    complaint(() => checkAccumulators(withConv({ parameters: { ...tinyParameters, bias } }))),
  ).toMatchInlineSnapshot(
    `"operator "conv": channel 0 can sum to [2147483192, 2147483702], beyond 32 bits => use fewer bits for its weights or activations, or fewer input channels"`,
  );
  const shifted = (value: number, exponent: number) =>
    withConv({
      parameters: {
        ...tinyParameters,
        bias: Int32Array.of(value),
        requantization: {
          form: 'tflite',
          rounding: 'double',
          multipliers: [2 ** 30],
          exponents: [exponent],
        },
      },
    });
  expect(complaint(() => runInteger(shifted(2 ** 24, 7), images))).toMatchInlineSnapshot(
    `"operator "conv": channel 0 can sum to [16777216, 2147516160], beyond 32 bits => use fewer bits for its weights or activations, or fewer input channels"`,
  );
  expect(complaint(() => runInteger(shifted(2 ** 24, 6), images))).toBe('ran');
});

test('wrong images and missing weights say so', () => {
  const { parameters: _, ...weightless } = defined(tiny.operators.find(isWeighted), 'convolution');
  const bare = { ...tiny, operators: [weightless, ...tiny.operators.slice(1)] };
  expect([
    complaint(() => runInteger(tiny, images.subarray(1))),
    complaint(() => runInteger(tiny, images, 3)),
    complaint(() => runInteger(tiny, new Int32Array(9).fill(128))),
    complaint(() => runInteger(bare, images)),
    complaint(() => accuracy(tiny, images, [1])),
  ]).toMatchInlineSnapshot(`
    [
      "images: they hold 17 integers, not a multiple of 9 => give images in the shape of the input tensor "image"",
      "images: 3 are asked for, 2 are given => ask for 1 to 2",
      "image 0: it holds 128, outside [-128, 127] of tensor "image" => quantize images with the scale and zero point of the input tensor",
      "operator "conv": it has no weights => train or import the network; without weights it can only be explored and estimated",
      "labels: 1 are given for 2 images => give one label per image",
    ]
  `);
});
