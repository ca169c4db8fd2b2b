import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { supplyRemovedNodeFunctions } from '../../src/util/node-compat.ts';

test('CommonJS packages see the function that newer Node releases removed', () => {
  const util = createRequire(import.meta.url)('node:util');
  util.isNullOrUndefined = undefined;
  supplyRemovedNodeFunctions();
  expect([null, undefined, 0, ''].map(util.isNullOrUndefined)).toEqual([true, true, false, false]);
});
