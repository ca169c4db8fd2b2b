import { expect, test } from 'vitest';
import { fuzz, fuzzedFiles } from './fuzz.ts';
import { smallFiles } from './support/small-files.ts';

const small = smallFiles();

test.each(Object.entries(fuzzedFiles))('10,000 damaged %s files', (format, file) => {
  const others = small[format as keyof typeof small];
  const { refused, imported, slowestMilliseconds } = fuzz([file, ...others], 10_000, 3);
  expect(refused + imported).toBe(10_000);
  expect(slowestMilliseconds).toBeLessThan(2000);
});
