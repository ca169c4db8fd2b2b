import { expect, test } from 'vitest';
import { xc7 } from '../../src/synth/families/index.ts';
import { countLatches, countResources } from '../../src/synth/family.ts';
import { parseStatistics } from '../../src/synth/statistics.ts';

const table = `
39. Printing statistics.

=== nba_chunk ===

   Number of wires:               4817
   Number of processes:              0
   Number of cells:                 26
     $assert                         3
     CARRY4                          2
     DSP48E1                         4
     FDRE                            5
     INV                             1
     LUT6                            2
     MUXF7                           1
     RAM32M                          1
     RAM64M                          1
     RAMB18E1                        3
     RAMB36E1                        2
     SRL16E                          1

`;

test('counts cells by type', () => {
  const cells = parseStatistics(table, 'a.stat');
  expect(cells.get('DSP48E1')).toBe(4);
  expect(cells.get('$assert')).toBe(3);
  expect(cells.size).toBe(12);
});

test('later versions print the count first', () => {
  const text =
    '=== top ===\n\n        7 wires\n        6 cells\n        4   LUT2\n        2   FDRE\n\n';
  expect([...parseStatistics(text, 'a.stat')]).toEqual([
    ['LUT2', 4],
    ['FDRE', 2],
  ]);
});

test('the last module is the top', () => {
  const text = `   Number of cells:  1\n     LUT1   1\n\n${table}`;
  expect(parseStatistics(text, 'a.stat').has('LUT1')).toBe(false);
});

test('cells of the 7 series become resources: LUT RAM is LUTs, a 36 kbit RAM is two of 18', () => {
  expect(countResources(xc7, parseStatistics(table, 'a.stat'))).toEqual({
    dsp: 4,
    bram18: 3 + 2 * 2,
    lut: 1 + 2 + 4 + 4 + 1,
    ff: 5,
  });
});

test('latches are seen', () => {
  const cells = new Map(Object.entries({ LDCE: 2, $_DLATCH_P_: 1, $dlatch: 1, FDRE: 5 }));
  expect(countLatches(xc7, cells)).toBe(4);
});

test.each([
  ['', /^a.stat holds no statistics of cells$/],
  ['   Number of cells:  3\n     LUT1   2\n', /^a.stat counts 3 cells but lists 2$/],
])('refuses %j', (text, message) => {
  expect(() => parseStatistics(text, 'a.stat')).toThrow(message);
});
