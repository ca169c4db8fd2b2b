// The network of the MLPerf Tiny benchmark against outputs of TensorFlow Lite's reference kernels.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { compareWithReference, findByNames, findBySources } from '../../src/import/compare.ts';
import { importModel } from '../../src/import/import-model.ts';
import { readReference } from '../../src/import/reference.ts';
import { readNetwork, writeNetwork } from '../../src/network/network-file.ts';
import { AutoNbaError } from '../../src/util/errors.ts';
import { runCli } from '../support/run-cli.ts';

const fixture = fileURLToPath(new URL('../fixtures/mlperf-tiny-resnet8/', import.meta.url));
const model = join(fixture, 'resnet8.tflite');
const vectors = join(fixture, 'vectors.json');
const folder = mkdtempSync(join(tmpdir(), 'autonba-compare-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('every integer of every operator is the reference kernels', () => {
  const { network, sources, host, notes } = importModel(model);
  const comparison = compareWithReference(network, readReference(vectors), findBySources(sources));
  expect(comparison.operators.map(({ elements }) => elements)).toEqual([
    114688, 114688, 114688, 114688, 57344, 57344, 57344, 57344, 28672, 28672, 28672, 28672, 448,
    448, 70,
  ]);
  for (const operator of comparison.operators) {
    expect(operator).toMatchObject({ mismatches: 0, maxAbsoluteDifference: 0 });
  }
  expect(comparison.notCompared).toEqual([{ index: 15, name: 'SOFTMAX' }]);
  expect([comparison.images, comparison.sameTop1]).toEqual([7, 7]);
  // The cat among the photographs is class 3 of CIFAR-10, the rocket ship 8, the horse 7.
  expect(comparison.classes.slice(0, 5)).toEqual([3, 9, 8, 7, 1]);
  expect(host).toEqual([{ index: 15, name: 'Identity_int8', operator: 'SOFTMAX', place: 'after' }]);
  expect(notes).toEqual([]);
});

test('the same from the network file, which knows the operators by their names', () => {
  const path = join(folder, 'resnet8.json');
  writeNetwork(path, importModel(model).network);
  const network = readNetwork(path);
  const comparison = compareWithReference(network, readReference(vectors), findByNames(network));
  expect(comparison.operators).toHaveLength(15);
  expect(comparison.operators.every(({ mismatches }) => mismatches === 0)).toBe(true);
  const renamed = {
    ...network,
    operators: network.operators.map((operator, index) => ({ ...operator, name: `step${index}` })),
  };
  expect(
    compareWithReference(renamed, readReference(vectors), findByNames(renamed)).operators,
  ).toEqual(comparison.operators);
});

test('a single wrong weight is a mismatch', () => {
  const { network, sources } = importModel(model);
  const operators = network.operators.map((operator) => {
    if (operator.kind !== 'fullyConnected' || operator.parameters === undefined) return operator;
    const weights = operator.parameters.weights.slice();
    weights[0] = (weights[0] ?? 0) > 0 ? -100 : 100;
    return { ...operator, parameters: { ...operator.parameters, weights } };
  });
  const { operators: compared } = compareWithReference(
    { ...network, operators },
    readReference(vectors),
    findBySources(sources),
  );
  expect(compared.at(-1)?.mismatches).toBeGreaterThan(0);
  expect(compared.slice(0, -1).every(({ mismatches }) => mismatches === 0)).toBe(true);
});

test('import and compare as commands', async () => {
  const out = join(folder, 'command.json');
  const imported = await runCli(['import', model, '--out', out, '--json']);
  expect(imported.exitCode).toBe(0);
  expect(JSON.parse(imported.stdout)).toMatchObject({ format: 'tflite', network: out });
  for (const network of [model, out]) {
    const compared = await runCli(['compare', network, '--reference', vectors, '--json']);
    expect(compared.exitCode).toBe(0);
    expect(JSON.parse(compared.stdout)).toMatchObject({ images: 7, sameTop1: 7 });
  }
});

test.each([
  ['{}', /images/],
  [
    '{"images":1,"input":{"file":"../x.bin"},"operators":[{"index":0,"name":"A","file":"a"}]}',
    /input.file/,
  ],
  [
    '{"images":1,"input":{"file":"x.bin"},"operators":[{"index":0,"name":"A","file":"a"}]}',
    /no file of reference outputs/,
  ],
])('a reference %s is refused', (text, complaint) => {
  const path = join(folder, 'wrong.json');
  writeFileSync(path, text);
  expect(() => readReference(path)).toThrow(AutoNbaError);
  expect(() => readReference(path)).toThrow(complaint);
});
