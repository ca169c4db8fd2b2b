// Handlebars prints nothing for what is not there; the binding must refuse it instead, naming the place.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defineTemplate } from '../../src/emit/template.ts';
import { TemplateError } from '../../src/util/errors.ts';
import { projectRoot } from '../../src/util/paths.ts';

const file = 'sim/binding.hpp.hbs';
const render = defineTemplate<Record<string, unknown>>(file);
const whole = {
  designName: 'd',
  hash: 'h',
  moduleName: 'm',
  busType: 'QData',
  busBytes: 8,
  chunkCount: 1,
  portCount: 1,
  slotCounts: '1',
  ports: [{ index: 0, prefix: 'm00_axi' }],
  chips: [{ index: 0, signal: 's' }],
};

const complaint = (view: Record<string, unknown>): string => {
  try {
    return render(view);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return error.message;
  }
};

test('a whole view is printed, and nothing is escaped', () => {
  const text = complaint({ ...whole, designName: `a<b>&"c'` });
  expect(text).toContain(`// Design a<b>&"c', configuration h.`);
  expect(text).toContain('constexpr int kBusBytes = 8;');
});

test.each(Object.keys(whole))('a view without %s is refused', (key) => {
  const { [key]: _, ...rest } = whole as Record<string, unknown>;
  expect(complaint(rest)).toBe(`${file}: view.${key} is missing`);
});

test.each([
  ['undefined', undefined, 'is missing'],
  ['null', null, 'is missing'],
  ['NaN', Number.NaN, 'is NaN, not a whole number'],
  ['a fraction', 0.5, 'is 0.5, not a whole number'],
  ['infinity', Number.POSITIVE_INFINITY, 'is Infinity, not a whole number'],
  ['a number beyond 2^53', 2 ** 53, 'is 9007199254740992, not a whole number'],
])('%s is refused, deep in a list too', (_name, value, problem) => {
  expect(complaint({ ...whole, busBytes: value })).toBe(`${file}: view.busBytes ${problem}`);
  const ports = [
    { index: 0, prefix: 'a' },
    { index: value, prefix: 'b' },
  ];
  expect(complaint({ ...whole, ports })).toBe(`${file}: view.ports[1].index ${problem}`);
});

test('a field that is missing only in a list is refused where it stands', () => {
  expect(complaint({ ...whole, ports: [{ index: 0 }] })).toBe(
    `${file}: view.ports[0].prefix is missing`,
  );
});

test('0 and the empty text are values', () => {
  const text = complaint({ ...whole, portCount: 0, ports: [], busType: '' });
  expect(text).toContain('constexpr int kPorts = 0;');
  expect(text).toContain('using BusData = ;');
});

test('every field the template names was tried above', () => {
  const text = readFileSync(join(projectRoot, 'templates', file), 'utf8');
  const fields = [...text.matchAll(/\{\{(?:#each )?(\w+)\}\}/g)].map(([, name]) => name);
  expect([...new Set(fields)].sort()).toEqual(
    [...Object.keys(whole), 'index', 'prefix', 'signal'].sort(),
  );
});
