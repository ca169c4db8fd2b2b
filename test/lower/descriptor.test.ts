// The descriptor's layout in TypeScript against the one in SystemVerilog.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { descriptorWord, entryWords, slotCode } from '../../src/lower/descriptor.ts';
import { DESCRIPTOR_WORDS } from '../../src/schedule/timing.ts';
import { projectRoot } from '../../src/util/paths.ts';

const text = readFileSync(join(projectRoot, 'hw/rtl/nba_pkg.sv'), 'utf8');
const constants = new Map(
  [...text.matchAll(/localparam (?:int unsigned|logic \[1:0\]) (\w+) = (?:2'd)?(\d+);/g)].map(
    ([, name = '', value]) => [name, Number(value)] as const,
  ),
);

test('every constant of the package was read', () => {
  expect(constants.size).toBe([...text.matchAll(/localparam/g)].length);
  expect(constants.size).toBeGreaterThan(40);
});

test('the words of a descriptor have the same names and places', () => {
  const words = [...constants].filter(([name]) => name.startsWith('Word'));
  expect(Object.fromEntries(words)).toEqual(
    Object.fromEntries(Object.entries(descriptorWord).map(([name, k]) => [`Word${name}`, k])),
  );
  expect(constants.get('DescriptorWords')).toBe(DESCRIPTOR_WORDS);
  const places = Object.values(descriptorWord);
  expect(new Set(places).size).toBe(places.length);
  expect(Math.max(...places)).toBeLessThan(DESCRIPTOR_WORDS);
});

test('the HLS library has the same words', () => {
  const header = readFileSync(join(projectRoot, 'hw/hls/nba_words.hpp'), 'utf8');
  const words = [...header.matchAll(/^ {2}(Word\w+) = (\d+),?$/gm)].map(
    ([, name = '', value]) => [name, Number(value)] as const,
  );
  expect(Object.fromEntries(words)).toEqual(
    Object.fromEntries([...constants].filter(([name]) => name.startsWith('Word'))),
  );
  for (const name of ['ReadEntryWords', 'ArrayEntryWords', 'StoreEntryWords'])
    expect(header).toContain(`constexpr int ${name} = ${constants.get(name)};`);
});

test('table entries are as long as the walkers take them', () => {
  expect(constants.get('ReadEntryWords')).toBe(entryWords.read);
  expect(constants.get('ArrayEntryWords')).toBe(entryWords.array);
  expect(constants.get('StoreEntryWords')).toBe(entryWords.store);
});

test('a slot code names slots of 2^(code + 1) bits', () => {
  for (const slot of [2, 4, 8, 16] as const) expect(2 ** (slotCode(slot) + 1)).toBe(slot);
});
