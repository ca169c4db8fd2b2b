// The networks of the list against the totals their papers print.

import { describe, expect, test } from 'vitest';
import { formLayers } from '../../src/accelerator/layers.ts';
import { findNetwork } from '../../src/network/find-network.ts';
import { macsOf, totalMacs, weightCountOf } from '../../src/network/geometry.ts';
import type { NamedNetwork } from '../../src/network/named-network.ts';
import { type Network, tensorOf } from '../../src/network/network.ts';
import * as networks from '../../src/network/networks/index.ts';
import { validateNetwork } from '../../src/network/validate.ts';
import { nameOf, namesOf } from '../../src/util/pick.ts';

const weightsOf = (network: Network): number =>
  network.operators.reduce((sum, operator) => sum + weightCountOf(network, operator), 0);

describe.each(Object.entries<NamedNetwork>(networks))('%s', (key, named) => {
  const network = named.build();

  test('is valid, has its name, and leaves weights out', () => {
    validateNetwork(network);
    expect(network.name).toBe(nameOf(key, named));
    expect(network.operators.some((operator) => 'parameters' in operator)).toBe(false);
  });

  test('every operator runs on a chunk', () => {
    expect(formLayers(network)).toMatchObject({ ok: true, host: [] });
  });
});

test('found by name, and a wrong name is answered with the nearest', () => {
  expect(namesOf(networks)).toEqual([
    'alexnet',
    'auto-nba-demo',
    'efficientnet-b0',
    'mobilenet-v1-025-96',
    'mobilenet-v2',
    'resnet8',
    'resnet18',
    'vgg16',
  ]);
  expect(findNetwork('resnet8')).toEqual(networks.resnet8.build());
  expect(() => findNetwork('resnet-8')).toThrowErrorMatchingInlineSnapshot(
    `[UnknownNameError: unknown network "resnet-8"]`,
  );
  expect(() => findNetwork('model.tflite')).toThrowErrorMatchingInlineSnapshot(
    `[InvalidConfigError: "model.tflite" is no network file]`,
  );
});

// Totals as the papers and the usual model zoos print them, recalled. Weights are counted here without biases and
// normalization, which the printed numbers of parameters hold too: 0.02 % (AlexNet, VGG-16) to 6 % (MobileNetV1 at a
// quarter) more. Multiply-accumulates are printed with two to four digits: `digits` is the unit they are exact to.
test.each([
  { name: 'alexnet', macs: 724e6, digits: 1e6, parameters: 60_965_224, beside: 0.0002 },
  { name: 'vgg16', macs: 15.47e9, digits: 1e7, parameters: 138_357_544, beside: 0.0001 },
  { name: 'resnet18', macs: 1.82e9, digits: 2e7, parameters: 11_689_512, beside: 0.001 },
  { name: 'mobilenet-v2', macs: 300e6, digits: 2e6, parameters: 3_504_872, beside: 0.0101 },
  { name: 'resnet8', macs: 12.5e6, digits: 1e5, parameters: 78_666, beside: 0.0167 },
  { name: 'mobilenet-v1-025-96', macs: 7.5e6, digits: 1e5, parameters: 221_794, beside: 0.062 },
  // 0.39 G with squeeze-excite, whose 0.7 M weights are left out here.
  { name: 'efficientnet-b0', macs: 0.39e9, digits: 1e7, parameters: 5_288_548, beside: 0.13 },
])('$name has the published totals', ({ name, macs, digits, parameters, beside }) => {
  const network = findNetwork(name);
  expect(Math.abs(totalMacs(network) - macs)).toBeLessThanOrEqual(digits / 2);
  const weights = weightsOf(network);
  expect(weights).toBeLessThanOrEqual(parameters);
  expect(weights).toBeGreaterThanOrEqual(parameters * (1 - beside));
});

test.each([
  ['alexnet', 'conv1', [55, 55, 96]],
  ['alexnet', 'conv5', [13, 13, 256]],
  ['alexnet', 'pool5', [6, 6, 256]],
  ['vgg16', 'conv5_3', [14, 14, 512]],
  ['vgg16', 'pool5', [7, 7, 512]],
  ['resnet8', 'stack3_add', [8, 8, 64]],
  ['resnet18', 'pool1', [56, 56, 64]],
  ['resnet18', 'conv5_2_add', [7, 7, 512]],
  ['mobilenet-v1-025-96', 'block13_pointwise', [3, 3, 256]],
  ['mobilenet-v2', 'stage5_3_add', [14, 14, 96]],
  ['mobilenet-v2', 'head', [7, 7, 1280]],
  ['efficientnet-b0', 'stage6_4_add', [7, 7, 192]],
  ['auto-nba-demo', 'block22_project', [4, 4, 352]],
] as const)('%s: %s is %j', (name, tensor, shape) => {
  expect(tensorOf(findNetwork(name), tensor).shape).toEqual(shape);
});

test("AlexNet's convolutions have the multiply-accumulates of Eyeriss's table, a batch of 4", () => {
  const network = findNetwork('alexnet');
  const millions = network.operators
    .filter((operator) => operator.kind === 'conv')
    .map((operator) => Math.round((4 * macsOf(network, operator)) / 1e4) / 100);
  expect(millions).toEqual([421.66, 895.8, 598.08, 448.56, 299.04]);
});

test('the demo network has 70 layers where a grouped convolution counts once per group', () => {
  const network = findNetwork('auto-nba-demo');
  const layers = network.operators.reduce(
    (sum, operator) => sum + ('groups' in operator ? operator.groups : 1),
    0,
  );
  expect(layers).toBe(70);
});
