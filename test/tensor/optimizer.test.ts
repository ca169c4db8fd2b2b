import { expect, test } from 'vitest';
import { tensorCount, tensorFrom, tidy, valuesOf, variableFrom } from '../../src/tensor/engine.ts';
import { cosineRate, createAdam, createMomentum } from '../../src/tensor/optimizer.ts';

test('momentum with decay follows its recurrence, absent gradients counting as zero', () => {
  const kernel = variableFrom(Float32Array.of(1, -2), [2, 1]);
  const offset = variableFrom(Float32Array.of(0.5), [1]);
  const optimizer = createMomentum([kernel, offset], 0.9, [0.1, 0]);
  let [w, b] = [[1, -2], 0.5];
  const moments = [0, 0, 0];
  for (let step = 0; step < 3; step += 1) {
    const gradient = step === 1 ? undefined : 2;
    tidy(() => {
      const first = tensorFrom(Float32Array.of(1, 1), [2, 1]);
      const second = gradient === undefined ? null : tensorFrom(Float32Array.of(gradient), [1]);
      optimizer.step([first, second], 0.1);
    });
    w = w.map((value, i) => {
      moments[i] = 0.9 * (moments[i] ?? 0) + 1 + 0.1 * value;
      return value - 0.1 * (moments[i] ?? 0);
    });
    moments[2] = 0.9 * (moments[2] ?? 0) + (gradient ?? 0);
    b -= 0.1 * (moments[2] ?? 0);
  }
  valuesOf(kernel).forEach((value, i) => {
    expect(value).toBeCloseTo(w[i] ?? 0, 5);
  });
  expect(valuesOf(offset)[0]).toBeCloseTo(b, 5);
});

test("Adam's first step has the length of its rate, and state moves to a new optimizer", () => {
  const run = (interrupt: boolean): number[] => {
    const variable = variableFrom(Float32Array.of(1, 1), [2]);
    let optimizer = createAdam([variable], 0.9, 0.999);
    const values: number[] = [];
    for (let step = 0; step < 4; step += 1) {
      if (interrupt && step === 2) {
        const state = optimizer.state();
        optimizer.dispose();
        optimizer = createAdam([variable], 0.9, 0.999);
        optimizer.restore(state);
      }
      tidy(() => {
        optimizer.step([tensorFrom(Float32Array.of(3, -0.01 * (step + 1)), [2])], 0.1);
      });
      values.push(...valuesOf(variable));
    }
    return values;
  };
  const [first, second] = run(false);
  expect(first).toBeCloseTo(0.9, 5);
  expect(second).toBeCloseTo(1.1, 5);
  expect(run(true)).toEqual(run(false));
});

test('a step leaks no tensor', () => {
  const variable = variableFrom(new Float32Array(3), [3]);
  const optimizer = createAdam([variable], 0.9, 0.999);
  const step = () => {
    tidy(() => {
      optimizer.step([tensorFrom(Float32Array.of(1, 2, 3), [3])], 0.1);
    });
  };
  step();
  const before = tensorCount();
  for (let i = 0; i < 5; i += 1) step();
  expect(tensorCount()).toBe(before);
});

test('the cosine starts at the rate and ends at zero', () => {
  expect(cosineRate(0.2, 0, 10)).toBeCloseTo(0.2);
  expect(cosineRate(0.2, 5, 10)).toBeCloseTo(0.1);
  expect(cosineRate(0.2, 10, 10)).toBeCloseTo(0);
});
