import { expect, test } from 'vitest';
import { parseReport } from '../../src/synth/place.ts';

const place = (cell: string) => ({ cell, loc: [1, 2], port: 'Q' });
const report = {
  critical_paths: [
    {
      from: '<async>',
      to: 'posedge clk_i',
      path: [{ delay: 9, from: place('pin'), to: place('pin2') }],
    },
    {
      from: 'posedge clk_i',
      to: 'posedge clk_i',
      path: [
        { delay: 0.5, from: place('u_a.q'), to: place('u_a.q'), type: 'clk-to-q' },
        { delay: 1.25, from: place('u_a.q'), to: place('u_b.d'), net: 'n', type: 'routing' },
        { delay: 0.25, from: place('u_b.d'), to: place('u_b.q'), type: 'setup' },
      ],
    },
  ],
  fmax: { clk_i: { achieved: 500, constraint: 100 } },
  utilization: { TRELLIS_FF: { available: 83640, used: 5291 } },
};

test('a report is read by the names of its fields', () => {
  expect(parseReport(JSON.stringify(report), 'a.json')).toEqual({
    maxFrequencyMHz: 500,
    criticalPath: { from: 'u_a.q', to: 'u_b.q', nanoseconds: 2 },
    utilization: { TRELLIS_FF: { available: 83640, used: 5291 } },
  });
});

test.each([
  [{ ...report, fmax: {} }, /^a.json names no clock with a critical path$/],
  [{ ...report, critical_paths: [] }, /^a.json names no clock with a critical path$/],
  [{ fmax: report.fmax }, /^a.json is no timing report: /],
])('a report without clock, path or field is refused', (wrong, message) => {
  expect(() => parseReport(JSON.stringify(wrong), 'a.json')).toThrow(message);
});
