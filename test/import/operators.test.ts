import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listOperators, operatorTables } from '../../src/import/operators.ts';
import { projectRoot } from '../../src/util/paths.ts';

test('docs/operators.md holds the tables of the code', () => {
  const document = readFileSync(join(projectRoot, 'docs', 'operators.md'), 'utf8');
  const [, , after = ''] = document.split(/^<!-- tables.*-->$/m);
  expect(after).toBe('\n');
  expect(document.split(/^<!-- tables.*-->$/m)[1]?.trim()).toBe(operatorTables());
});

test('every operator is listed once', () => {
  const names = listOperators().map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain('tflite/CONV_2D');
});
