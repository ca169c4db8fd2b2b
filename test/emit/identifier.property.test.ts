import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sanitizeIdentifier } from '../../src/emit/identifier.ts';
import { keywords } from '../../src/emit/keywords.ts';
import { readLibrary } from '../../src/emit/library.ts';

test('an identifier is one in Verilog and C++, and short', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary', maxLength: 300 })), (name) => {
      const identifier = sanitizeIdentifier(name);
      expect(identifier).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(identifier.length).toBeLessThanOrEqual(60);
      expect(sanitizeIdentifier(identifier)).toBe(identifier);
    }),
    { numRuns: 500 },
  );
});

test('a plain name stays as it is', () => {
  for (const name of ['fashion_early', 'a', 'net2', 'x_1_y'])
    expect(sanitizeIdentifier(name)).toBe(name);
});

test('no key word passes, in whatever case it is written', () => {
  expect(keywords.size).toBeGreaterThan(240);
  // A few of each kind, in case the list itself lost some.
  for (const word of ['module', 'always_ff', 'table', 'and', 'tri0', 'uwire', 'restrict', 'soft'])
    expect(keywords.has(word)).toBe(true);
  for (const word of keywords)
    for (const name of [word, word.toUpperCase()])
      expect(`${word}: ${keywords.has(sanitizeIdentifier(name))}`).toBe(`${word}: false`);
});

test('no module of the library is shadowed', () => {
  const modules = [...readLibrary().keys()].map((file) => file.replace('.sv', ''));
  expect(modules.length).toBeGreaterThan(10);
  for (const name of modules) expect(modules.includes(sanitizeIdentifier(name))).toBe(false);
});
