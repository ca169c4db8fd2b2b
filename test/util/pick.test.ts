import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UnknownNameError } from '../../src/util/errors.ts';
import { editDistance, nearestName, pick, pickNamed } from '../../src/util/pick.ts';

const devices = { zc706: { name: 'zc706' }, ultra96: { name: 'ultra-96' } };

function remedyOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof UnknownNameError) return `${error.message} | ${error.remedy}`;
  }
  return 'no error';
}

test('finds an entry by its name or its key', () => {
  expect(pickNamed('device', devices, 'ultra-96')).toBe(devices.ultra96);
  expect(pick('device', devices, 'zc706')).toBe(devices.zc706);
});

test('suggests the name that was meant', () => {
  expect(remedyOf(() => pickNamed('device', devices, 'zc760'))).toMatchInlineSnapshot(
    `"unknown device "zc760" | did you mean "zc706"? choose one of: ultra-96, zc706"`,
  );
  expect(remedyOf(() => pick('device', devices, 'Ultra_96'))).toMatchInlineSnapshot(
    `"unknown device "Ultra_96" | did you mean "ultra96"? choose one of: ultra96, zc706"`,
  );
  expect(remedyOf(() => pickNamed('device', devices, 'versal'))).toMatchInlineSnapshot(
    `"unknown device "versal" | choose one of: ultra-96, zc706"`,
  );
});

test('does not take what every object has for an entry', () => {
  expect(remedyOf(() => pick('device', devices, 'toString'))).toMatch('unknown device "toString"');
});

test('reads a folder module as a registry', async () => {
  const registry = await import('../../src/util/units.ts');
  expect(pick('function', registry as unknown as Record<string, unknown>, 'formatBytes')).toBe(
    registry.formatBytes,
  );
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
