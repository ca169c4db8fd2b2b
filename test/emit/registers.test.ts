// The register map that documents and drivers are made from against the RTL that decodes it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { registerMap } from '../../src/emit/registers.ts';
import { projectRoot } from '../../src/util/paths.ts';

const text = readFileSync(join(projectRoot, 'hw/rtl/nba_csr.sv'), 'utf8');
const writes = text.indexOf('always_ff');

/** Byte offsets that a part of the module decodes, for that many chunks. */
function decoded(part: string, chunks: number): number[] {
  const single = [...part.matchAll(/10'h([0-9a-f]{3}):/g)].map(([, word = '']) =>
    Number.parseInt(word, 16),
  );
  // Loops over consecutive words: their bound and the first word.
  const loops =
    /< (4|Chunks|Chunks \* 4); \w\+\+\)\s*if \(a[rw]_address_i\[11:2\] == 10'\((\d+) \+ \w\)\)/g;
  const bounds = new Map([
    ['4', 4],
    ['Chunks', chunks],
    ['Chunks * 4', chunks * 4],
  ]);
  const found = [...part.matchAll(loops)];
  expect(found.length).toBe([...part.matchAll(/10'\(/g)].length);
  const ranges = found.flatMap(([, bound = '', first]) =>
    Array.from({ length: bounds.get(bound) ?? 0 }, (_, k) => Number(first) + k),
  );
  return [...single, ...ranges].map((word) => word * 4).sort((a, b) => a - b);
}

test.each([1, 2, 15])(
  'with %i chunks the map lists what the module answers and takes',
  (chunks) => {
    const map = registerMap(chunks);
    const offsets = map.map(({ offset }) => offset).sort((a, b) => a - b);
    expect(decoded(text.slice(0, writes), chunks)).toEqual(offsets);
    const writable = map.filter(({ access }) => access === 'read/write');
    expect(decoded(text.slice(writes), chunks)).toEqual(
      writable.map(({ offset }) => offset).sort((a, b) => a - b),
    );
  },
);

test('names and offsets are unique, offsets whole words below the program window', () => {
  const map = registerMap(15);
  expect(new Set(map.map(({ name }) => name)).size).toBe(map.length);
  expect(new Set(map.map(({ offset }) => offset)).size).toBe(map.length);
  for (const { offset } of map) {
    expect(offset % 4).toBe(0);
    expect(offset).toBeLessThan(0x1000);
  }
});

test('the ID spells NBA1', () => {
  const [, high, low] = /Id = 32'h([0-9a-f]{4})_([0-9a-f]{4})/.exec(text) ?? [];
  expect(Buffer.from(`${high}${low}`, 'hex').toString('ascii')).toBe('NBA1');
  expect(registerMap(1)[0]?.meaning).toContain(`0x${high}${low}`.toUpperCase().replace('X', 'x'));
});
