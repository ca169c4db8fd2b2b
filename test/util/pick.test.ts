import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UnknownNameError } from '../../src/util/errors.ts';
import { editDistance, namesOf, nearestName, pick } from '../../src/util/pick.ts';

const devices = {
  zc706: { dsp: 900 },
  pynqZ2: { dsp: 220 },
  other: { name: 'ultra-96', dsp: 360 },
};

function remedyOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof UnknownNameError) return `${error.message} | ${error.remedy}`;
  }
  return 'no error';
}

test('finds an entry by its own name, else by its key in kebab-case', () => {
  expect(pick('device', devices, 'ultra-96')).toBe(devices.other);
  expect(pick('device', devices, 'zc706')).toBe(devices.zc706);
  expect(pick('device', devices, 'pynq-z2')).toBe(devices.pynqZ2);
  expect(namesOf(devices)).toEqual(['zc706', 'pynq-z2', 'ultra-96']);
});

test('suggests the name that was meant', () => {
  expect(remedyOf(() => pick('device', devices, 'zc760'))).toMatchInlineSnapshot(
    `"unknown device "zc760" | did you mean "zc706"? choose one of: pynq-z2, ultra-96, zc706"`,
  );
  expect(remedyOf(() => pick('device', devices, 'Pynq_Z2'))).toMatchInlineSnapshot(
    `"unknown device "Pynq_Z2" | did you mean "pynq-z2"? choose one of: pynq-z2, ultra-96, zc706"`,
  );
  expect(remedyOf(() => pick('device', devices, 'versal'))).toMatchInlineSnapshot(
    `"unknown device "versal" | choose one of: pynq-z2, ultra-96, zc706"`,
  );
});

test('does not take what every object has for an entry', () => {
  expect(remedyOf(() => pick('device', devices, 'toString'))).toMatch('unknown device "toString"');
});

test('reads a folder module as a registry', async () => {
  const datasets = await import('../../src/data/datasets/index.ts');
  expect(pick('dataset', datasets, 'fashion-mnist')).toBe(datasets.fashionMnist);
});

test('distance is a metric', () => {
  const word = fc.string({ maxLength: 8 });
  fc.assert(
    fc.property(word, word, word, (a, b, c) => {
      expect(editDistance(a, a)).toBe(0);
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
    }),
  );
});

test('suggests nothing where nothing is near', () => {
  expect(nearestName('versal', ['zc706', 'zcu102'])).toBeUndefined();
  expect(nearestName('x', [])).toBeUndefined();
});
