// Weight and record images against a reader that knows the layout of hardware.md 2 and nothing of the packer.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LayerNumbers } from '../../src/lower/numbers.ts';
import { packRecords, packWeights } from '../../src/lower/weights.ts';
import type { LayerPlan } from '../../src/schedule/plan.ts';
import { defined } from '../../src/util/errors.ts';
import { createRng } from '../../src/util/rng.ts';
import { plannedCases } from '../schedule/arbitraries.ts';

const asBits =
  (bytes: Uint8Array) =>
  (bit: number, width: number): number => {
    let value = 0;
    for (let k = 0; k < width; k++)
      value += (((bytes[(bit + k) >> 3] ?? 0) >> ((bit + k) & 7)) & 1) * 2 ** k;
    return value;
  };
const signedOf = (raw: number, width: number) => (raw >= 2 ** (width - 1) ? raw - 2 ** width : raw);

function numbersOf(plan: LayerPlan, seed: number): LayerNumbers {
  const rng = createRng(seed);
  const isTflite = plan.chunk.form === 'tflite';
  const { layer, chunk } = plan;
  const channels = layer.outputShape[2];
  const perGroup = layer.kind === 'depthwise' ? 1 : layer.inputShape[2] / layer.groups;
  const most = 2 ** (chunk.weightBits - 1) - 1;
  const count = channels * perGroup * layer.kernel[0] * layer.kernel[1];
  return {
    // No zeros, so that a weight that is not stored shows.
    weights: new Int16Array(count).map(() => rng.integer(1, most) * rng.pick([-1, 1])),
    bias: new Int32Array(channels).map(() => rng.integer(-(2 ** 31), 2 ** 31 - 1)),
    multipliers: Array.from({ length: channels }, () =>
      rng.integer(0, isTflite ? 2 ** 31 - 1 : 65_535),
    ),
    shifts: Array.from({ length: channels }, () =>
      isTflite ? rng.integer(-7, 31) : rng.integer(1, 47),
    ),
    isSingle: false,
  };
}

test('every weight lies where the array looks for it, and every other bit is 0', () => {
  fc.assert(
    fc.property(plannedCases, fc.nat(), ({ plan, layer, chunk, busBits }, seed) => {
      const numbers = numbersOf(plan, seed);
      const bytes = packWeights(plan, numbers);
      expect(bytes.length).toBe((plan.weightBeats * busBits) / 8);
      const read = asBits(bytes);
      const [kernelRows, kernelColumns] = layer.kernel;
      const depthwise = layer.kind === 'depthwise';
      const perInput = depthwise ? 1 : layer.inputShape[2] / layer.groups;
      const perOutput = layer.outputShape[2] / layer.groups;
      const lanes = depthwise ? 1 : chunk.inputs;
      const wordBits = chunk.outputs * lanes * chunk.weightBits;
      const perBeat = 2 ** Math.floor(Math.log2(Math.max(1, busBits / wordBits)));
      const beatsPerWord = Math.ceil(wordBits / busBits);
      let ones = 0;
      for (let position = 0; position < layer.outputShape[2]; position++) {
        const index = plan.outputs.findIndex(
          ({ start, channels }) => position >= start && position < start + channels,
        );
        const within = position - defined(plan.outputs[index], 'an output tile').start;
        const group = Math.floor((layer.permutation?.[position] ?? position) / perOutput);
        for (let c = 0; c < perInput; c++) {
          const channel = depthwise ? position : group * perInput + c;
          const step = defined(
            plan.steps.find(
              ({ output, start, channels }) =>
                output === index && channel >= start && channel < start + channels,
            ),
            'a step',
          );
          const lane = depthwise ? 0 : channel - step.start;
          for (let i = 0; i < kernelRows; i++)
            for (let j = 0; j < kernelColumns; j++) {
              // Output group, input group, kernel row, kernel column: one array word each.
              const groups =
                Math.floor(within / chunk.outputs) * step.inputGroups + Math.floor(lane / lanes);
              const word = (groups * kernelRows + i) * kernelColumns + j;
              const beat = step.weightAddress + Math.floor(word / perBeat) * beatsPerWord;
              const field = (within % chunk.outputs) * lanes + (lane % lanes);
              const bit = beat * busBits + (word % perBeat) * wordBits + field * chunk.weightBits;
              const raw = read(bit, chunk.weightBits);
              const at = ((position * kernelRows + i) * kernelColumns + j) * perInput + c;
              if (signedOf(raw, chunk.weightBits) !== numbers.weights[at])
                throw new Error(
                  `weight ${at} is ${signedOf(raw, chunk.weightBits)}, not ${numbers.weights[at]}`,
                );
              for (let k = raw; k > 0; k = Math.floor(k / 2)) ones += k % 2;
            }
        }
      }
      let stored = 0;
      for (const byte of bytes) for (let k = byte; k > 0; k >>= 1) stored += k & 1;
      expect(stored).toBe(ones);
    }),
    { numRuns: 100 },
  );
});

test('every channel has its record; spare lanes store the zero point', () => {
  fc.assert(
    fc.property(plannedCases, fc.nat(), ({ plan, chunk, slots, busBits }, seed) => {
      const numbers = numbersOf(plan, seed);
      const read = asBits(packRecords(plan, numbers));
      const lanes = busBits / slots.output;
      for (const output of plan.outputs)
        for (let k = 0; k < Math.ceil(output.channels / lanes) * lanes; k++) {
          const isTflite = chunk.form === 'tflite';
          const bit = output.parameterAddress * busBits + k * (isTflite ? 128 : 64);
          const channel = output.start + k;
          const isSpare = k >= output.channels;
          const shift = isSpare ? (isTflite ? 0 : 1) : defined(numbers.shifts[channel], 'a shift');
          const multiplier = isSpare ? 0 : numbers.multipliers[channel];
          expect(signedOf(read(bit, 32), 32)).toBe(isSpare ? 0 : numbers.bias[channel]);
          if (isTflite) {
            // bias 32, multiplier 32, left shift 8, right shift 8, spare 1
            expect(read(bit + 32, 32)).toBe(multiplier);
            expect(read(bit + 72, 8) - read(bit + 64, 8)).toBe(shift);
            expect(read(bit + 64, 8) * read(bit + 72, 8)).toBe(0);
            expect(read(bit + 80, 48)).toBe(isSpare ? 1 : 0);
          } else {
            // bias 32, multiplier 16, shift 6, spare 1
            expect(read(bit + 32, 16)).toBe(multiplier);
            expect(read(bit + 48, 6)).toBe(shift);
            expect(read(bit + 54, 10)).toBe(isSpare ? 1 : 0);
          }
        }
    }),
    { numRuns: 100 },
  );
});
