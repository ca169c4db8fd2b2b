import { expect, test } from 'vitest';
import { renderReport } from '../../src/report/render-report.ts';
import type { ReportData } from '../../src/report/report-data.ts';
import { defined } from '../../src/util/errors.ts';
import { full, smallest } from './sample.ts';

/** What a reader sees: no tags, no style. */
const textOf = (html: string): string =>
  html
    .replace(/<style>.*?<\/style>/s, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');

const grouped = (value: number): string => value.toLocaleString('en-US');

test('shows every figure of the run', () => {
  const text = textOf(renderReport(full));
  const { prediction } = full;
  for (const figure of [
    ...['88.49', 'float 88.52 %, −0.03 points'],
    ...[grouped(prediction.epochCycles), `${grouped(prediction.latencyCycles)} cycles`],
    ...['bit-exact and cycle-exact', '100 images, 2 memory settings, 2 runs in Verilator 5.48'],
    ...['450 900 50.0 %', '218 1,090 20.0 %', '43,720 218,600 20.0 %', '449'],
    ...['k5e6 6 bit', 'skip', '123,456', '654,321', 'L 61, S 1, OT 8, Lw 10'],
    ...prediction.layers.flatMap(({ name, cycles }) => [name, grouped(cycles)]),
    ...prediction.chunkCycles.map(grouped),
    ...[
      'shoe',
      'is shirt',
      '1 right',
      'abc123',
      '3 min 23 s',
      '1.50 GiB',
      'micro',
      '812',
      'Proven optimal',
    ],
  ])
    expect(text).toContain(figure);
});

test('draws the search from its trace', () => {
  const html = renderReport(full);
  expect(html).toContain('training, epoch 0: 2');
  expect(html).toContain('validation, architecture step, epoch 1: 1.25');
  expect(html).toContain('expected over the sampled shares, epoch 1: 4,000');
  expect(html).toContain('derived network on its own accelerator (γ*), epoch 1: 5,000');
});

test('a design alone makes a page, with nothing undefined on it', () => {
  const html = renderReport(smallest);
  const text = textOf(html);
  expect(text).toContain('not simulated');
  expect(text).not.toMatch(/undefined|NaN|\[object/);
  expect(textOf(renderReport(full))).not.toMatch(/undefined|NaN|\[object/);
  for (const id of ['resources', 'search', 'images']) expect(html).not.toContain(`id="${id}"`);
});

test('a trace that ended in NaN leaves a gap', () => {
  const [first] = full.trace ?? [];
  const broken = { ...defined(first, 'record'), loss: Number.NaN };
  expect(renderReport({ ...full, trace: [broken] })).not.toContain('NaN');
});

test('what differs is said first', () => {
  const verification = defined(full.verification, 'verification');
  const [run] = verification.runs;
  const broken: ReportData = {
    ...full,
    verification: {
      ...verification,
      bitExact: false,
      cycleExact: false,
      firstMismatch: {
        layer: 'conv',
        image: 3,
        channel: 1,
        row: 2,
        column: 0,
        expected: -5,
        got: 7,
      },
      runs: [
        {
          ...defined(run, 'run'),
          cycleExact: false,
          layers: [{ name: 'conv', chunk: 0, predictedCycles: 10, simulatedCycles: 11 }],
        },
      ],
    },
  };
  const html = renderReport(broken);
  expect(textOf(html)).toContain('bits differ and cycles differ');
  expect(textOf(html)).toContain(
    'first in conv, image 3, channel 1, row 2, column 0: expected -5, got 7',
  );
  expect(html).toContain('<td class="differs">11</td>');
});

test('names cannot bring markup of their own', () => {
  const evil = "\"><script>alert(1)</script><img src=x onerror='x'>{{evil}}";
  const hostile: ReportData = {
    ...full,
    design: {
      ...full.design,
      name: evil,
      provenance: { ...full.design.provenance, strategy: evil, dataset: evil },
      accelerator: {
        ...full.design.accelerator,
        chunks: full.design.accelerator.chunks.map((chunk) => ({ ...chunk, name: evil })),
      },
    },
    prediction: {
      ...full.prediction,
      layers: full.prediction.layers.map((layer) => ({ ...layer, name: evil })),
    },
    trace: undefined,
    search: { preset: evil, dataset: evil },
    pictures: { ...defined(full.pictures, 'pictures'), classes: [evil, evil] },
    origins: [[evil, evil]],
    files: ['javascript:alert(1)', `a/${evil}`, '//elsewhere.example/a'],
  };
  const html = renderReport(hostile);
  expect(html).not.toMatch(/<script|<img src=x|onerror='/);
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(html).toContain('{{evil}}');
  const addresses = [...html.matchAll(/href="([^"]*)"/g)].map((match) => match[1]);
  expect(addresses).toHaveLength(3);
  for (const address of addresses) expect(address).toMatch(/^\.\/[^:<>"']*$/);
  // The same elements as with harmless names.
  const tags = (page: string) => [...page.matchAll(/<[a-z][a-z0-9]*/g)].length;
  const harmless = { ...hostile, design: full.design, prediction: full.prediction };
  expect(tags(html)).toBe(tags(renderReport(harmless)));
});

test('nothing is fetched and nothing runs', () => {
  const html = renderReport(full);
  expect(html).not.toMatch(/https?:|<script|<link|@import|url\(/);
  expect(html).toContain("default-src 'none'");
});

test('equal data gives equal bytes', () => {
  expect(renderReport(structuredClone(full))).toBe(renderReport(full));
});

test('is well formed: every element is closed in order, ids are unique', () => {
  const html = renderReport(full);
  const open: string[] = [];
  for (const [, slash, name, end] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*?(\/?)>/g)) {
    if (end === '/' || name === 'meta' || name === 'img') continue;
    if (slash === '/') expect(open.pop()).toBe(name);
    else open.push(name ?? '');
  }
  expect(open).toEqual([]);
  const ids = [...html.matchAll(/ id="([^"]*)"/g)].map((match) => match[1]);
  expect(new Set(ids).size).toBe(ids.length);
});
