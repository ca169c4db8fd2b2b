// Keeps the house in order: who may import whom, and what may stand where.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../src/util/paths.ts';
import { type Sources, sourceRules } from './support/architecture-rules.ts';
import { templateOffences } from './support/template-rules.ts';

function readAll(folder: string, ending: string): Map<string, string> {
  const start = join(projectRoot, folder);
  if (!existsSync(start)) return new Map();
  const names = readdirSync(start, { recursive: true, encoding: 'utf8' });
  const paths = names.filter((name) => name.endsWith(ending)).sort();
  return new Map(
    paths.map((name) => [
      join(folder, name).replaceAll('\\', '/'),
      readFileSync(join(start, name), 'utf8'),
    ]),
  );
}

describe('src/', () => {
  const sources = readAll('src', '.ts');

  test.each(Object.entries(sourceRules))('%s', (_sentence, rule) => {
    expect(sources.size).toBeGreaterThan(10);
    expect(rule(sources)).toEqual([]);
  });
});

test('templates/ instantiate and do not compute', () => {
  const offences = [...readAll('templates', '.hbs')].flatMap(([path, text]) =>
    templateOffences(path, text),
  );
  expect(offences).toEqual([]);
});

describe('the rules themselves', () => {
  const longText = 'export const a = 1;\n'.repeat(401);
  const registry = "// A registry.\nexport { a } from './a.ts';\n";
  const offences: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = [
    [
      'rooms import only leftwards',
      'src/accelerator/a.ts: accelerator must not import emit',
      { 'src/accelerator/a.ts': "import { b } from '../emit/b.ts';" },
    ],
    [
      'rooms import only leftwards',
      'src/cost/deep/a.ts: cost must not import search',
      { 'src/cost/deep/a.ts': "import type { B } from '../../search/b.ts';" },
    ],
    [
      'rooms import only leftwards',
      'src/util/a.ts: util must not import cli',
      { 'src/util/a.ts': "const b = await import('../cli/b.ts');" },
    ],
    [
      'rooms import only leftwards',
      'src/cli/a.ts: cli must not import index',
      { 'src/cli/a.ts': "export {\n  b,\n} from '../index.ts';" },
    ],
    [
      'rooms import only leftwards',
      'src/attic/a.ts: the room "attic" has no place in the order',
      { 'src/attic/a.ts': '' },
    ],
    [
      'rooms import only leftwards',
      'src/lower/a.ts: imports test/b.ts from outside src/',
      { 'src/lower/a.ts': "import '../../test/b.ts';" },
    ],
    [
      'only src/tensor imports the ML library',
      'src/search/a.ts:2: only src/tensor may import the ML library',
      { 'src/search/a.ts': "\nimport * as tf from '@tensorflow/tfjs-node';" },
    ],
    [
      'only src/cli writes to stdout or exits',
      'src/verify/a.ts:1: only src/cli may write to stdout or exit',
      { 'src/verify/a.ts': 'process.exit(1);' },
    ],
    [
      'chance is seeded, and no output depends on the clock',
      'src/search/a.ts:1: chance comes from a seeded Rng, and outputs hold no time of day',
      { 'src/search/a.ts': 'const x = Math.random();' },
    ],
    [
      'no text of a target in TypeScript',
      'src/emit/a.ts:2: text of a target belongs in templates/ or hw/',
      { 'src/emit/a.ts': 'const text = `\nmodule top (\n`;' },
    ],
    [
      'no text of a target in TypeScript',
      'src/emit/a.ts:1: text of a target belongs in templates/ or hw/',
      { 'src/emit/a.ts': "lines.push('#pragma HLS pipeline');" },
    ],
    [
      'a file fits in the head',
      'src/cost/a.ts: 401 lines, more than 400',
      { 'src/cost/a.ts': longText },
    ],
    [
      'every variation is registered',
      'src/search/strategies/b.ts: not exported by src/search/strategies/index.ts',
      {
        'src/search/strategies/index.ts': registry,
        'src/search/strategies/a.ts': '',
        'src/search/strategies/b.ts': '',
      },
    ],
  ];

  test.each(offences)('"%s" catches: %s', (sentence, offence, files) => {
    const sources: Sources = new Map(Object.entries(files));
    expect(sourceRules[sentence]?.(sources)).toEqual([offence]);
  });

  test('what is right passes', () => {
    const sources: Sources = new Map([
      ['src/emit/a.ts', "import { b } from '../lower/b.ts';\n// module names are lower case\n"],
      ['src/tensor/a.ts', "import * as tf from '@tensorflow/tfjs-node';"],
      ['src/tensor/index.ts', "export { a } from './a.ts';"],
      ['src/tensor/b.ts', ''],
      ['src/cli/a.ts', "import { inspect } from '../../setup.mjs';\nprocess.exit(1);"],
      ['src/search/strategies/index.ts', registry],
      ['src/search/strategies/a.ts', ''],
      ['src/index.ts', "export { main } from './cli/main.ts';"],
      ['src/pipeline.ts', "import { b } from './sweep/b.ts';"],
    ]);
    expect(Object.values(sourceRules).flatMap((rule) => rule(sources))).toEqual([]);
  });

  test.each([
    ['{{{width}}}', 'no {{{ or {{&'],
    ['{{&width}}', 'no {{{ or {{&'],
    ['{{add width 1}}', 'no helpers'],
    ['{{field unit=1}}', 'no helpers'],
    ['{{#with chunk}}{{/with}}', 'no {{#with}}, only each, if, unless'],
    ['{{#each (range 0 4)}}{{/each}}', 'no subexpressions'],
    ['{{#each lanes as |lane|}}{{/each}}', 'no parameters of a block'],
    ['{{~name}}', 'no ~ to eat white space'],
    ['{{#if a~}}{{/if}}', 'no ~ to eat white space'],
    ['{{#if a}}{{#if b}}{{/if}}{{/if}}', 'no {{#if}} inside {{#if}}'],
    ['{{#if a}}{{else if b}}{{/if}}', 'no {{else if}}'],
    ['{{#unless flag}}{{/unless}}', '{{#unless}} only of @last'],
    ['{{> ports this}}', 'the partial ports is not named _ports'],
    ['{{> _ports}}', 'give a partial one view'],
    ['{{> (choose) this}}', 'the partial (computed) is not named _(computed)'],
    ['{{#> _ports}}{{/_ports}}', 'no blocks of partials'],
    ['{{* decorate}}', 'no decorators'],
  ])('a template with %s is caught', (text, offence) => {
    expect(templateOffences('a.hbs', `\n${text}\n`)).toContain(`a.hbs:2: ${offence}`);
  });

  test('a template that cannot be parsed is named', () => {
    const [offence] = templateOffences('a.hbs', '{{#each lanes}}{{/unless}}');
    expect(offence).toMatch(/^a.hbs: each doesn't match unless/);
  });

  test('a template that only instantiates passes', () => {
    const text = `{{!-- the top --}}
module {{moduleName}} (
{{#each ports}}
  {{> _port this}}{{#unless @last}},{{/unless}}
{{/each}}
);
{{#if hasBias}}
  bias [{{../width}}-1:0] u_{{@index}} ();
{{else}}
{{/if}}
endmodule
`;
    expect(templateOffences('a.hbs', text)).toEqual([]);
  });
});
