// The register map as the C header, the Markdown and the RTL's own data have it, and the figures beside it.

import { expect, test } from 'vitest';
import { generateDirectory } from '../../src/emit/generate.ts';
import { registerMap } from '../../src/emit/registers.ts';
import { lowerDesign } from '../../src/lower/lower.ts';
import { defaultMemory } from '../../src/schedule/memory.ts';
import { fixtureInput, loadFixtureDesign } from '../support/fixture-design.ts';

const design = loadFixtureDesign();
const tree = generateDirectory(design, defaultMemory, fixtureInput(6));
const textOf = (path: string): string => String(tree.get(path));
const header = textOf('driver/nba_design.h');
const figure = (name: string): number =>
  Number(new RegExp(`^#define NBA_${name} (-?\\w+?)u?$`, 'm').exec(header)?.[1]);

test('header, Markdown and register map agree; the map is compared with the RTL in registers.test.ts', () => {
  const wanted = registerMap(design.accelerator.chunks.length).map(
    ({ name, offset }) => [name, offset] as const,
  );
  const inHeader = [...header.matchAll(/^#define NBA_REG_(\w+) 0x([0-9a-f]+)u$/gm)];
  const inMarkdown = [
    ...textOf('docs/registers.md').matchAll(/^\| 0x([0-9a-f]+) \| (\w+) \| read/gm),
  ];
  expect(inHeader.map(([, name, offset]) => [name, Number.parseInt(offset ?? '', 16)])).toEqual(
    wanted,
  );
  expect(inMarkdown.map(([, offset, name]) => [name, Number.parseInt(offset ?? '', 16)])).toEqual(
    wanted,
  );
  expect(wanted.length).toBeGreaterThan(25);
});

test('the figures are the design’s', () => {
  const plan = lowerDesign(design, defaultMemory);
  expect(figure('CHUNKS')).toBe(2);
  expect(figure('WEIGHTS_BYTES')).toBe(plan.weights.length);
  const [rows, columns, channels] = [28, 28, 1];
  expect([figure('INPUT_ROWS'), figure('INPUT_COLUMNS'), figure('INPUT_CHANNELS')]).toEqual([
    rows,
    columns,
    channels,
  ]);
  expect(figure('OUTPUT_CHANNELS')).toBe(10);
  expect(figure('HASH_HIGH')).toBe(Number.parseInt(plan.hash.slice(0, 8), 16));
  expect(figure('HASH_LOW')).toBe(Number.parseInt(plan.hash.slice(8, 16), 16));
});
