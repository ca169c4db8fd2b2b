import { expect, test } from 'vitest';
import { formatBytes, formatCount, formatSeconds } from '../../src/util/units.ts';

test.each([
  [0, '0'],
  [7, '7'],
  [999, '999'],
  [999.7, '1.00 k'],
  [1234567, '1.23 M'],
  [0.5, '0.50'],
])('a count of %s reads %s', (count, text) => {
  expect(formatCount(count)).toBe(text);
});

test('a count may have a unit', () => {
  expect(formatCount(200e6, 'Hz')).toBe('200 MHz');
});

test.each([
  [512, '512 B'],
  [1536, '1.50 KiB'],
  [884998144, '844 MiB'],
])('%s bytes read %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0.34, '340 ms'],
  [0.9999, '1.00 s'],
  [12.5, '12.5 s'],
  [59.97, '1 min 0 s'],
  [200, '3 min 20 s'],
  [7500, '2 h 5 min'],
])('%s seconds read %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});
