import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { lineChart } from '../../src/report/chart.ts';
import { escapeHtml } from '../../src/report/html.ts';
import { grouped, percent, short, ticksUpTo } from '../../src/report/numbers.ts';
import { encodePng } from '../../src/report/png.ts';

test('escapes what HTML reads as its own', () => {
  expect(escapeHtml('a<b>&"\'`')).toBe('a&lt;b&gt;&amp;&quot;&#39;&#96;');
  expect(escapeHtml('&amp;')).toBe('&amp;amp;');
  // A zero byte, and letters that would turn the line's direction round.
  expect(escapeHtml('a\u0000b\u202ec')).toBe('a\ufffdb\ufffdc');
});

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [1234567, '1,234,567'],
  [-1234, '-1,234'],
])('%d is printed %s', (value, text) => {
  expect(grouped(value)).toBe(text);
});

test('numbers are short', () => {
  expect([short(6660.67), short(0.275435), short(17.5)]).toEqual(['6,661', '0.2754', '17.5']);
  expect(percent(0.88123)).toBe('88.12 %');
});

test('axes are marked with round numbers from 0 on', () => {
  expect(ticksUpTo(43_000)).toEqual([0, 20_000, 40_000]);
  expect(ticksUpTo(1.7)).toEqual([0, 0.5, 1, 1.5]);
  expect(ticksUpTo(0)).toEqual([0]);
});

test('a line runs from left to right, higher where the value is higher', () => {
  const { series } = lineChart('title', 'epoch', [
    { name: 'a', colour: 'line-a', values: [undefined, 1, 2] },
    { name: 'none', colour: 'line-b', values: [undefined] },
  ]);
  expect(series).toHaveLength(1);
  const [low, high] = series[0]?.dots ?? [];
  expect(Number(high?.x)).toBeGreaterThan(Number(low?.x));
  expect(Number(high?.y)).toBeLessThan(Number(low?.y));
  expect(series[0]?.path).toBe(`M${low?.x} ${low?.y} L${high?.x} ${high?.y}`);
});

test('a PNG holds its pixels, line by line without a filter', () => {
  const png = encodePng(Uint8Array.of(1, 2, 3, 4, 5, 6), 2, 3, 1);
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const start = png.indexOf('IDAT');
  const length = png.readUInt32BE(start - 4);
  const raw = inflateSync(png.subarray(start + 4, start + 4 + length));
  expect([...raw]).toEqual([0, 1, 2, 3, 0, 4, 5, 6]);
  expect(png.subarray(16, 26).toString('hex')).toBe('00000003000000020800');
});

test('colours stay colours, other channels show the first', () => {
  expect(encodePng(Uint8Array.of(1, 2, 3), 1, 1, 3)[25]).toBe(2);
  expect(encodePng(Uint8Array.of(1, 2), 1, 1, 2)[25]).toBe(0);
});
