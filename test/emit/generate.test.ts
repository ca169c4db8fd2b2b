import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Design, planDesign, predict } from '../../src/cost/design.ts';
import { generateDirectory } from '../../src/emit/generate.ts';
import type { SourceTree } from '../../src/emit/source-tree.ts';
import type { Operator } from '../../src/network/network.ts';
import { defaultMemory } from '../../src/schedule/memory.ts';
import { fixtureInput, loadFixtureDesign } from '../support/fixture-design.ts';
import { goldenDesign } from './golden-design.ts';

const bothTargets = ['verilog', 'hls'];
const golden = generateDirectory(goldenDesign('Layer X'), defaultMemory, undefined, bothTargets);
const textOf = (tree: SourceTree, path: string): string => {
  const content = tree.get(path);
  return content === undefined ? `${path} is not there` : Buffer.from(content).toString('utf8');
};

test.each([
  ...['rtl/layer_x_core.sv', 'rtl/layer_x.v', 'Makefile', 'layer_x.core', 'driver/nba_design.h'],
  ...['hls/design.cpp', 'syn/vivado.tcl'],
])('%s is as it was', async (path) => {
  const text = textOf(golden, path);
  expect(text.split('\n').length).toBeLessThanOrEqual(300);
  await expect(text).toMatchFileSnapshot(`../golden/layer-x/${path}`);
});

describe('the directory of a trained network', () => {
  const design = loadFixtureDesign();
  let tree: SourceTree = new Map();
  beforeAll(() => {
    tree = generateDirectory(design, defaultMemory, fixtureInput(6));
  });

  test('generating twice gives the same bytes', () => {
    const again = generateDirectory(loadFixtureDesign(), defaultMemory, fixtureInput(6));
    expect([...again.keys()]).toEqual([...tree.keys()]);
    for (const [path, content] of again)
      expect(Buffer.from(content).equals(Buffer.from(tree.get(path) ?? ''))).toBe(true);
  });

  test('the manifest lists every file with its hash, and the cycles of the estimate', () => {
    const manifest = JSON.parse(textOf(tree, 'manifest.json')) as {
      files: Record<string, string>;
      predicted: unknown;
    };
    const paths = [...tree.keys()].filter((path) => path !== 'manifest.json');
    expect(Object.keys(manifest.files).sort()).toEqual(paths.sort());
    for (const [path, hash] of Object.entries(manifest.files))
      expect(
        createHash('sha256')
          .update(tree.get(path) ?? '')
          .digest('hex'),
      ).toBe(hash);
    const planned = planDesign(design.network, design.accelerator);
    if (!planned.ok) throw new Error(planned.problems.join());
    const estimate = predict(planned.plans, planned.delays, design.accelerator, defaultMemory);
    expect(manifest.predicted).toEqual({
      layers: estimate.layers.map(({ name, chunk, cycles }) => ({ name, chunk, cycles })),
      chunkCycles: estimate.chunkCycles,
      epochCycles: estimate.epochCycles,
      latencyCycles: estimate.latencyCycles,
    });
  });

  test('other images change the bench and nothing else', () => {
    const other = generateDirectory(design, defaultMemory);
    const changed = [...tree.keys()].filter(
      (path) => textOf(other, path) !== textOf(tree, path) && path !== 'manifest.json',
    );
    expect(changed).toEqual(['tb/cases.bin']);
  });
});

/** Files that a template prints; the rest is copied, or data. */
const printed = [...golden.keys()].filter((path) =>
  /^(.*Makefile|README\.md|docs\/.*|syn\/.*|tb\/binding\.hpp|rtl\/(?!nba_).*|constraints\/.*|.*\.core|driver\/nba_design\.h|hls\/(design|run_hls).*)$/.test(
    path,
  ),
);

test('printed text looks as if written by hand', () => {
  expect(printed.length).toBeGreaterThanOrEqual(20);
  for (const path of printed) {
    const text = textOf(golden, path);
    expect(`${path}: ${text.match(/.*[ \t]$/m)?.[0] ?? 'no trailing blank'}`).toBe(
      `${path}: no trailing blank`,
    );
    expect(`${path}: ${/\n\n\n/.test(text)}`).toBe(`${path}: false`);
    expect(`${path}: ${/[^\n]\n$/.test(text)}`).toBe(`${path}: true`);
    expect(`${path}: ${/\t/.test(path.endsWith('Makefile') ? '' : text)}`).toBe(`${path}: false`);
  }
});

test('printed text begins with its template, the name and the hash of the design', () => {
  const { hash } = JSON.parse(textOf(golden, 'manifest.json')) as { hash: string };
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  for (const path of printed) {
    const head = textOf(golden, path).split('\n').slice(0, 3).join('\n');
    expect(head).toMatch(/templates\/\S+\.hbs/);
    expect(head).toContain('layer_x');
    expect(head).toContain(hash);
  }
});

test('nothing generated names this machine or the time', () => {
  for (const [path, content] of golden) {
    const text = Buffer.from(content).toString('latin1');
    expect(`${path}: ${text.includes(process.cwd())}`).toBe(`${path}: false`);
    expect(`${path}: ${/\b20\d\d-\d\d-\d\d\b/.test(text)}`).toBe(`${path}: false`);
  }
});

describe('hostile names', () => {
  const names = [
    'a;rm -rf .',
    '../../x',
    '/etc/passwd',
    'module',
    'endmodule',
    'table',
    'and',
    'nba_chunk',
    '$(touch x)',
    '`define X',
    '*/ int main() {',
    'x\nall: ; false',
    '{{hash}}',
    'x'.repeat(10_000),
    'Ünï-cödé ≠ ASCII',
    '日本語',
    '',
    '007',
    '__proto__',
  ];

  /** A design in which everything outside the network that has a name has this one. */
  const namedThroughout = (name: string): Design => {
    const design = goldenDesign(name);
    const { accelerator } = design;
    return {
      ...design,
      provenance: { ...design.provenance, strategy: name, device: name },
      accelerator: {
        ...accelerator,
        chunks: accelerator.chunks.map((chunk) => ({ ...chunk, name })),
      },
    };
  };

  /** The same with the network's own names: network, tensors and operators. */
  const networkNamed = (name: string): Design => {
    const design = namedThroughout(name);
    const { network, accelerator } = design;
    const of = (old: string): string => `${name}${old}`;
    return {
      ...design,
      network: {
        ...network,
        name,
        input: of(network.input),
        output: of(network.output),
        tensors: network.tensors.map((tensor) => ({ ...tensor, name: of(tensor.name) })),
        operators: network.operators.map(
          (operator): Operator => ({
            ...operator,
            name: of(operator.name),
            ...('inputs' in operator
              ? { inputs: [of(operator.inputs[0]), of(operator.inputs[1])] as const }
              : { input: of(operator.input) }),
            output: of(operator.output),
          }),
        ),
      },
      accelerator: {
        ...accelerator,
        placements: accelerator.placements.map((placement) => ({
          ...placement,
          layer: of(placement.layer),
        })),
      },
    };
  };

  test.each(names.map((name) => [JSON.stringify(name.slice(0, 24)), name]))(
    'in a network, %s is refused, or reaches no file but as it is quoted in JSON',
    (_label, name) => {
      let tree: SourceTree;
      try {
        tree = generateDirectory(networkNamed(name), defaultMemory, undefined, bothTargets);
      } catch (error) {
        expect(String(error)).toMatch(/is not a plain name|too_big/);
        return;
      }
      // What a network may be called holds nothing that a language or a shell would read.
      expect(name).toMatch(/^[A-Za-z0-9_./-]*$/);
      for (const path of tree.keys()) expect(path).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_./-]{0,79}$/);
    },
  );

  test.each(names.map((name) => [JSON.stringify(name.slice(0, 24)), name]))(
    '%s',
    (_label, name) => {
      const tree = generateDirectory(namedThroughout(name), defaultMemory, undefined, bothTargets);
      for (const path of tree.keys()) {
        expect(path).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_./-]{0,79}$/);
        expect(path).not.toContain('..');
      }
      // JSON escapes names by its own rules; everything else must not hold them at all.
      const isJson = /\.json$|^tb\/cases\.bin$|\.network\.bin$/;
      const isWild = !/^[a-z0-9_]*$/.test(name) && name !== '{{hash}}';
      for (const [path, content] of tree)
        if (isWild && !isJson.test(path))
          expect(`${path}: ${Buffer.from(content).toString('utf8').includes(name)}`).toBe(
            `${path}: false`,
          );
      const wrapper = [...tree.keys()].find((path) => path.endsWith('.v')) ?? '';
      const [, module] = /^module (\S+)/m.exec(textOf(tree, wrapper)) ?? [];
      expect(`rtl/${module}.v`).toBe(wrapper);
      expect(module).toMatch(/^[a-z][a-z0-9_]{0,63}$/);
      expect(module).not.toMatch(/^nba_/);
    },
  );
});
