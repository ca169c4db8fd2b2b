import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { parseCommandLine } from '../../src/cli/parse.ts';
import { silent } from '../support/silent.ts';

const folder = mkdtempSync(join(tmpdir(), 'autonba-ablate-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function ablate(...words: string[]) {
  const parsed = await parseCommandLine(['ablate', ...words, '--out', folder], commands);
  if (parsed.kind !== 'run') throw new Error('it should run');
  return parsed.command.run(parsed.args, silent);
}

test('variants are compared by what they find, and finished runs are not made again', async () => {
  const words = ['--preset', 'nano', '--seeds', '1', '--only', 'joint,one-path'];
  const first = await ablate(...words);
  const { rows } = first.document as {
    rows: { name: string; seeds: number; quartiles: Record<string, number[]> }[];
  };
  expect(rows.map(({ name, seeds }) => [name, seeds])).toEqual([
    ['joint', 1],
    ['one-path', 1],
  ]);
  for (const { quartiles } of rows) {
    expect(Object.keys(quartiles)).toEqual(['reward', 'accuracy', 'frames/s']);
    // Of ten classes, one in ten is chance.
    expect(quartiles.accuracy?.[1]).toBeGreaterThan(15);
    expect(quartiles['frames/s']?.[1]).toBeGreaterThan(0);
  }
  const kept = readFileSync(join(folder, 'runs.jsonl'), 'utf8');
  // A process that was killed leaves half a line.
  appendFileSync(join(folder, 'runs.jsonl'), '{"request":"half","run":{}');
  expect(await ablate(...words)).toEqual(first);
  expect(readFileSync(join(folder, 'runs.jsonl'), 'utf8')).toBe(kept);
});

test('a wrong variant, preset or number of seeds is refused', async () => {
  await expect(ablate('--only', 'jont')).rejects.toThrow('"jont"');
  await expect(ablate('--preset', 'tiny')).rejects.toThrow('"tiny"');
  await expect(ablate('--seeds', '0')).rejects.toThrow('--seeds is 0');
});
