import { expect, test } from 'vitest';
import { fuzz, fuzzedFiles } from './fuzz.ts';
import { smallFiles } from './support/small-files.ts';

test.each(Object.entries(fuzzedFiles))('300 damaged %s files', (_format, file) => {
  const { refused, imported, slowestMilliseconds } = fuzz([file], 300, 1);
  expect(refused + imported).toBe(300);
  expect(refused).toBeGreaterThan(20);
  expect(slowestMilliseconds).toBeLessThan(2000);
});

// In a small file nearly every byte says something.
test.each(Object.entries(smallFiles()))('300 damaged small %s files', (_format, files) => {
  const { refused, imported, slowestMilliseconds } = fuzz(files, 300, 2);
  expect(refused + imported).toBe(300);
  expect(slowestMilliseconds).toBeLessThan(2000);
});
